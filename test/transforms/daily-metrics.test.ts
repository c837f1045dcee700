import fc from 'fast-check';
import pl, { type DataFrame, type LazyDataFrame } from 'nodejs-polars';
import { describe, expect, it } from 'vitest';
import { dimensions } from '../../src/schema/tables/daily-metrics-by.ts';
import { linkActivity, linkSessions } from '../../src/transforms/activity.ts';
import { dayStatesFrame, listDayStates } from '../../src/transforms/calendar.ts';
import { buildDailyMetrics } from '../../src/transforms/daily-metrics.ts';
import {
  joinDimensions,
  measureDimension,
  measureSessionsBy,
} from '../../src/transforms/daily-metrics-by.ts';
import { buildEventTypeDaily } from '../../src/transforms/event-type-daily.ts';
import { measureSessions } from '../../src/transforms/group-metrics.ts';
import { aggregatePlayerDays } from '../../src/transforms/player-days.ts';
import { buildPlayers } from '../../src/transforms/players.ts';
import { buildRetentionCohorts } from '../../src/transforms/retention-cohorts.ts';
import { buildSessions } from '../../src/transforms/sessions.ts';
import { isSlowRun } from '../support/slow.ts';
import { cleanedEvents, DAY, day, type EventRow, HOUR } from './support/cleaned-events.ts';
import { expectAsSql } from './support/oracle.ts';
import { type Profile, profileFrame } from './support/profile-frame.ts';
import { type RowRecord, recordsOf } from './support/records.ts';

const windows = { lateWindowDays: 7, futureWindowDays: 1 };

interface Given {
  /** Days whose arrival was published; those with events when left out. */
  readonly published?: readonly number[];
  readonly profiles?: Readonly<Record<string, Profile>>;
}

interface Tables {
  readonly events_cleaned: DataFrame;
  readonly player_days: LazyDataFrame;
  readonly sessions: LazyDataFrame;
  readonly players: LazyDataFrame;
  readonly retention_cohorts: LazyDataFrame;
  readonly daily_metrics: LazyDataFrame;
  readonly daily_metrics_by: LazyDataFrame;
  readonly event_type_daily: LazyDataFrame;
}

/** Every table that the metrics of a day rest on, as publish makes them. */
async function buildTables(events: readonly EventRow[], given: Given = {}): Promise<Tables> {
  const dayOf = ({ at }: EventRow) => Math.floor(at / DAY);
  const withEvents = [...new Set(events.map(dayOf))].sort((a, b) => a - b);
  const published = new Set((given.published ?? withEvents).map(day));
  const eventsOf = (n: number) =>
    cleanedEvents(events.filter((event) => dayOf(event) === n))
      .sort(['player_id', 'timestamp', 'event_id'])
      .lazy();
  const collected = async (frame: LazyDataFrame) => (await frame.collect()).lazy();
  const perDay: { playerDays: LazyDataFrame; sessions: LazyDataFrame }[] = [];
  for (const n of withEvents) {
    const [before, own, after] = [eventsOf(n - 1), eventsOf(n), eventsOf(n + 1)];
    const nextIsComplete = published.has(day(n + 1));
    perDay.push({
      playerDays: await collected(aggregatePlayerDays(own)),
      sessions: await collected(buildSessions(before, own, after, { day: day(n), nextIsComplete })),
    });
  }
  const playerDays = await collected(pl.concat(perDay.map((one) => one.playerDays)));
  const sessions = await collected(pl.concat(perDay.map((one) => one.sessions)));
  const states = dayStatesFrame(listDayStates(new Set(withEvents.map(day)), published, windows)).lazy();
  const players = await collected(
    buildPlayers(playerDays, sessions, profileFrame(given.profiles ?? {}), states),
  );
  const activity = linkActivity(playerDays, players);
  const played = linkSessions(sessions, players);
  const retention = await collected(buildRetentionCohorts(activity, players, states, []));
  return {
    events_cleaned: cleanedEvents(events),
    player_days: playerDays,
    sessions,
    players,
    retention_cohorts: retention,
    daily_metrics: await collected(
      buildDailyMetrics(activity, measureSessions(played, []), retention, states),
    ),
    daily_metrics_by: joinDimensions(
      dimensions.map((dimension) =>
        measureDimension(dimension, activity, measureSessionsBy(dimension, played), states),
      ),
    ),
    event_type_daily: buildEventTypeDaily(playerDays),
  };
}

