import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, listDays } from '../../src/domain/day.ts';
import { generateProfiles } from '../../src/generator/generate-profiles.ts';
import type { GeneratorSpec } from '../../src/generator/spec.ts';
import { eventTypeNames } from '../../src/schema/contract.ts';
import { readEvents } from './read-line.ts';
import { clean, hashOf, linesOf, makeDay, makeProfiles, smallSpec } from './specs.ts';

const { launchDay } = smallSpec;
const tenDays = listDays({ from: launchDay, to: addDays(launchDay, 9) });
const textOf = (spec: GeneratorSpec, dayNumber: number) => makeDay(spec, addDays(launchDay, dayNumber)).text;
const eventsOf = (text: string) => readEvents(linesOf(text));

describe('generateDay is a function of spec and day', () => {
  it('makes the same bytes forwards, backwards and again', () => {
    const forwards = tenDays.map((day) => hashOf(makeDay(smallSpec, day).text));
    const backwards = tenDays.toReversed().map((day) => hashOf(makeDay(smallSpec, day).text));
    expect(backwards.toReversed()).toEqual(forwards);
    expect(new Set(forwards).size).toBe(tenDays.length);
  });

  it('makes the bytes that it always made', () => {
    const all = tenDays.map((day) => makeDay(smallSpec, day).text).join('');
    expect(hashOf(all)).toBe('62c4c529a8a37ae2723dc9bb59fe8dca7bbb628cbf20212575979fbb18b0c0ed');
    expect(hashOf(Buffer.concat([...generateProfiles(smallSpec)]))).toBe(
      'd857386468cf3cad56abf1e99c032ad7fdcbc076b4f8246c9c3bf56fec5b2a4d',
    );
  });

  it('depends on the seed', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2 ** 32 - 1 }),
        fc.integer({ min: 1, max: 1000 }),
        (seed, step) => {
          const other = (seed + step) % 2 ** 32;
          const ids = [seed, other].flatMap((own) =>
            eventsOf(textOf({ ...smallSpec, seed: own, defects: clean }, 0)),
          );
          expect(new Set(ids.map((event) => event.event_id)).size).toBe(ids.length);
        },
      ),
      { numRuns: 20 },
    );
  });

  it('does not depend on the order in which rates are written', () => {
    const { malformed, missingField, wrongType, exactDuplicate, conflictingDuplicate, late } =
      smallSpec.defects;
    const reversed = { late, conflictingDuplicate, exactDuplicate, wrongType, missingField, malformed };
    const spec = { ...smallSpec, defects: reversed };
    expect(textOf(spec, 3)).toBe(textOf(smallSpec, 3));
  });

  it('keeps every line of the players there when more players are added', () => {
    fc.assert(
      fc.property(fc.nat(60), fc.integer({ min: 1, max: 60 }), fc.nat(14), (players, more, dayNumber) => {
        const before = linesOf(textOf({ ...smallSpec, players }, dayNumber));
        const after = new Set(linesOf(textOf({ ...smallSpec, players: players + more }, dayNumber)));
        expect(before.filter((line) => !after.has(line))).toEqual([]);
      }),
      { numRuns: 25 },
    );
  });

  it('keeps events as they are when only defects are added', () => {
    const good = new Set(linesOf(textOf({ ...smallSpec, defects: clean }, 4)));
    const { text, summary } = makeDay(
      { ...smallSpec, defects: { ...clean, missingField: 0.1 } },
      tenDays[4] ?? launchDay,
    );
    const changed = linesOf(text).filter((line) => !good.has(line));
    expect(summary.defects.missingField).toBeGreaterThan(0);
    expect(changed.length).toBe(summary.defects.missingField);
    expect(linesOf(text).length).toBe(good.size);
  });
});

