import fc from 'fast-check';
import pl, { type LazyDataFrame } from 'nodejs-polars';
import { describe, expect, it } from 'vitest';
import { addDays, type Day } from '../../src/domain/day.ts';
import { propertyNames, propertyOf } from '../../src/schema/contract.ts';
import { linkActivity } from '../../src/transforms/activity.ts';
import { dayStatesFrame, epochDay, listDayStates } from '../../src/transforms/calendar.ts';
import { cleanEvents } from '../../src/transforms/clean-events.ts';
import { buildDailyMetrics } from '../../src/transforms/daily-metrics.ts';
import { aggregatePlayerDays } from '../../src/transforms/player-days.ts';
import { buildPlayers } from '../../src/transforms/players.ts';
import { buildRetentionCohorts } from '../../src/transforms/retention-cohorts.ts';

const day = (n: number) => addDays('2026-01-01' as Day, n);
const windows = { lateWindowDays: 7, futureWindowDays: 1 };

interface AcceptedRow {
  readonly id: string;
  readonly player: string;
  readonly type?: string;
  /** Milliseconds after day 0 began. */
  readonly at: number;
  readonly [property: string]: unknown;
}

const dtypes = {
  text: pl.Utf8,
  integer: pl.Int64,
  number: pl.Float64,
  money: pl.Decimal(18, 4),
  boolean: pl.Bool,
};

function accepted(rows: readonly AcceptedRow[]): LazyDataFrame {
  const start = Date.parse(`${day(0)}T00:00:00Z`);
  const column = (name: string) => rows.map((row) => (row[name] ?? null) as never);
  const frame = pl.DataFrame(
    {
      event_id: rows.map(({ id }) => id),
      player_id: rows.map(({ player }) => player),
      event_type: rows.map(({ type }) => type ?? 'level_start'),
      timestamp: rows.map(({ at }) => (start + at) * 1000),
      ...Object.fromEntries(propertyNames.map((name) => [name, column(name)])),
    },
    {
      schema: {
        event_id: pl.Utf8,
        player_id: pl.Utf8,
        event_type: pl.Utf8,
        timestamp: pl.Int64,
        ...Object.fromEntries(
          propertyNames.map((name) => [
            name,
            propertyOf(name).kind === 'money' ? pl.Float64 : dtypes[propertyOf(name).kind],
          ]),
        ),
      },
    },
  );
  const money = propertyNames.filter((name) => propertyOf(name).kind === 'money');
  return frame
    .lazy()
    .withColumns(
      pl.col('timestamp').cast(pl.Datetime('us')),
      ...money.map((name) => pl.col(name).cast(pl.Decimal(18, 4))),
    )
    .withColumn(pl.col('timestamp').cast(pl.Date).alias('event_day'));
}

async function textOf(frame: LazyDataFrame): Promise<string> {
  return (await frame.collect()).writeCSV().toString();
}

const HOUR = 3_600_000;

