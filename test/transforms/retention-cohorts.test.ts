import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, type Day, daysBetween } from '../../src/domain/day.ts';
import { buildRetentionCohorts } from '../../src/transforms/retention-cohorts.ts';
import { buildCohortWorld, type WorldOptions } from './support/cohort-world.ts';
import { defaultBrackets } from './support/defaults.ts';
import { type CleanEvent, micros } from './support/event-frame.ts';
import { expectAsSql, readTable, type TableContent } from './support/oracle.ts';

/** Days by player on which it is active, by their number from the first. */
type Active = Readonly<Record<string, readonly number[]>>;

interface Cell {
  readonly cohort: string;
  readonly n: number;
  readonly kind: string;
  readonly from: number;
  readonly size: number;
  readonly retained: number | null;
  readonly rate: number | null;
  readonly mature: boolean;
  readonly to: string | null;
}

function eventsOf(active: Active, first: Day, time = '23:59:59.999999'): CleanEvent[] {
  return Object.entries(active).flatMap(([player, days]) =>
    days.map((n) => ({ player, at: micros(addDays(first, n), time) })),
  );
}

async function tableOf(
  events: readonly CleanEvent[],
  options: WorldOptions,
  brackets = defaultBrackets,
): Promise<TableContent> {
  const { activity, players, dayStates } = await buildCohortWorld(events, options);
  return readTable(buildRetentionCohorts(activity, players, dayStates, brackets));
}

function cellsOf({ rows }: TableContent): Cell[] {
  return rows.map(([cohort, n, kind, from, size, retained, rate, mature, to]) => ({
    cohort: String(cohort),
    n: Number(n),
    kind: String(kind),
    from: Number(from),
    size: Number(size),
    retained: retained === null ? null : Number(retained),
    rate: rate as number | null,
    mature: mature as boolean,
    to: to as string | null,
  }));
}

async function cellsFrom(active: Active, options: WorldOptions, brackets = defaultBrackets) {
  return cellsOf(await tableOf(eventsOf(active, options.first), options, brackets));
}

const first = '2026-01-05' as Day;
const pick = (cells: readonly Cell[], kind: string, cohort: Day = first) =>
  cells.filter((cell) => cell.kind === kind && cell.cohort === cohort);
const known = (cells: readonly Cell[]) =>
  cells.filter(({ mature }) => mature).map(({ n, retained, rate }) => [n, retained, rate]);

