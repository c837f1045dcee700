import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, daysBetween, parseDay } from '../../src/domain/day.ts';
import { type DefectKind, defectKinds } from '../../src/domain/game-model.ts';
import { Simulation } from '../../src/generator/simulation.ts';
import { eventTypeNames } from '../../src/schema/contract.ts';
import { parseObject, readEvents, readLine } from './read-line.ts';
import { clean, daysOf, linesOf, makeDay, specFor } from './specs.ts';

const base = specFor('tiny', { players: 120, seed: 7, defects: clean });
const day = addDays(base.model.launchDay, 6);
const whole = makeDay(base, day);
const original = linesOf(whole.text);

function makeWith(kind: DefectKind, rate = 1) {
  const made = makeDay(specFor('tiny', { players: 120, seed: 7, defects: { ...clean, [kind]: rate } }), day);
  return { ...made, lines: linesOf(made.text), count: made.truth.arrival.defects[kind] };
}

const objects = (kind: DefectKind) => makeWith(kind).lines.map((line) => parseObject(line) ?? {});

describe('each defect, on every event', () => {
  it.each([
    ['malformed', 'malformed'],
    ['truncated', 'malformed'],
    ['missingField', 'missing_field'],
    ['nullField', 'missing_field'],
    ['wrongType', 'wrong_type'],
    ['unknownType', 'unknown_type'],
    ['unknownField', 'outside_contract'],
  ] as const)('%s makes each line %s', (kind, reason) => {
    const { lines, count, truth } = makeWith(kind);
    expect(lines).toHaveLength(whole.truth.simulated.events);
    expect(count).toBe(lines.length);
    expect(new Set(lines.map(readLine))).toEqual(new Set([reason]));
    expect(truth.simulated).toEqual(whole.truth.simulated);
    expect(truth.expected.events).toBe(kind === 'unknownField' ? lines.length : 0);
  });

  it('outOfRange makes a number of each event that carries one negative', () => {
    const { lines, count } = makeWith('outOfRange');
    const numbers = lines.map((line) => Object.values(parseObject(line)?.['properties'] ?? {}));
    const negative = numbers.filter((values) =>
      values.some((value) => typeof value === 'number' && value < 0),
    );
    const bounded = original.filter((line) => /"(level|amount|revenue|duration_s)":/.test(line));
    expect(negative).toHaveLength(count);
    expect(count).toBe(bounded.length);
  });

  it('badEncoding puts a byte that is no UTF-8 into each line', () => {
    const { text, lines, count } = makeWith('badEncoding');
    expect(count).toBe(original.length);
    expect(text.split('\u00ff')).toHaveLength(lines.length + 1);
  });

  it('oversized makes each line exactly as long as the preset says', () => {
    const { lines, count } = makeWith('oversized', 0.01);
    const long = lines.filter((line) => line.length > 10_000);
    expect(long).toHaveLength(count);
    expect(new Set(long.map((line) => line.length))).toEqual(new Set([base.model.oversizedBytes]));
  });

  it.each([
    ['future', 2, 30],
    ['tooLate', -40, -10],
  ] as const)('%s sets the clock wrong by %i to %i days', (kind, least, most) => {
    const errors = readEvents(makeWith(kind).lines).map(({ timestamp }) =>
      daysBetween(day, parseDay(timestamp.slice(0, 10))),
    );
    expect(new Set(errors)).toEqual(new Set(Array.from({ length: most - least + 1 }, (_, n) => least + n)));
  });

  it('absurdAmount makes each purchase a million or more, and the truth expects that', () => {
    const { lines, count, truth } = makeWith('absurdAmount');
    const amounts = readEvents(lines).flatMap(
      ({ properties }) => Number(properties['amount'] ?? Number.NaN) || [],
    );
    expect(count).toBe(truth.simulated.events_by_type.purchase);
    expect(Math.min(...amounts)).toBeGreaterThanOrEqual(1_000_000);
    expect(Number(truth.expected.revenue)).toBe(amounts.reduce((a, b) => a + b));
    expect(truth.simulated.revenue).toBe(whole.truth.simulated.revenue);
  });

  it('spoils and takes each field that it can, whatever the type of the event', () => {
    const absent = ['event_id', 'player_id', 'event_type', 'timestamp'];
    for (const kind of ['missingField', 'nullField'] as const) {
      const all = objects(kind);
      for (const field of absent)
        expect(all.filter((one) => (one[field] ?? null) === null).length).toBeGreaterThan(0);
      expect(all.filter((one) => absent.every((field) => one[field])).length).toBeGreaterThan(0);
      expect(all.filter((one) => hasTaken(one, kind)).length).toBe(all.length);
    }
    const spoilt = objects('wrongType');
    expect(spoilt.filter(({ properties }) => Array.isArray(properties)).length).toBeGreaterThan(0);
    expect(spoilt.filter(({ timestamp }) => String(timestamp).includes(' at ')).length).toBeGreaterThan(0);
    const types = new Set(objects('unknownType').map((one) => one['event_type']));
    expect(types.size).toBe(3);
    expect(eventTypeNames.some((name) => types.has(name))).toBe(false);
  });

  it('exactDuplicate lands each line twice', () => {
    const { lines, count, truth } = makeWith('exactDuplicate');
    expect(count).toBe(original.length);
    expect(lines.toSorted()).toEqual([...original, ...original].sort());
    expect(truth.expected).toMatchObject({
      events: count,
      exact_duplicates: count,
      conflicting_duplicates: 0,
    });
  });

  it('conflictingDuplicate lands each line and another with its id, on the same day', () => {
    const { lines, count } = makeWith('conflictingDuplicate');
    const good = new Set(original);
    const others = lines.filter((line) => !good.has(line));
    const idOf = (line: string) => parseObject(line)?.['event_id'];
    expect([lines.length, others.length]).toEqual([2 * count, count]);
    expect(new Set(others.map(idOf))).toEqual(new Set(original.map(idOf)));
    for (const line of others) expect(line).toContain(`"timestamp":"${day}T`);
  });
});

