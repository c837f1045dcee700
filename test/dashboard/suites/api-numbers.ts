import { describe, expect, it } from 'vitest';
import type { Day } from '../../../src/domain/day.ts';
import type { Site } from '../support/site.ts';

/** That the API answers what the published tables say. */
export function apiNumbers(site: () => Site): void {
  describe('without a filter', () => {
    it('the overview is what SQL says of the published tables', async () => {
      const { days, range, ask, read } = site();
      const { daily, kpis, eventTypes, retention, meta } = await read(`overview?${range}`, 'overview');
      const metrics = await ask(
        'SELECT date::VARCHAR, dau, wau, revenue::DOUBLE, retention_d1 FROM daily_metrics ORDER BY date',
      );
      const asked = daily.map((day) => [day.date, day.dau, day.wau, day.revenue, day.retention_d1]);
      expect(asked).toEqual(metrics.filter(([date]) => String(date) <= (days.at(-1) as string)));
      const complete = `date BETWEEN '${days[0]}' AND '${days.at(-1)}' AND complete`;
      const [sums] =
        await ask(`SELECT avg(dau), sum(events)::DOUBLE, sum(revenue)::DOUBLE, sum(revenue + ad_revenue)::DOUBLE / sum(dau)
        FROM daily_metrics WHERE ${complete}`);
      const [arpu] = await ask(`SELECT sum(revenue)::DOUBLE / count(DISTINCT player_id) FROM player_days
        WHERE date BETWEEN '${days[0]}' AND '${days.at(-1)}'`);
      const [d1] = await ask(
        `SELECT retention_d1, date::VARCHAR FROM daily_metrics WHERE retention_d1 IS NOT NULL ORDER BY date DESC LIMIT 1`,
      );
      const valueOf = (metric: string) => kpis.find((kpi) => kpi.metric === metric);
      expect(
        ['dau', 'events', 'revenue', 'arpdau', 'arpu', 'retention_d1'].map((name) =>
          round(valueOf(name)?.value),
        ),
      ).toEqual([...(sums ?? []), arpu?.[0], d1?.[0]].map((value) => round(Number(value))));
      expect(valueOf('retention_d1')?.at).toBe(d1?.[1]);
      expect(valueOf('dau')).toMatchObject({
        days: days.length,
        comparedDays: 0,
        change: null,
        previous: null,
      });
      expect(eventTypes.map(({ date, event_type, events }) => [date, event_type, events])).toEqual(
        await ask(`SELECT date::VARCHAR, event_type, events FROM event_type_daily
          WHERE events > 0 AND date BETWEEN '${days[0]}' AND '${days.at(-1)}' ORDER BY date, event_type`),
      );
      const pooled = await ask(`SELECT day_n, sum(retained) / sum(cohort_size) FROM retention_cohorts
        WHERE kind = 'classic' AND mature AND cohort_date BETWEEN '${days[0]}' AND '${days.at(-1)}' GROUP BY day_n ORDER BY day_n`);
      expect(
        retention.filter(({ rate }) => rate !== null).map(({ day_n, rate }) => [day_n, round(rate)]),
      ).toEqual(pooled.map(([n, rate]) => [n, round(Number(rate))]));
      expect(retention.find(({ day_n }) => day_n === 30)).toMatchObject({ rate: null, cohorts: 0 });
      expect(meta).toMatchObject({
        dataThrough: days.at(-1),
        timezone: 'UTC',
        players: null,
        incompleteDays: [],
      });
    });

    it('a change is of days that are complete in both ranges, each with its counterpart', async () => {
      const { days, ask, read } = site();
      const [from, to] = [days[3] as Day, days[7] as Day];
      const { kpis, previous } = await read(`overview?from=${from}&to=${to}&compare=previous`, 'overview');
      const dau = kpis.find(({ metric }) => metric === 'dau');
      expect(dau).toMatchObject({ days: 5, comparedDays: 3 });
      const [[mean], [before]] = (await Promise.all([
        ask(`SELECT avg(dau) FROM daily_metrics WHERE date BETWEEN '${days[5]}' AND '${days[7]}'`),
        ask(`SELECT avg(dau) FROM daily_metrics WHERE date BETWEEN '${days[0]}' AND '${days[2]}'`),
      ]).then((rows) => rows.map(([row]) => row))) as [[number], [number]];
      expect(round(dau?.previous)).toBe(round(before));
      expect(round(dau?.change)).toBe(round(mean / before - 1));
      expect(previous?.filter(({ complete }) => complete).map(({ date }) => date)).toEqual(days.slice(0, 3));
    });

    it('each kind of retention is what the table says, an immature cell null and not 0', async () => {
      const { days, range, ask, read } = site();
      for (const kind of ['classic', 'rolling', 'bracket']) {
        const { cohorts } = await read(`retention?${range}&kind=${kind}`, 'retention');
        const cells = cohorts.flatMap(({ cohort_date, cohort_size, cells: own }) =>
          own.map(({ day_n, day_from, retained, rate, mature }) => [
            cohort_date,
            cohort_size,
            day_n,
            day_from,
            retained,
            rate,
            mature,
          ]),
        );
        expect(cells).toEqual(
          await ask(`SELECT cohort_date::VARCHAR, cohort_size, day_n, day_from, retained, rate, mature FROM retention_cohorts
            WHERE kind = '${kind}' AND cohort_date BETWEEN '${days[0]}' AND '${days.at(-1)}' ORDER BY cohort_date, day_n, day_from`),
        );
      }
    });

    it('the funnels add up what was published, with medians over the players', async () => {
      const { days, range, ask, read } = site();
      const { levels, steps, groups, matureEntryDates, immatureEntryDates } = await read(
        `funnels?${range}&by=platform`,
        'funnels',
      );
      expect(
        levels.map(({ level, players_started, players_completed, attempts }) => [
          level,
          players_started,
          players_completed,
          attempts,
        ]),
      ).toEqual(
        await ask(`SELECT level, sum(players_started)::INT, sum(players_completed)::INT, sum(attempts)::INT FROM level_funnel
          WHERE date BETWEEN '${days[0]}' AND '${days.at(-1)}' GROUP BY level ORDER BY level`),
      );
      const published = await ask(`SELECT step, name, sum(players)::INT FROM conversion_funnel
        WHERE mature AND entry_date BETWEEN '${days[0]}' AND '${days.at(-1)}' GROUP BY step, name ORDER BY step`);
      expect(steps.map(({ step, name, players }) => [step, name, players])).toEqual(published);
      expect([matureEntryDates, immatureEntryDates]).toEqual([2, 7]);
      for (const { step, players } of steps) {
        const ofGroups = groups.map((group) => group.steps[step - 1]?.players ?? 0);
        expect(ofGroups.reduce((a, b) => a + b, 0)).toBe(players);
      }
      const one = await read(`funnels?from=${days[0]}&to=${days[0]}`, 'funnels');
      expect(
        one.steps.map(({ players, seconds_from_entry_p50 }) => [players, seconds_from_entry_p50]),
      ).toEqual(
        await ask(
          `SELECT players, seconds_from_entry_p50 FROM conversion_funnel WHERE entry_date = '${days[0]}' ORDER BY step`,
        ),
      );
      expect(one.levels.map((row) => [row.level, row.attempts_to_win_p50, row.time_to_win_s_p50])).toEqual(
        await ask(
          `SELECT level, attempts_to_win_p50, time_to_win_s_p50 FROM level_funnel WHERE date = '${days[0]}' ORDER BY level`,
        ),
      );
    });

    it('revenue and engagement are what SQL says', async () => {
      const { days, range, ask, read } = site();
      const revenue = await read(`revenue?${range}`, 'revenue');
      const inRange = `date BETWEEN '${days[0]}' AND '${days.at(-1)}'`;
      expect(revenue.newPayers.map(({ date, players }) => [date, players])).toEqual(
        await ask(`SELECT first_purchase_date::VARCHAR, count(*) FROM players
          WHERE first_purchase_date BETWEEN '${days[0]}' AND '${days.at(-1)}' GROUP BY 1 ORDER BY 1`),
      );
      const [paid] = await ask(
        `SELECT sum(revenue)::DOUBLE, count(DISTINCT player_id) FROM player_days WHERE revenue > 0 AND ${inRange}`,
      );
      expect(revenue.concentration.at(-1)).toMatchObject({
        revenue: paid?.[0],
        payers: paid?.[1],
        share_of_revenue: 1,
      });
      expect(revenue.ltv.map(({ day_n, cohorts, ltv }) => [day_n, cohorts, round(ltv)])).toEqual(
        (
          await ask(`SELECT day_n, count(*), sum(ltv * cohort_size) / sum(cohort_size) FROM cohort_ltv
            WHERE mature AND cohort_date BETWEEN '${days[0]}' AND '${days.at(-1)}' GROUP BY day_n ORDER BY day_n`)
        ).map(([n, cohorts, ltv]) => [n, cohorts, round(Number(ltv))]),
      );
      const engagement = await read(`engagement?${range}`, 'engagement');
      const [sessions] = await ask(
        `SELECT count(*), count(*) FILTER (duration_s < 60) FROM sessions WHERE ${inRange}`,
      );
      const counted = engagement.sessionLengths.map(({ sessions: n }) => n);
      expect([counted.reduce((a, b) => a + b, 0), counted[0]]).toEqual(sessions);
      const [monday] = await ask(
        `SELECT avg(players), avg(events) FROM hourly_activity WHERE weekday = 1 AND hour = 12 AND ${inRange}`,
      );
      expect(engagement.hours.find(({ weekday, hour }) => weekday === 1 && hour === 12)).toMatchObject({
        players: monday?.[0],
        events: monday?.[1],
        days: 2,
      });
    });
  });

  describe('with filters', () => {
    it('a dimension gives what daily_metrics_by has published for its value', async () => {
      const { days, range, ask, read } = site();
      for (const [dimension, value] of [
        ['platform', 'ios'],
        ['segment', 'casual'],
      ]) {
        const { daily, meta } = await read(`overview?${range}&${dimension}=${value}`, 'overview');
        const asked = daily.map((day) =>
          [
            day.dau,
            day.wau,
            day.new_players,
            day.returning_players,
            day.events,
            day.sessions,
            day.session_length_p50,
            day.revenue,
            day.payers,
          ].map(round),
        );
        const published =
          await ask(`SELECT dau, wau, new_players, returning_players, events, sessions, session_length_p50, revenue::DOUBLE, payers
          FROM daily_metrics_by WHERE dimension = '${dimension}' AND value = '${value}' AND date BETWEEN '${days[0]}' AND '${days.at(-1)}' ORDER BY date`);
        expect(asked).toEqual(
          published.map((row) => row.map((cell) => (cell === null ? null : round(Number(cell))))),
        );
        expect(meta.players).toBe(
          (await ask(`SELECT count(*) FROM players WHERE ${dimension} = '${value}'`))[0]?.[0],
        );
      }
    });

    it('several together are answered from the players whom all hold for', async () => {
      const { days, range, ask, read } = site();
      const filter = `platform=ios,android&acquiredFrom=${days[1]}&acquiredTo=${days[4]}`;
      const chosen = `SELECT player_id FROM players WHERE platform IN ('ios', 'android') AND acquisition_date BETWEEN '${days[1]}' AND '${days[4]}'`;
      const { daily } = await read(`overview?${range}&${filter}`, 'overview');
      const counted = new Map(
        (
          await ask(
            `SELECT date::VARCHAR, count(*), sum(revenue)::DOUBLE FROM player_days SEMI JOIN (${chosen}) USING (player_id) GROUP BY date`,
          )
        ).map(([date, ...rest]) => [String(date), rest]),
      );
      expect(daily.map(({ date, dau, revenue }) => [date, dau, revenue])).toEqual(
        days.map((day) => [day, ...(counted.get(day) ?? [0, 0])]),
      );
      const { cohorts } = await read(`retention?${range}&${filter}`, 'retention');
      expect(cohorts.map(({ cohort_date, cohort_size }) => [cohort_date, cohort_size])).toEqual(
        await ask(
          `SELECT acquisition_date::VARCHAR, count(*) FROM players SEMI JOIN (${chosen}) USING (player_id) GROUP BY 1 ORDER BY 1`,
        ),
      );
      const { hours } = await read(`engagement?${range}&${filter}`, 'engagement');
      const [events] = await ask(`SELECT count(*) FROM events_cleaned SEMI JOIN (${chosen}) USING (player_id)
        WHERE date BETWEEN '${days[0]}' AND '${days.at(-1)}'`);
      expect(Math.round(hours.reduce((sum, { events: mean, days: n }) => sum + mean * n, 0))).toBe(
        events?.[0],
      );
    });

    it('a value that no player has gives days of nothing, and no error', async () => {
      const { range, read } = site();
      const { daily, kpis, meta } = await read(`overview?${range}&country=XX`, 'overview');
      expect(meta.players).toBe(0);
      expect(new Set(daily.map(({ dau }) => dau))).toEqual(new Set([0]));
      expect(kpis.find(({ metric }) => metric === 'arpu')?.value).toBeNull();
    });
  });

  it('tells of each day its state, its ledger and its checks', async () => {
    const { days, range, read } = site();
    const { days: standings, checks, reasons } = await read(`health?${range}`, 'health');
    expect(standings.map(({ day, state }) => [day, state])).toEqual(days.map((day) => [day, 'published']));
    for (const { lines: all, accepted, rejected, superseded } of standings)
      expect(all).toBe((accepted ?? 0) + (rejected ?? 0) + (superseded ?? 0));
    const rejected = standings.reduce((sum, day) => sum + (day.rejected ?? 0), 0);
    expect(reasons.reduce((sum, reason) => sum + reason.lines, 0)).toBe(rejected);
    expect(rejected).toBeGreaterThan(0);
    expect(checks.find(({ name }) => name === 'minimum_events')?.points).toHaveLength(days.length);
    const day = await read(`days/${days[2]}`, 'day');
    expect(day.ledger.reduce((sum, { rows, part }) => sum + (part === 'came in' ? rows : -rows), 0)).toBe(0);
    expect(day.metrics?.date).toBe(days[2]);
    const { lines: aside } = await read(`days/${days[2]}/quarantine?limit=500`, 'quarantine');
    expect(aside).toHaveLength(day.quarantine.reduce((sum, group) => sum + group.lines, 0));
  });
}

const round = (value: number | null | undefined) =>
  value === null || value === undefined ? null : Number(value.toPrecision(10));