/** A purchase of 1.25 on each of the days on which a player was there. */
function activeOn(active: Readonly<Record<string, readonly number[]>>): EventRow[] {
  return Object.entries(active).flatMap(([player, days]) =>
    days.map((n) => ({
      player,
      type: 'purchase',
      at: n * DAY,
      amount: 1.25,
      amount_base: 1.25,
      currency: 'USD',
    })),
  );
}

async function metricsOf(
  active: Readonly<Record<string, readonly number[]>>,
  given: Given = {},
): Promise<RowRecord[]> {
  return recordsOf((await buildTables(activeOn(active), given)).daily_metrics);
}

describe('daily metrics', () => {
  it('count new, returning, resurrected and dormant players', async () => {
    const metrics = await metricsOf({ stays: [0, 1, 2], returns: [0, 2], late: [1], gone: [0] });
    expect(
      metrics.map((row) => [
        row['dau'],
        row['new_players'],
        row['returning_players'],
        row['resurrected_players'],
        row['dormant_players'],
      ]),
    ).toEqual([
      [3, 3, 0, 0, 0],
      [2, 1, 1, 0, 2],
      [2, 0, 1, 1, 1],
    ]);
  });

  it('leave trailing players out until the window is complete, and count each player once', async () => {
    const metrics = await metricsOf({ a: [0, 1, 2, 3, 4, 5, 6, 7, 8], b: [0, 8], c: [2] });
    expect(metrics.map(({ wau }) => wau)).toEqual([null, null, null, null, null, null, 3, 2, 3]);
    expect(metrics.every(({ mau, stickiness }) => mau === null && stickiness === null)).toBe(true);
  });

  it('count the trailing month, stickiness and all players so far', async () => {
    const every = Array.from({ length: 31 }, (_, n) => n);
    const metrics = await metricsOf({ a: every, b: [0], c: [30] });
    expect(metrics.slice(29)).toMatchObject([
      { dau: 1, mau: 2, stickiness: 0.5, arpu_total: ((30 + 1) * 1.25) / 2 },
      { dau: 2, mau: 2, stickiness: 1, arpu_total: ((31 + 2) * 1.25) / 3 },
    ]);
  });

  it('keep money exact and divide by nothing only as null', async () => {
    const [first] = await metricsOf({ a: [0], b: [0], c: [0] });
    expect(first).toMatchObject({
      revenue: 3.75,
      payers: 3,
      arppu: 1.25,
      conversion_rate: 1,
      retention_d30: null,
    });
    const { daily_metrics } = await buildTables([{ player: 'a', type: 'level_start', at: 0, level: 1 }]);
    expect((await recordsOf(daily_metrics))[0]).toMatchObject({
      payers: 0,
      revenue: 0,
      conversion_rate: 0,
      arpdau: 0,
      arppu: null,
    });
  });

  it('tell an incomplete day, a failed one and an empty one apart, and how many gaps lie before', async () => {
    const metrics = await metricsOf({ a: [0, 1, 3, 5] }, { published: [0, 2, 3, 5] });
    expect(
      metrics.map((row) => [
        row['complete'],
        row['gaps_before'],
        row['dau'],
        row['revenue'],
        row['dormant_players'],
      ]),
    ).toEqual([
      [true, 0, 1, 1.25, 0],
      [false, 0, 1, 1.25, 0],
      [true, 1, 0, 0, null],
      [true, 1, 1, 1.25, 0],
      [false, 1, null, null, null],
      [true, 2, 1, 1.25, null],
    ]);
  });

  it('measure sessions that begin on the day', async () => {
    const play = (player: string, minutes: readonly number[]) =>
      minutes.map((minute) => ({ player, type: 'level_start', at: (minute * HOUR) / 60, level: 1 }));
    const { daily_metrics } = await buildTables([...play('a', [0, 10, 20, 60]), ...play('b', [5])]);
    expect((await recordsOf(daily_metrics))[0]).toMatchObject({
      sessions: 3,
      session_length_mean: 400,
      session_length_p50: 0,
      session_length_p90: 960,
      events_per_session: 5 / 3,
    });
  });
});