describe('classic retention', () => {
  it('is 0 where nobody came back, null where that is not known', async () => {
    const cells = pick(await cellsFrom({ a: [0, 1], b: [0] }, { first, count: 3 }), 'classic');
    expect(cells.slice(0, 4)).toEqual([
      {
        cohort: first,
        n: 0,
        kind: 'classic',
        from: 0,
        size: 2,
        retained: 2,
        rate: 1,
        mature: true,
        to: first,
      },
      {
        cohort: first,
        n: 1,
        kind: 'classic',
        from: 1,
        size: 2,
        retained: 1,
        rate: 0.5,
        mature: true,
        to: addDays(first, 1),
      },
      {
        cohort: first,
        n: 2,
        kind: 'classic',
        from: 2,
        size: 2,
        retained: 0,
        rate: 0,
        mature: true,
        to: addDays(first, 2),
      },
      {
        cohort: first,
        n: 3,
        kind: 'classic',
        from: 3,
        size: 2,
        retained: null,
        rate: null,
        mature: false,
        to: addDays(first, 3),
      },
    ]);
    expect(cells.map(({ n }) => n)).toEqual(Array.from({ length: 31 }, (_, n) => n));
    expect(cells.slice(3).every(({ retained, mature }) => retained === null && !mature)).toBe(true);
  });

  it('of a cohort of one is 1 or 0, over a leap day and the end of a year', async () => {
    for (const from of ['2028-02-28', '2027-12-31', '2026-12-31'] as Day[]) {
      const cells = await cellsFrom({ only: [0, 1, 2] }, { first: from, count: 4 });
      expect(known(pick(cells, 'classic', from))).toEqual([
        [0, 1, 1],
        [1, 1, 1],
        [2, 1, 1],
        [3, 0, 0],
      ]);
    }
    const leap = await cellsFrom({ only: [0, 1] }, { first: '2028-02-28' as Day, count: 3 });
    expect(
      pick(leap, 'classic', '2028-02-28' as Day)
        .slice(0, 3)
        .map(({ to }) => to),
    ).toEqual(['2028-02-28', '2028-02-29', '2028-03-01']);
  });

  it('skips a failed day and a cohort acquired on one, and counts an empty day as nobody', async () => {
    const active = { a: [0, 1, 2, 4], b: [2, 4] };
    const cells = await cellsFrom(active, { first, count: 5, incomplete: [2] });
    expect(known(pick(cells, 'classic'))).toEqual([
      [0, 1, 1],
      [1, 1, 1],
      [3, 0, 0],
      [4, 1, 1],
    ]);
    expect(known(pick(cells, 'classic', addDays(first, 2)))).toEqual([]);
  });

  it('moves a player to an earlier cohort when a late event comes in, even one from before the data', async () => {
    const before = await cellsFrom({ a: [0], late: [1, 2] }, { first, count: 3 });
    const after = await cellsFrom({ a: [0], late: [0, 1, 2] }, { first, count: 3 });
    expect(known(pick(before, 'classic'))).toEqual([
      [0, 1, 1],
      [1, 0, 0],
      [2, 0, 0],
    ]);
    expect(known(pick(after, 'classic'))).toEqual([
      [0, 2, 1],
      [1, 1, 0.5],
      [2, 1, 0.5],
    ]);
    expect(pick(after, 'classic', addDays(first, 1))).toEqual([]);
    const profile = await cellsFrom(
      { a: [0] },
      { first, count: 3, profiles: { a: { acquired: addDays(first, -1) } } },
    );
    expect(profile.some(({ mature }) => mature)).toBe(false);
  });

  it('of 30 days has no mature D30, and 29 cohorts with a mature D1; pooled, only these weigh', async () => {
    const active = Object.fromEntries(
      Array.from({ length: 30 }, (_, n) => [
        [`stays-${n}`, n < 29 ? [n, n + 1] : [n]],
        [`goes-${n}`, [n]],
        ...(n === 29 ? [['last', [n]]] : []),
      ]).flat(),
    ) as Active;
    const cells = (await cellsFrom(active, { first, count: 30 })).filter(({ kind }) => kind === 'classic');
    const atAge = (n: number) => cells.filter((cell) => cell.n === n);
    expect(atAge(30)).toHaveLength(30);
    expect(atAge(30).filter(({ mature }) => mature)).toEqual([]);
    const mature = atAge(1).filter((cell) => cell.mature);
    expect(mature).toHaveLength(29);
    const sum = (values: readonly (number | null)[]) => values.reduce<number>((a, b) => a + (b ?? 0), 0);
    expect(sum(mature.map(({ retained }) => retained)) / sum(mature.map(({ size }) => size))).toBe(0.5);
    expect(
      sum(atAge(1).map(({ retained }) => retained)) / sum(atAge(1).map(({ size }) => size)),
    ).toBeLessThan(0.5);
  });
});

describe('rolling retention', () => {
  it('counts who was there on day N or later, up to the last complete day', async () => {
    const active = { a: [0, 1, 5], b: [0, 3], c: [0], later: [0, 6] };
    const cells = pick(await cellsFrom(active, { first, count: 7, incomplete: [6] }), 'rolling');
    expect(known(cells)).toEqual([
      [0, 4, 1],
      [1, 2, 0.5],
      [2, 2, 0.5],
      [3, 2, 0.5],
      [4, 1, 0.25],
      [5, 1, 0.25],
    ]);
    expect(new Set(cells.map(({ to }) => to))).toEqual(new Set([addDays(first, 5)]));
    expect(cells).toHaveLength(31);
  });

  it('is known only from the last gap on', async () => {
    const cells = await cellsFrom({ a: [0, 4], b: [3] }, { first, count: 5, incomplete: [1] });
    expect(known(pick(cells, 'rolling'))).toEqual([
      [2, 1, 1],
      [3, 1, 1],
      [4, 1, 1],
    ]);
    expect(known(pick(cells, 'rolling', addDays(first, 3)))).toEqual([
      [0, 1, 1],
      [1, 0, 0],
    ]);
  });

  it('has no horizon while no day is complete', async () => {
    const cells = await cellsFrom({ a: [0, 1] }, { first, count: 2, incomplete: [0, 1] });
    expect(pick(cells, 'rolling')).toHaveLength(31);
    expect(pick(cells, 'rolling').every(({ to, mature }) => to === null && !mature)).toBe(true);
    expect(cells.every(({ retained, rate }) => retained === null && rate === null)).toBe(true);
  });
});

