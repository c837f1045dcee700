import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, type Day } from '../../src/domain/day.ts';
import { buildCohortLtv } from '../../src/transforms/cohort-ltv.ts';
import { buildCohortWorld, type WorldOptions } from './support/cohort-world.ts';
import { type CleanEvent, micros } from './support/event-frame.ts';
import { expectAsSql, readTable, type TableContent } from './support/oracle.ts';

const first = '2028-02-28' as Day;

async function tableOf(events: readonly CleanEvent[], options: WorldOptions): Promise<TableContent> {
  const { activity, players, dayStates } = await buildCohortWorld(events, options);
  return readTable(buildCohortLtv(activity, players, dayStates));
}

type Doing = readonly [player: string, day: number, what?: Omit<CleanEvent, 'player' | 'at'>, time?: string];

const eventsOf = (doings: readonly Doing[]): CleanEvent[] =>
  doings.map(([player, day, what = {}, time = '12:00']) => ({
    player,
    at: micros(addDays(first, day), time),
    ...what,
  }));

async function rowsOf(
  doings: readonly Doing[],
  options: Omit<WorldOptions, 'first'>,
  cohort: Day = first,
): Promise<unknown[][]> {
  const { rows } = await tableOf(eventsOf(doings), { first, ...options });
  return rows.filter(([date]) => date === cohort).map((row) => row.slice(1));
}

const unknown = [null, null, null, null, null, null, false, null];

describe('cohort LTV', () => {
  it('adds up what a cohort brings in, over a leap day and to the last microsecond of a day', async () => {
    const doings: Doing[] = [
      ['a', 0],
      ['b', 0, { adRevenue: '0.0057' }],
      ['c', 0],
      ['d', 0],
      ['a', 1, { amount: '0.1' }, '23:59:59.999999'],
      ['a', 2, { amount: '0.2' }, '00:00'],
      ['b', 2, { amount: '4.99', hasRate: false }],
      ['c', 2, { amount: '0' }],
      ['d', 4, { adRevenue: '0.0043' }],
      ['other', 1, { amount: '100' }],
    ];
    const { columns, rows } = await tableOf(eventsOf(doings), { first, count: 5 });
    expect(columns).toEqual([
      'cohort_date DATE',
      'day_n BIGINT',
      'cohort_size BIGINT',
      'revenue DECIMAL(18,4)',
      'ad_revenue DECIMAL(18,4)',
      'ltv DOUBLE',
      'ltv_iap DOUBLE',
      'payers BIGINT',
      'paid_share DOUBLE',
      'mature BOOLEAN',
      'gaps_before BIGINT',
    ]);
    expect(await tableOf([], { first, count: 0 })).toEqual({ columns, rows: [] });
    expect(rows).toEqual([
      ['2028-02-28', '0', '4', '0.0000', '0.0057', 0.0057 / 4, 0, '0', 0, true, '0'],
      ['2028-02-28', '1', '4', '0.1000', '0.0057', 0.1057 / 4, 0.025, '1', 0.25, true, '0'],
      ['2028-02-28', '2', '4', '0.3000', '0.0057', 0.3057 / 4, 0.075, '2', 0.5, true, '0'],
      ['2028-02-28', '3', '4', '0.3000', '0.0057', 0.3057 / 4, 0.075, '2', 0.5, true, '0'],
      ['2028-02-28', '4', '4', '0.3000', '0.0100', 0.0775, 0.075, '2', 0.5, true, '0'],
      ['2028-02-29', '0', '1', '100.0000', '0.0000', 100, 100, '1', 1, true, '0'],
      ['2028-02-29', '1', '1', '100.0000', '0.0000', 100, 100, '1', 1, true, '0'],
      ['2028-02-29', '2', '1', '100.0000', '0.0000', 100, 100, '1', 1, true, '0'],
      ['2028-02-29', '3', '1', '100.0000', '0.0000', 100, 100, '1', 1, true, '0'],
    ]);
  });

  it('of a cohort of one that brings in nothing is 0, on days without any events as well', async () => {
    const nothing = ['1', '0.0000', '0.0000', 0, 0, '0', 0, true, '0'];
    expect(await rowsOf([['only', 0]], { count: 3 })).toEqual([
      ['0', ...nothing],
      ['1', ...nothing],
      ['2', ...nothing],
    ]);
  });

  it('is unknown on a failed day, and from then on says how many days may be missing', async () => {
    const doings: Doing[] = [
      ['a', 0],
      ['a', 1, { amount: '1' }],
      ['a', 2, { amount: '2' }],
      ['b', 1],
    ];
    expect(await rowsOf(doings, { count: 4, incomplete: [1] })).toEqual([
      ['0', '1', '0.0000', '0.0000', 0, 0, '0', 0, true, '0'],
      ['1', '1', ...unknown],
      ['2', '1', '3.0000', '0.0000', 3, 3, '1', 1, true, '1'],
      ['3', '1', '3.0000', '0.0000', 3, 3, '1', 1, true, '1'],
    ]);
    expect(await rowsOf(doings, { count: 4, incomplete: [1] }, addDays(first, 1))).toEqual([
      ['0', '1', ...unknown],
      ['1', '1', ...unknown],
      ['2', '1', ...unknown],
    ]);
  });

  it('moves a player and its money to an earlier cohort when a late event comes in', async () => {
    const before: Doing[] = [
      ['a', 0],
      ['late', 1, { amount: '6' }],
    ];
    const after: Doing[] = [...before, ['late', 0]];
    expect(await rowsOf(before, { count: 2 })).toEqual([
      ['0', '1', '0.0000', '0.0000', 0, 0, '0', 0, true, '0'],
      ['1', '1', '0.0000', '0.0000', 0, 0, '0', 0, true, '0'],
    ]);
    expect(await rowsOf(after, { count: 2 })).toEqual([
      ['0', '2', '0.0000', '0.0000', 0, 0, '0', 0, true, '0'],
      ['1', '2', '6.0000', '0.0000', 3, 3, '1', 0.5, true, '0'],
    ]);
    expect(await rowsOf(after, { count: 2 }, addDays(first, 1))).toEqual([]);
  });

  it('of a cohort acquired before the data is never known', async () => {
    const cohort = addDays(first, -1);
    expect(await rowsOf([['a', 0]], { count: 2, profiles: { a: { acquired: cohort } } }, cohort)).toEqual([
      ['0', '1', ...unknown],
      ['1', '1', ...unknown],
      ['2', '1', ...unknown],
    ]);
  });
});