/** Whether a required field is null, or absent, as the kind wants it. */
function hasTaken(one: Readonly<Record<string, unknown>>, kind: 'missingField' | 'nullField'): boolean {
  const values = [...Object.values(one), ...Object.values(one['properties'] ?? {})];
  return kind === 'nullField' ? values.includes(null) : !values.includes(null);
}

describe('late events', () => {
  const spec = specFor('tiny', { players: 120, seed: 7, defects: { ...clean, late: 1 } });
  const simulation = new Simulation(spec);
  const days = daysOf(spec, 19);
  const made = days.map((one) => makeDay(simulation, one));

  it('land one to five days after they happened, as they were', () => {
    const cleanSimulation = new Simulation(base);
    const lines = new Set(days.flatMap((one) => linesOf(makeDay(cleanSimulation, one).text)));
    const spans = new Set<number>();
    for (const [n, { text, truth }] of made.entries()) {
      for (const line of linesOf(text)) {
        expect(lines.has(line)).toBe(true);
        spans.add(
          daysBetween(parseDay(String(parseObject(line)?.['timestamp']).slice(0, 10)), days[n] ?? day),
        );
      }
      expect(truth.arrival.defects.late).toBe(linesOf(text).length);
    }
    expect(spans).toEqual(new Set([1, 2, 3, 4, 5]));
  });

  it('leave the truth of their own day as it is, since that is of when everything has landed', () => {
    for (const { truth } of made) {
      const { exact_duplicates: _, conflicting_duplicates: __, ...expected } = truth.expected;
      expect(expected).toEqual(truth.simulated);
    }
    const landed = made.slice(0, 12).reduce((sum, { truth }) => {
      const { accepted_by_event_day: byDay } = truth.arrival;
      return sum + (byDay[days[6] ?? day] ?? 0);
    }, 0);
    expect(landed).toBe(made[6]?.truth.simulated.events);
  });
});

describe('any mixture of rates', () => {
  it('has lines and reasons that equal its truth', () => {
    const rates = fc.array(fc.double({ min: 0, max: 0.06, noNaN: true }), { minLength: 16, maxLength: 16 });
    fc.assert(
      fc.property(rates, fc.nat(13), fc.nat(1000), (given, dayNumber, seed) => {
        const mixed = Object.fromEntries(defectKinds.map((kind, n) => [kind, given[n] ?? 0]));
        const defects = { ...mixed, oversized: 0 };
        const spec = specFor('tiny', { players: 40, seed, defects });
        const { text, truth } = makeDay(spec, addDays(spec.model.launchDay, dayNumber));
        const { arrival } = truth;
        const read = linesOf(text).map(readLine);
        const count = (reason: string) => read.filter((one) => one === reason).length;
        expect(count('malformed')).toBe(arrival.defects.malformed + arrival.defects.truncated);
        expect(count('missing_field')).toBe(arrival.rejected['missing_field'] ?? 0);
        for (const reason of ['wrong_type', 'unknown_type', 'out_of_range']) {
          expect([reason, count(reason)]).toEqual([reason, arrival.rejected[reason] ?? 0]);
        }
        expect(arrival.lines).toBe(read.length);
        expect(arrival.bytes).toBe(text.length);
        const rejected = Object.values(arrival.rejected).reduce((a, b) => a + b, 0);
        expect(arrival.accepted + rejected).toBe(arrival.lines);
      }),
      { numRuns: 40 },
    );
  });
});
