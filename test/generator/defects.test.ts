import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, daysBetween, parseDay } from '../../src/domain/day.ts';
import { defectKinds } from '../../src/generator/spec.ts';
import { parseObject, readEvents, readLine } from './read-line.ts';
import { clean, linesOf, makeDay, smallSpec } from './specs.ts';

const day = addDays(smallSpec.launchDay, 6);
const whole = makeDay({ ...smallSpec, defects: clean }, day);
const original = linesOf(whole.text);
const idOf = (line: string) => parseObject(line)?.['event_id'];

function makeWith(kind: (typeof defectKinds)[number], rate = 1) {
  const made = makeDay({ ...smallSpec, defects: { ...clean, [kind]: rate } }, day);
  return { ...made, lines: linesOf(made.text), count: made.summary.defects[kind] };
}

describe('each defect, on every event', () => {
  it.each([
    ['malformed', 'malformed'],
    ['missingField', 'missing_field'],
    ['wrongType', 'wrong_type'],
  ] as const)('%s makes each line %s', (kind, reason) => {
    const { lines, count } = makeWith(kind);
    expect(count).toBe(whole.summary.events);
    expect(lines.length).toBe(count);
    expect(new Set(lines.map(readLine))).toEqual(new Set([reason]));
  });

  it('leaves out each of the four fields, and spoils each of three', () => {
    const objects = (kind: 'missingField' | 'wrongType') =>
      makeWith(kind).lines.map((line) => parseObject(line) ?? {});
    const absent = ['event_id', 'player_id', 'event_type', 'timestamp'].map(
      (field) => objects('missingField').filter((object) => !(field in object)).length,
    );
    const spoilt = [
      objects('wrongType').filter(({ properties }) => properties === 'none').length,
      objects('wrongType').filter(({ timestamp }) => typeof timestamp === 'number').length,
      objects('wrongType').filter(({ player_id }) => typeof player_id === 'number').length,
    ];
    for (const [counts, total] of [
      [absent, whole.summary.events],
      [spoilt, whole.summary.events],
    ] as const) {
      expect(Math.min(...counts)).toBeGreaterThan(0);
      expect(counts.reduce((a, b) => a + b)).toBe(total);
    }
  });

  it('exactDuplicate lands each line twice', () => {
    const { lines, count } = makeWith('exactDuplicate');
    expect(count).toBe(whole.summary.events);
    expect(lines.toSorted()).toEqual([...original, ...original].sort());
  });

  it('conflictingDuplicate lands each line and another with its id, on the same day', () => {
    const { lines, count } = makeWith('conflictingDuplicate');
    expect(lines.length).toBe(2 * count);
    const good = new Set(original);
    const others = lines.filter((line) => !good.has(line));
    expect(others.length).toBe(count);
    expect(new Set(others.map(idOf))).toEqual(new Set(original.map(idOf)));
    for (const line of others) expect(line).toContain(`"timestamp":"${day}T`);
  });

  it('late moves events one to five days back, never to before their player came', () => {
    const { lines, count } = makeWith('late');
    const events = readEvents(lines);
    const moved = events.filter((event) => !event.timestamp.startsWith(day));
    expect(moved.length).toBe(count);
    const spans = new Set(moved.map(({ timestamp }) => daysBetween(parseDay(timestamp.slice(0, 10)), day)));
    expect(spans).toEqual(new Set([1, 2, 3, 4, 5]));
    const stayed = new Set(
      events.filter((event) => event.timestamp.startsWith(day)).map((event) => event.player_id),
    );
    const came = new Set(
      events.filter(({ event_type }) => event_type === 'player_registered').map((e) => e.player_id),
    );
    expect(stayed).toEqual(came);
    const second = makeDay({ ...smallSpec, defects: { ...clean, late: 1 } }, addDays(smallSpec.launchDay, 1));
    expect(second.summary.defects.late).toBeGreaterThan(0);
    for (const { timestamp } of readEvents(linesOf(second.text))) {
      expect(timestamp >= smallSpec.launchDay).toBe(true);
    }
  });
});

describe('any mixture of rates', () => {
  it('has lines and reasons that equal the summary', () => {
    const rate = fc.double({ min: 0, max: 0.16, noNaN: true });
    const rates = fc.tuple(rate, rate, rate, rate, rate, rate);
    fc.assert(
      fc.property(rates, fc.nat(9), fc.nat(1000), (given, dayNumber, seed) => {
        const defects = {
          ...clean,
          ...Object.fromEntries(defectKinds.map((kind, n) => [kind, given[n] ?? 0])),
        };
        const on = addDays(smallSpec.launchDay, dayNumber);
        const { text, summary } = makeDay({ ...smallSpec, players: 20, seed, defects }, on);
        const read = linesOf(text).map(readLine);
        const count = (reason: string) => read.filter((one) => one === reason).length;
        const { malformed, missingField, wrongType, exactDuplicate, conflictingDuplicate } = summary.defects;
        expect([count('malformed'), count('missing_field'), count('wrong_type')]).toEqual([
          malformed,
          missingField,
          wrongType,
        ]);
        expect(count('outside_contract')).toBe(0);
        expect(summary.lines).toBe(read.length);
        expect(summary.lines).toBe(summary.events + exactDuplicate + conflictingDuplicate);
        expect(summary.bytes).toBe(text.length);
      }),
      { numRuns: 40 },
    );
  });
});