describe('generateDay and the calendar', () => {
  it('has no event before the launch', () => {
    const { text, summary } = makeDay(smallSpec, addDays(launchDay, -1));
    expect(text).toBe('');
    expect(summary).toMatchObject({ events: 0, lines: 0, bytes: 0, players: 0 });
  });

  it('registers each player once, on the day of the profile, before any other event', () => {
    const spec = { ...smallSpec, defects: clean };
    const acquired = new Map(makeProfiles(spec).map((one) => [one['player_id'], one['acquisition_date']]));
    const registered = new Map<string, string>();
    for (const event of tenDays.flatMap((day) => eventsOf(makeDay(spec, day).text))) {
      if (event.event_type === 'player_registered') {
        expect(registered.has(event.player_id)).toBe(false);
        registered.set(event.player_id, event.timestamp.slice(0, 10));
      } else expect(registered.has(event.player_id)).toBe(true);
    }
    expect(registered).toEqual(acquired);
  });

  it('goes on after the calendar with the same players, ever fewer, and no new ones', () => {
    const spec = { ...smallSpec, players: 400, defects: clean };
    const playersOn = (from: number) =>
      Array.from({ length: 7 }, (_, n) => makeDay(spec, addDays(launchDay, from + n)).summary.players).reduce(
        (a, b) => a + b,
      );
    const after = eventsOf(textOf(spec, 10));
    expect(after.length).toBeGreaterThan(0);
    expect(after.some((event) => event.event_type === 'player_registered')).toBe(false);
    const [soon, later, muchLater] = [playersOn(12), playersOn(60), playersOn(300)];
    expect(later).toBeLessThan(soon);
    expect(muchLater).toBeLessThan(later);
    expect(muchLater).toBeGreaterThan(0);
  });

  it('brings everybody on the launch day of a calendar of one day, and refuses none', () => {
    const { summary } = makeDay({ ...smallSpec, calendarDays: 1 }, launchDay);
    expect(summary.players).toBe(smallSpec.players);
    expect(() => makeDay({ ...smallSpec, calendarDays: 0 }, launchDay)).toThrow('calendarDays is 0');
  });

  it('yields whole lines in chunks of up to 64 KiB, none longer than it says', () => {
    const { chunks, summary } = makeDay({ ...smallSpec, players: 1000 }, launchDay);
    const filled = chunks.filter((chunk) => chunk.length > 0);
    expect(filled.length).toBeGreaterThan(10);
    for (const chunk of filled) {
      expect(chunk.length).toBeLessThanOrEqual(65_536);
      expect(chunk.at(-1)).toBe(10);
    }
    expect(filled.reduce((total, chunk) => total + chunk.length, 0)).toBe(summary.bytes);
    expect(chunks.length - filled.length).toBeGreaterThanOrEqual(3);
  });
});

describe('what a player does', () => {
  const spec = { ...smallSpec, players: 300, defects: clean };
  const byPlayer = Map.groupBy(
    tenDays.flatMap((day) => eventsOf(makeDay(spec, day).text)),
    (event) => event.player_id,
  );

  it('tries the level after the last one won, over days and midnight', () => {
    for (const events of byPlayer.values()) {
      let level = 1;
      for (const { event_type, properties } of events) {
        if (event_type === 'level_start') expect(properties['level']).toBe(level);
        if (event_type !== 'level_complete') continue;
        expect(properties['level']).toBe(level);
        if (properties['success'] === true) level += 1;
      }
    }
  });

  it('happens in sessions that begin, end, and leave more than 30 minutes between them', () => {
    for (const events of byPlayer.values()) {
      let open: unknown = null;
      let ended = Number.NEGATIVE_INFINITY;
      let endedOn = '';
      for (const { event_type, timestamp, properties } of events) {
        const at = Date.parse(timestamp);
        if (event_type === 'session_start') {
          expect(open).toBeNull();
          if (endedOn === timestamp.slice(0, 10)) expect(at - ended).toBeGreaterThan(30 * 60_000);
          open = properties['session_id'];
        } else if (event_type !== 'player_registered') expect(properties['session_id']).toBe(open);
        if (event_type !== 'session_end') continue;
        [open, ended, endedOn] = [null, at, timestamp.slice(0, 10)];
      }
      expect(open).toBeNull();
    }
  });

  it('is in the order of time, within the day, and by the contract', () => {
    const seen = new Set<string>();
    for (const day of tenDays) {
      let before = '';
      for (const event of eventsOf(makeDay(spec, day).text)) {
        expect(event.timestamp.slice(0, 10)).toBe(day);
        expect(event.timestamp >= before).toBe(true);
        before = event.timestamp;
        seen.add(event.event_type);
      }
    }
    expect(seen).toEqual(new Set(eventTypeNames));
  });
});
