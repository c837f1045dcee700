import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDay } from '../../src/domain/day.ts';
import { packReplay } from '../../src/storage/land-replay.ts';
import { mapSuperseded, type Replay } from '../../src/storage/replays.ts';

const day = parseDay('2026-01-05');

/** A replay of places `object:line`, whose mended lines stand in an object of its own. */
function replay(object: string, ...places: readonly string[]): Replay {
  const replaces: Record<string, number[]> = {};
  for (const place of places) {
    const [of = '', line] = place.split(':');
    (replaces[of] ??= []).push(Number(line));
  }
  return { key: `${object}.json`, object, replaces };
}

const shown = (replays: readonly Replay[]) =>
  Object.fromEntries(
    [...mapSuperseded(replays)].flatMap(([object, lines]) =>
      [...lines].map(([line, by]) => [`${object}:${line}`, by] as const),
    ),
  );

describe('superseded lines', () => {
  it('are the originals of a replay', () => {
    expect(shown([replay('r1', 'a:3', 'a:7', 'b:1')])).toEqual({ 'a:3': 'r1', 'a:7': 'r1', 'b:1': 'r1' });
  });

  it('are the original and the mended line when that is mended again', () => {
    expect(shown([replay('r1', 'a:3', 'a:7'), replay('r0', 'r1:2')])).toEqual({
      'a:3': 'r1',
      'a:7': 'r0',
      'r1:2': 'r0',
    });
  });

  it('are the mended line of all but one of two replays at once', () => {
    expect(shown([replay('r1', 'a:3', 'a:7'), replay('r2', 'a:7', 'a:9')])).toEqual({
      'a:3': 'r1',
      'a:7': 'r2',
      'r1:2': 'r2',
      'a:9': 'r2',
    });
  });

  it('leave one mended line for each original, whichever replays land in whatever order', () => {
    const lines = fc.uniqueArray(fc.integer({ min: 1, max: 5 }), { minLength: 1 });
    const many = fc.array(fc.tuple(lines, fc.nat(20)), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(many, fc.infiniteStream(fc.nat()), (drawn, dice) => {
        const replays: Replay[] = [];
        const ends = new Map<string, string>();
        for (const [n, [numbers, choice]] of drawn.entries()) {
          const known = [...numbers.map((line) => `a:${line}`), ...ends.keys()];
          const picked = known.filter((_, k) => k === choice % known.length || k < numbers.length);
          const roots = new Set<string>();
          const places = picked.filter((place) => {
            const root = ends.get(place) ?? place;
            return !roots.has(root) && roots.add(root);
          });
          const sorted = places.sort((a, b) => (a < b ? -1 : 1));
          replays.push(replay(`r${n}`, ...sorted));
          for (const [k, place] of sorted.entries()) ends.set(`r${n}:${k + 1}`, ends.get(place) ?? place);
        }
        const order = replays.map((one) => ({ one, at: dice.next().value }));
        const superseded = shown(order.sort((a, b) => a.at - b.at).map(({ one }) => one));
        const left = [...ends].filter(([place]) => !(place in superseded)).map(([, root]) => root);
        expect(left.sort()).toEqual([...new Set(ends.values())].sort());
        for (const root of ends.values()) expect(superseded).toHaveProperty([root]);
      }),
    );
  });
});

describe('a packed replay', () => {
  const line = (n: number, text: string) => ({
    object: 'raw/dt=2026-01-05/a.ndjson',
    line: n,
    bytes: Buffer.from(text),
  });

  it('has the lines in order, and names that follow from lines and places', () => {
    const packed = packReplay(day, [line(3, '{}'), line(7, '{"a":1}')]);
    expect(packed.body.toString()).toBe('{}\n{"a":1}\n');
    expect(packed.replaces).toEqual({ 'raw/dt=2026-01-05/a.ndjson': [3, 7] });
    expect(packed.object).toMatch(/^raw\/dt=2026-01-05\/replay-[0-9a-f]{24}\.ndjson$/);
    expect(packed.key).toBe(
      packed.object.replace('raw/', 'raw/_replays/').replace('replay-', '').replace('.ndjson', '.json'),
    );
    expect(packReplay(day, [line(3, '{}'), line(7, '{"a":1}')])).toEqual(packed);
    expect(packReplay(day, [line(3, '{}'), line(8, '{"a":1}')]).key).not.toBe(packed.key);
    expect(packReplay(day, [line(3, '{}'), line(7, '{"a":2}')]).key).not.toBe(packed.key);
  });
});