const COUNT = 12;
const doing = fc.record({
  player: fc.nat(25),
  day: fc.nat(COUNT - 1),
  what: fc.oneof(
    fc.constant({}),
    fc.nat(99_999).map((n) => ({ amount: (n / 10_000).toFixed(4) })),
    fc.nat(999).map((n) => ({ adRevenue: (n / 10_000).toFixed(4) })),
    fc.constantFrom({ amount: '0' }, { amount: '7', hasRate: false }),
  ),
});
type RandomWorld = typeof worlds extends fc.Arbitrary<infer W> ? W : never;

const worlds = fc.record({
  doings: fc.array(doing, { minLength: 1, maxLength: 150, size: 'max' }),
  incomplete: fc.subarray(
    Array.from({ length: COUNT }, (_, n) => n),
    { maxLength: 4 },
  ),
  profile: fc.integer({ min: -3, max: COUNT - 1 }),
});

function worldOf({ doings, incomplete, profile }: RandomWorld) {
  return {
    events: eventsOf(doings.map(({ player, day, what }) => [`p-${player}`, day, what])),
    options: { first, count: COUNT, incomplete, profiles: { 'p-0': { acquired: addDays(first, profile) } } },
  };
}

describe('cohort LTV of any events', () => {
  it('does not depend on the order of rows, never falls, and ends with all the money', async () => {
    await fc.assert(
      fc.asyncProperty(worlds, async (world) => {
        const { events, options } = worldOf({ ...world, incomplete: [], profile: COUNT - 1 });
        const table = await tableOf(events, options);
        expect(await tableOf(events.toReversed(), options)).toEqual(table);
        const last = new Map(table.rows.map((row) => [row[0], row]));
        const cents = (value: unknown) => Math.round(Number(value) * 10_000);
        const total = [...last.values()].reduce((sum, row) => sum + cents(row[3]) + cents(row[4]), 0);
        const earned = events.map(
          ({ amount, hasRate, adRevenue }) =>
            cents(hasRate === false ? 0 : (amount ?? 0)) + cents(adRevenue ?? 0),
        );
        expect(total).toBe(earned.reduce((sum, n) => sum + n, 0));
        table.rows.forEach((row, n) => {
          const before = table.rows[n - 1];
          if (before === undefined || before[0] !== row[0]) return;
          for (const column of [3, 4, 7])
            expect(Number(row[column])).toBeGreaterThanOrEqual(Number(before[column]));
        });
      }),
      { numRuns: 5, endOnFailure: true },
    );
  });

  it('is what sql/cohort_ltv.sql says', async () => {
    await fc.assert(
      fc.asyncProperty(worlds, async (random) => {
        const { events, options } = worldOf(random);
        const { activity, players, dayStates, published } = await buildCohortWorld(events, options);
        await expectAsSql('cohort_ltv', buildCohortLtv(activity, players, dayStates), published);
      }),
      { numRuns: 12, endOnFailure: true },
    );
  });
});