describe('daily metrics by dimension', () => {
  it('count the players who share a value, and those of whom it is not known', async () => {
    const { daily_metrics_by } = await buildTables(activeOn({ a: [0, 1], b: [0], c: [1] }), {
      profiles: { a: { segment: 'whale' }, b: { segment: 'whale' } },
    });
    const rows = (await recordsOf(daily_metrics_by)).filter(({ dimension }) => dimension === 'segment');
    expect(
      rows.map((row) => [
        String(row['date']),
        row['value'],
        row['dau'],
        row['new_players'],
        row['dormant_players'],
        row['revenue'],
      ]),
    ).toEqual(
      [
        [rows[0]?.['date'], 'whale', 2, 2, 0, 2.5],
        [rows[1]?.['date'], null, 1, 1, 0, 1.25],
        [rows[2]?.['date'], 'whale', 1, 0, 1, 1.25],
      ].map(([date, ...rest]) => [String(date), ...rest]),
    );
  });

  it('name acquisition weeks by their Monday', async () => {
    const { daily_metrics_by } = await buildTables(activeOn({ thursday: [0], sunday: [3], monday: [4] }));
    const weeks = (await recordsOf(daily_metrics_by)).filter(
      ({ dimension }) => dimension === 'acquisition_week',
    );
    expect(weeks.map(({ value }) => value)).toEqual(['2025-12-29', '2025-12-29', '2026-01-05']);
  });
});

describe('players', () => {
  it('are acquired on the earliest of profile, registration and first event', async () => {
    const events = [
      ...activeOn({ early: [2], plain: [2] }),
      { player: 'registered', type: 'player_registered', at: 2 * DAY },
    ];
    const { players, daily_metrics } = await buildTables(events, {
      profiles: { early: { acquired: day(1) }, plain: { acquired: day(5) } },
    });
    expect((await recordsOf(players)).map((row) => [row['player_id'], row['acquisition_basis']])).toEqual([
      ['early', 'profile'],
      ['plain', 'first_event'],
      ['registered', 'registration'],
    ]);
    expect((await recordsOf(daily_metrics))[0]).toMatchObject({ dau: 3, new_players: 2 });
  });

  it('are moved to an earlier cohort by a late event', async () => {
    const before = await recordsOf((await buildTables(activeOn({ a: [2] }))).players);
    const after = await recordsOf((await buildTables(activeOn({ a: [2, 1] }))).players);
    expect([before, after].map(([one]) => String(one?.['acquisition_date']))).toEqual(
      [day(2), day(1)].map((date) => String(new Date(date))),
    );
  });

  it('carry recency, frequency, spend and streaks as of the last complete day', async () => {
    const { players } = await buildTables(activeOn({ a: [0, 1, 2, 5, 6], b: [0], watch: [40] }), {
      published: [0, 1, 2, 5, 6, 40],
    });
    const [a, b, watch] = await recordsOf(players);
    expect(a).toMatchObject({
      active_days: 5,
      days_since_active: 34,
      active_days_7: 0,
      active_days_30: 0,
      current_streak: 2,
      longest_streak: 3,
      revenue: 6.25,
      revenue_30: 0,
      purchases: 5,
      sessions: 5,
      is_payer: true,
    });
    expect(b).toMatchObject({ current_streak: 1, longest_streak: 1, days_since_active: 40 });
    expect(watch).toMatchObject({ days_since_active: 0, active_days_7: 1, revenue_30: 1.25 });
  });

  it('are not observed before a day is complete', async () => {
    const { players } = await buildTables(activeOn({ a: [0] }), { published: [] });
    expect((await recordsOf(players))[0]).toMatchObject({
      observed_to: null,
      days_since_active: null,
      active_days_7: null,
      revenue_30: null,
      active_days: 1,
    });
  });
});