describe('bracket retention', () => {
  it('counts a player once who was there on any of its days, and is known when all of them are', async () => {
    const active = { a: [0, 1, 3], b: [0, 2], c: [0], d: [0, 7] };
    const cells = pick(await cellsFrom(active, { first, count: 12 }), 'bracket');
    expect(
      cells.map(({ from, n, to, retained, rate, mature }) => [from, n, to, retained, rate, mature]),
    ).toEqual([
      [1, 3, '2026-01-08', 2, 0.5, true],
      [4, 7, '2026-01-12', 1, 0.25, true],
      [8, 14, '2026-01-19', null, null, false],
      [15, 30, '2026-02-04', null, null, false],
    ]);
  });

  it('is unknown with a gap on any of its days or on the cohort’s, not with one outside', async () => {
    const matureWith = async (gap: number) =>
      pick(await cellsFrom({ a: [0, 2] }, { first, count: 9, incomplete: [gap] }), 'bracket')
        .filter(({ mature }) => mature)
        .map(({ n }) => n);
    expect(await Promise.all([0, 1, 3, 4, 7, 8].map(matureWith))).toEqual([[], [7], [7], [3], [3], [3, 7]]);
  });

  it('takes other brackets, those with one end as well', async () => {
    const cells = await cellsFrom({ a: [0, 2] }, { first, count: 4 }, [
      { from: 0, to: 0 },
      { from: 1, to: 2 },
      { from: 2, to: 2 },
      { from: 3, to: 3 },
    ]);
    expect(pick(cells, 'bracket').map(({ from, n, retained }) => [from, n, retained])).toEqual([
      [0, 0, 1],
      [1, 2, 1],
      [2, 2, 1],
      [3, 3, 0],
    ]);
  });
});

const COUNT = 36;
const activeDays = fc.uniqueArray(fc.oneof(fc.nat(COUNT - 1), fc.nat(6)), { minLength: 1, maxLength: 8 });
const worlds = fc.record({
  players: fc.array(activeDays, { minLength: 1, maxLength: 40, size: 'max' }),
  incomplete: fc.oneof(
    fc.constant<number[]>([]),
    fc.uniqueArray(fc.nat(COUNT - 1), { maxLength: 4 }),
    fc.constant<number[]>([COUNT - 2, COUNT - 1]),
  ),
  profile: fc.integer({ min: -3, max: COUNT - 1 }),
});

type RandomWorld = typeof worlds extends fc.Arbitrary<infer W> ? W : never;

function worldOf({ players, incomplete, profile }: RandomWorld) {
  const active = Object.fromEntries(players.map((days, n) => [`p-${n}`, days]));
  return {
    events: eventsOf(active, first, '12:00'),
    options: { first, count: COUNT, incomplete, profiles: { 'p-0': { acquired: addDays(first, profile) } } },
  };
}

describe('retention', () => {
  it('has its columns and types, and rows in the order of their key', async () => {
    const table = await tableOf(eventsOf({ a: [0] }, first), { first, count: 1 });
    expect(table.columns).toEqual([
      'cohort_date DATE',
      'day_n BIGINT',
      'kind VARCHAR',
      'day_from BIGINT',
      'cohort_size BIGINT',
      'retained BIGINT',
      'rate DOUBLE',
      'mature BOOLEAN',
      'observed_to DATE',
    ]);
    expect(table.rows).toHaveLength(31 + 31 + 4);
    expect(await tableOf([], { first, count: 0 })).toEqual({ columns: table.columns, rows: [] });
  });

  it('does not depend on the order of rows, falls with N when rolling, and is never below classic then', async () => {
    await fc.assert(
      fc.asyncProperty(worlds, async (world) => {
        const { events, options } = worldOf(world);
        const table = await tableOf(events, options);
        expect(await tableOf(events.toReversed(), options)).toEqual(table);
        const cells = cellsOf(table);
        const classic = new Map(
          cells.filter(({ kind }) => kind === 'classic').map((cell) => [`${cell.cohort} ${cell.n}`, cell]),
        );
        const rolling = cells.filter(({ kind, mature }) => kind === 'rolling' && mature);
        rolling.forEach((cell, n) => {
          const before = rolling[n - 1];
          const same = classic.get(`${cell.cohort} ${cell.n}`);
          expect(same?.mature).toBe(true);
          expect(cell.retained).toBeGreaterThanOrEqual(same?.retained ?? Number.NaN);
          if (before?.cohort === cell.cohort) expect(cell.retained).toBeLessThanOrEqual(before.retained ?? 0);
          if (cell.to !== null && daysBetween(cell.cohort as Day, cell.to as Day) === cell.n)
            expect(cell.retained).toBe(same?.retained);
        });
      }),
      { numRuns: 4, endOnFailure: true },
    );
  });

  it('is what sql/retention_cohorts.sql says', async () => {
    await fc.assert(
      fc.asyncProperty(worlds, async (random) => {
        const { events, options } = worldOf(random);
        const { activity, players, dayStates, published } = await buildCohortWorld(events, options);
        await expectAsSql(
          'retention_cohorts',
          buildRetentionCohorts(activity, players, dayStates, defaultBrackets),
          published,
        );
      }),
      { numRuns: 8, endOnFailure: true },
    );
  });
});