describe('cleanEvents', () => {
  it('keeps of the rows of one id the earliest arrival, and tells exact from conflicting duplicates', async () => {
    const pieces = [
      { arrival: day(1), rows: accepted([{ id: 'a', player: 'late', at: 1, level: 1 }]) },
      {
        arrival: day(0),
        rows: accepted([
          { id: 'a', player: 'p', at: 5, level: 1 },
          { id: 'a', player: 'p', at: 5, level: 1 },
          { id: 'a', player: 'p', at: 9, level: 2 },
          { id: 'b', player: 'p', at: 7, level: 3 },
          { id: 'c', player: 'p', at: 24 * HOUR, level: 4 },
        ]),
      },
    ];
    const { events, ledger } = await cleanEvents(pieces, day(0), 'USD');
    expect(ledger).toEqual({ cameIn: 5, kept: 2, exactDuplicates: 1, conflictingDuplicates: 2 });
    const kept = await events.select('event_id', 'player_id', 'level').collect();
    expect(kept.toRecords()).toEqual([
      { event_id: 'a', player_id: 'p', level: 1 },
      { event_id: 'b', player_id: 'p', level: 3 },
    ]);
  });

  it('gives the same whatever the order and split of the rows, and the same again for its own output’s duplicates', async () => {
    const row = fc.record({
      id: fc.constantFrom('a', 'b', 'c', 'd'),
      player: fc.constantFrom('p', 'q'),
      at: fc.integer({ min: 0, max: 3 }),
      level: fc.integer({ min: 1, max: 2 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 12 }), fc.nat(12), async (rows, cut) => {
        const whole = await cleanEvents([{ arrival: day(0), rows: accepted(rows) }], day(0), 'USD');
        const parts = [rows.slice(cut), rows.slice(0, cut)].filter((part) => part.length > 0).toReversed();
        const split = await cleanEvents(
          parts.toReversed().map((part) => ({ arrival: day(0), rows: accepted(part.toReversed()) })),
          day(0),
          'USD',
        );
        const twice = await cleanEvents(
          [{ arrival: day(0), rows: accepted([...rows, ...rows]) }],
          day(0),
          'USD',
        );
        expect(split.ledger).toEqual(whole.ledger);
        expect(await textOf(split.events)).toBe(await textOf(whole.events));
        expect(await textOf(twice.events)).toBe(await textOf(whole.events));
      }),
      { numRuns: 30 },
    );
  });

  it('reads a purchase without a currency in the base currency, and dates the last microsecond rightly', async () => {
    const rows = accepted([
      { id: 'a', player: 'p', type: 'purchase', at: 24 * HOUR - 1, amount: 4.99 },
      { id: 'b', player: 'p', type: 'purchase', at: 24 * HOUR - 1, amount: 4.99, currency: 'JPY' },
    ]);
    const { events } = await cleanEvents([{ arrival: day(0), rows }], day(0), 'EUR');
    const kept = await events.select('event_id', 'currency', 'hour', 'weekday').collect();
    expect(kept.toRecords()).toEqual([
      { event_id: 'a', currency: 'EUR', hour: 23, weekday: 4 },
      { event_id: 'b', currency: 'JPY', hour: 23, weekday: 4 },
    ]);
  });
});

interface World {
  readonly metrics: Record<string, unknown>[];
  readonly retention: Record<string, unknown>[];
  readonly players: Record<string, unknown>[];
}

/** Tables over whole days of activity: `active[player]` lists the days on which a player was there. */
async function buildTables(
  active: Readonly<Record<string, readonly number[]>>,
  options: {
    readonly published?: readonly number[];
    readonly profiles?: Readonly<Record<string, number>>;
  } = {},
): Promise<World> {
  const rows = Object.entries(active).flatMap(([player, days]) =>
    days.map((n) => ({
      id: `${player}-${n}`,
      player,
      at: n * 24 * HOUR,
      type: 'purchase',
      amount: 1.25,
      currency: 'USD',
    })),
  );
  const days = [...new Set(Object.values(active).flat())].sort((a, b) => a - b);
  const perDay = await Promise.all(
    days.map(async (n) => {
      const { events } = await cleanEvents([{ arrival: day(n), rows: accepted(rows) }], day(n), 'USD');
      return aggregatePlayerDays(events, 'USD');
    }),
  );
  const playerDays = pl.concat(perDay);
  const profiles = Object.entries(options.profiles ?? { nobody: 0 });
  const none = profiles.map(() => null);
  const profileFrame = pl
    .DataFrame(
      {
        player_id: profiles.map(([id]) => id),
        profile_date: profiles.map(([, n]) => epochDay(day(n))),
        segment: none,
        country: none,
        platform: none,
        source: none,
      },
      {
        schema: {
          player_id: pl.Utf8,
          profile_date: pl.Int32,
          segment: pl.Utf8,
          country: pl.Utf8,
          platform: pl.Utf8,
          source: pl.Utf8,
        },
      },
    )
    .withColumn(pl.col('profile_date').cast(pl.Date));
  const published = new Set((options.published ?? days).map(day));
  const states = dayStatesFrame(listDayStates(new Set(days.map(day)), published, windows)).lazy();
  const players = (await buildPlayers(playerDays, profileFrame.lazy()).collect()).lazy();
  const activity = linkActivity(playerDays, players);
  const retention = buildRetentionCohorts(activity, players, states);
  const asRecords = async (frame: LazyDataFrame) => {
    const collected = await frame.collect();
    const decimals = collected.columns.filter((name) =>
      collected.getColumn(name).dtype.toString().includes('Decimal'),
    );
    return collected
      .withColumns(...decimals.map((name) => pl.col(name).cast(pl.Float64)))
      .toRecords() as Record<string, unknown>[];
  };
  return {
    metrics: await asRecords(buildDailyMetrics(activity, retention, states)),
    retention: await asRecords(retention),
    players: await asRecords(players),
  };
}