describe('event types by day', () => {
  it('tell events, players and adoption, also of types that did not occur', async () => {
    const { event_type_daily } = await buildTables([
      { player: 'a', type: 'ad_watched', at: 0 },
      { player: 'a', type: 'ad_watched', at: 1 },
      { player: 'b', type: 'session_start', at: 2, session_id: 's' },
    ]);
    const rows = await recordsOf(event_type_daily);
    expect(rows).toHaveLength(8);
    expect(rows.filter(({ events }) => events !== 0)).toMatchObject([
      { event_type: 'ad_watched', events: 2, players: 1, adoption_rate: 0.5 },
      { event_type: 'session_start', events: 1, players: 1, adoption_rate: 0.5 },
    ]);
    expect(rows.find(({ event_type }) => event_type === 'purchase')).toMatchObject({
      players: 0,
      adoption_rate: 0,
    });
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

describe('every column', () => {
  const event = fc
    .record({
      player: fc.constantFrom('a', 'b', 'c', 'd', 'é'),
      n: fc.integer({ min: 0, max: 33 }),
      minute: fc.constantFrom(0, 1, 40, 719, 1439),
      type: fc.constantFrom(
        'player_registered',
        'session_start',
        'session_end',
        'level_start',
        'level_complete',
        'purchase',
        'ad_watched',
        'achievement_unlocked',
      ),
      cents: fc.integer({ min: 0, max: 3 }),
      level: fc.integer({ min: 1, max: 9 }),
      country: fc.option(fc.constantFrom('DE', 'FR')),
      isConverted: fc.boolean(),
    })
    .map(({ player, n, minute, type, cents, level, country, isConverted }): EventRow => {
      const money = cents / 100;
      return {
        player,
        type,
        at: n * DAY + (minute * HOUR) / 60,
        ...(type === 'purchase' ? { amount: money, currency: isConverted ? 'USD' : 'XTS' } : {}),
        ...(type === 'purchase' && isConverted ? { amount_base: money } : {}),
        ...(type === 'ad_watched' ? { revenue: money } : {}),
        ...(type.startsWith('level') ? { level } : {}),
        ...(type === 'level_complete' ? { success: level % 2 === 0 } : {}),
        ...(type === 'session_start' || type === 'player_registered' ? { country } : {}),
      };
    });

  it('of the metrics, players and counts equals plain SQL over the events', {
    timeout: 120_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(event, { minLength: 1, maxLength: 60 }),
        fc.array(fc.integer({ min: 0, max: 33 }), { maxLength: 5 }),
        async (events, failed) => {
          const published = Array.from({ length: 34 }, (_, n) => n).filter((n) => !failed.includes(n));
          const tables = await buildTables(events, {
            published,
            profiles: { a: { acquired: day(0), segment: 'whale' }, b: { country: 'US' } },
          });
          const inputs = { ...tables, events_cleaned: tables.events_cleaned.lazy() };
          for (const table of [
            'player_days',
            'players',
            'daily_metrics',
            'daily_metrics_by',
            'event_type_daily',
          ] as const) {
            await expectAsSql(table, tables[table], inputs);
          }
        },
      ),
      { numRuns: isSlowRun ? 7 : 3 },
    );
  });
});
