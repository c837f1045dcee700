import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PlannedArrival, type PlannedEventDay, planBuild } from '../../src/domain/build-plan.ts';
import { addDays, type Day } from '../../src/domain/day.ts';

const rulesOf = () => 'rules';
const windows = { lateWindowDays: 7, futureWindowDays: 1 };
const day = (n: number) => addDays('2026-01-01' as Day, n);

function arrival(at: Day, rows: Readonly<Record<string, number>>, sha = `sha-${at}`): PlannedArrival {
  return {
    day: at,
    accepted: [{ key: `accepted/${at}/${sha}`, sha256: sha, bytes: 1, rows: 1 }],
    acceptedByEventDay: rows,
  };
}

function apply(
  published: ReadonlyMap<Day, PlannedArrival>,
  eventDays: ReadonlyMap<Day, PlannedEventDay>,
  incoming: PlannedArrival[],
) {
  const plan = planBuild(published, eventDays, incoming, windows, rulesOf);
  const arrivals = new Map([...published, ...incoming.map((one) => [one.day, one] as const)]);
  const built = new Map(eventDays);
  for (const gone of plan.removed) built.delete(gone);
  for (const build of plan.builds) built.set(build.day, { pieces: build.pieces, rules: build.rules });
  return { arrivals, built, plan };
}

describe('planBuild', () => {
  it('builds an event day from all arrivals that have rows of it, in order of arrival', () => {
    const { plan } = apply(new Map(), new Map(), [
      arrival(day(2), { [day(2)]: 5, [day(0)]: 1 }),
      arrival(day(0), { [day(0)]: 9, [day(1)]: 2 }),
    ]);
    expect(
      plan.builds.map((build) => [build.day, build.pieces.map((piece) => [piece.arrival, piece.rows])]),
    ).toEqual([
      [
        day(0),
        [
          [day(0), 9],
          [day(2), 1],
        ],
      ],
      [day(1), [[day(0), 2]]],
      [day(2), [[day(2), 5]]],
    ]);
  });

  it('plans nothing for an arrival that is published already', () => {
    const one = arrival(day(0), { [day(0)]: 9 });
    const { arrivals, built } = apply(new Map(), new Map(), [one]);
    expect(planBuild(arrivals, built, [one], windows, rulesOf)).toEqual({
      builds: [],
      aggregates: [],
      removed: [],
    });
  });

  it('builds the event days of an arrival again when their rules are other ones, and no others', () => {
    const [one, two] = [arrival(day(0), { [day(0)]: 9 }), arrival(day(2), { [day(2)]: 9 })];
    const { arrivals, built } = apply(new Map(), new Map(), [one, two]);
    const plan = planBuild(arrivals, built, [one], windows, () => 'others');
    expect(plan.builds.map((build) => [build.day, build.rules])).toEqual([[day(0), 'others']]);
  });

  it('makes the sessions of a day again with those of its neighbours, and when the day after becomes complete', () => {
    const first = apply(new Map(), new Map(), [
      arrival(day(0), { [day(0)]: 9 }),
      arrival(day(1), { [day(1)]: 9 }),
      arrival(day(3), { [day(3)]: 9, [day(4)]: 1 }),
    ]);
    expect(first.plan.aggregates).toEqual([
      { day: day(0), nextIsComplete: true },
      { day: day(1), nextIsComplete: false },
      { day: day(3), nextIsComplete: false },
      { day: day(4), nextIsComplete: false },
    ]);
    const late = apply(first.arrivals, first.built, [arrival(day(2), { [day(0)]: 1 })]);
    expect(late.plan.builds.map((build) => build.day)).toEqual([day(0)]);
    expect(late.plan.aggregates).toEqual([
      { day: day(0), nextIsComplete: true },
      { day: day(1), nextIsComplete: true },
    ]);
    const gone = apply(first.arrivals, first.built, [arrival(day(1), {}, 'other')]);
    expect(gone.plan.removed).toEqual([day(1)]);
    expect(gone.plan.aggregates).toEqual([{ day: day(0), nextIsComplete: true }]);
  });

  it('rebuilds the days that an arrival used to reach, and removes those that nothing reaches any more', () => {
    const first = apply(new Map(), new Map(), [
      arrival(day(3), { [day(3)]: 4, [day(2)]: 1, [day(1)]: 1 }),
      arrival(day(2), { [day(2)]: 6 }),
    ]);
    const { plan } = apply(first.arrivals, first.built, [arrival(day(3), { [day(3)]: 4 }, 'other')]);
    expect(plan.builds.map((build) => build.day)).toEqual([day(2), day(3)]);
    expect(plan.removed).toEqual([day(1)]);
  });

  it('ends with the same pieces whatever the order and grouping of arrivals', () => {
    const rows = fc.dictionary(fc.integer({ min: -7, max: 1 }).map(String), fc.integer({ min: 1, max: 9 }), {
      maxKeys: 4,
    });
    fc.assert(
      fc.property(
        fc.array(rows, { minLength: 1, maxLength: 8 }),
        fc.infiniteStream(fc.nat()),
        (days, random) => {
          const all = days.map((offsets, n) =>
            arrival(
              day(n),
              Object.fromEntries(
                Object.entries(offsets).map(([offset, count]) => [day(n + Number(offset)), count]),
              ),
            ),
          );
          const whole = apply(new Map(), new Map(), all);
          let step: { arrivals: Map<Day, PlannedArrival>; built: Map<Day, PlannedEventDay> } = {
            arrivals: new Map(),
            built: new Map(),
          };
          const shuffled = all
            .map((one) => ({ one, key: random.next().value }))
            .sort((a, b) => a.key - b.key);
          for (const { one } of shuffled) step = apply(step.arrivals, step.built, [one]);
          expect([...step.built].sort()).toEqual([...whole.built].sort());
        },
      ),
    );
  });
});