describe('daily metrics', () => {
  it('count new, returning, resurrected and dormant players', async () => {
    const { metrics } = await buildTables({ stays: [0, 1, 2], returns: [0, 2], late: [1], gone: [0] });
    const picked = metrics.map(
      ({ dau, new_players, returning_players, resurrected_players, dormant_players }) => [
        dau,
        new_players,
        returning_players,
        resurrected_players,
        dormant_players,
      ],
    );
    expect(picked).toEqual([
      [3, 3, 0, 0, 0],
      [2, 1, 1, 0, 2],
      [2, 0, 1, 1, 1],
    ]);
  });

  it('leave trailing players out until the window is complete, and count each player once', async () => {
    const { metrics } = await buildTables({ a: [0, 1, 2, 3, 4, 5, 6, 7, 8], b: [0, 8], c: [2] });
    expect(metrics.map(({ wau }) => wau)).toEqual([null, null, null, null, null, null, 3, 2, 3]);
    expect(metrics.every(({ mau, stickiness }) => mau === null && stickiness === null)).toBe(true);
  });

  it('keep money exact and divide by nothing only as null', async () => {
    const { metrics } = await buildTables({ a: [0], b: [0], c: [0] });
    expect(metrics[0]).toMatchObject({
      revenue: 3.75,
      payers: 3,
      arppu: 1.25,
      conversion_rate: 1,
      retention_d30: null,
    });
  });

  it('say which days are incomplete, and how many such days lie before', async () => {
    const { metrics } = await buildTables({ a: [0, 1, 2, 3] }, { published: [0, 2, 3] });
    expect(metrics.map(({ complete, gaps_before }) => [complete, gaps_before])).toEqual([
      [true, 0],
      [false, 0],
      [true, 1],
      [true, 1],
    ]);
    expect(metrics.map(({ returning_players }) => returning_players)).toEqual([0, 1, null, 1]);
  });
});

describe('retention', () => {
  it('is 0 where nobody came back, null where the day is not complete yet', async () => {
    const { retention } = await buildTables({ a: [0, 1], b: [0], c: [2] });
    const cells = retention.filter(
      ({ cohort_date }) => String(cohort_date) === String(retention[0]?.['cohort_date']),
    );
    expect(
      cells
        .slice(0, 4)
        .map(({ day_n, cohort_size, retained, rate, mature }) => [
          day_n,
          cohort_size,
          retained,
          rate,
          mature,
        ]),
    ).toEqual([
      [0, 2, 2, 1, true],
      [1, 2, 1, 0.5, true],
      [2, 2, 0, 0, true],
      [3, 2, null, null, false],
    ]);
    expect(cells).toHaveLength(31);
  });

  it('is immature when the cohort day or the target day is a gap', async () => {
    const { retention } = await buildTables({ a: [0, 1, 2], b: [1, 2] }, { published: [0, 2] });
    const mature = retention
      .filter((cell) => cell['mature'] === true)
      .map(({ day_n, cohort_size }) => [cohort_size, day_n]);
    expect(mature).toEqual([
      [1, 0],
      [1, 2],
    ]);
  });
});

describe('players', () => {
  it('are acquired on the earliest of profile, registration and first event', async () => {
    const { players, metrics } = await buildTables(
      { early: [2], plain: [2] },
      { profiles: { early: 1, plain: 5 } },
    );
    expect(players.map(({ player_id, acquisition_basis }) => [player_id, acquisition_basis])).toEqual([
      ['early', 'profile'],
      ['plain', 'first_event'],
    ]);
    expect(metrics[0]).toMatchObject({ dau: 2, new_players: 1 });
  });
});

describe('listDayStates', () => {
  it('calls a day settled when every arrival that may still reach it was published', () => {
    const published = new Set(Array.from({ length: 10 }, (_, n) => day(n)));
    const states = listDayStates(published, published, windows);
    expect(states.map(({ settled }) => settled)).toEqual([
      true,
      true,
      true,
      ...Array.from({ length: 7 }, () => false),
    ]);
  });
});
