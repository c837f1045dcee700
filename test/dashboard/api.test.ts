import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectRoot } from '../../src/config/load.ts';
import type { Answer, Read } from '../../src/dashboard/api/routes.ts';
import { type Dashboard, startDashboard } from '../../src/dashboard/server/start-dashboard.ts';
import { addDays, type Day } from '../../src/domain/day.ts';
import { startBackfill } from '../../src/operations/start-runs.ts';
import { queryTables } from '../../src/query/query-tables.ts';
import { ObjectCache } from '../../src/storage/object-cache.ts';
import { landObject, makeGoodDay } from '../support/good-day.ts';
import { landDays } from '../support/synthetic.ts';
import { createWorld, type World } from '../support/world.ts';

const COUNT = 9;
const token = 'a-write-token-of-the-tests';
let world: World;
let scratch: string;
let cache: ObjectCache;
let dashboard: Dashboard;
let days: Day[];
let range: string;
const lines: string[] = [];

beforeAll(async () => {
  world = await createWorld('dashboard', {
    QUESTLINE_GENERATOR_PRESET: join(projectRoot, 'test', 'support', 'over-months.yaml'),
    QUESTLINE_DASHBOARD_WRITE_TOKEN: token,
    QUESTLINE_QUALITY_REVENUE_OUTLIERS_ACTION: 'hold',
  });
  scratch = await mkdtemp(join(tmpdir(), 'questline-dashboard-test-'));
  cache = new ObjectCache(scratch, world.store);
  await world.startWorker();
  days = await landDays(world.store, world.config, COUNT);
  range = `from=${days[0]}&to=${days.at(-1)}`;
  const handle = await startBackfill(world.client, world.config, {
    from: days[0] as Day,
    to: days.at(-1) as Day,
  });
  await handle.result();
  const logger = pino({ level: 'warn' }, { write: (line: string) => lines.push(line) });
  const { config, endpoints } = world;
  dashboard = await startDashboard({ config, endpoints, cache, logger, page: scratch, port: 0 });
});
afterAll(async () => {
  await dashboard.stop();
  await world.close();
  await rm(scratch, { recursive: true, force: true });
});

async function read<R extends Read>(path: string, _read: R): Promise<Answer<R>> {
  const response = await fetch(`${dashboard.url}/api/${path}`);
  const body = (await response.json()) as { readonly error?: string };
  expect(body.error).toBeUndefined();
  expect(response.status).toBe(200);
  return body as unknown as Answer<R>;
}

async function ask(sql: string): Promise<(readonly unknown[])[]> {
  return [...(await queryTables(world.store, cache, sql)).rows];
}

const round = (value: number | null | undefined) =>
  value === null || value === undefined ? null : Number(value.toPrecision(10));

describe('without a filter', () => {
  it('the overview is what SQL says of the published tables', async () => {
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
    expect(valueOf('dau')).toMatchObject({ days: COUNT, comparedDays: 0, change: null, previous: null });
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
    expect(one.steps.map(({ players, seconds_from_entry_p50 }) => [players, seconds_from_entry_p50])).toEqual(
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
    expect(Math.round(hours.reduce((sum, { events: mean, days: n }) => sum + mean * n, 0))).toBe(events?.[0]);
  });

  it('a value that no player has gives days of nothing, and no error', async () => {
    const { daily, kpis, meta } = await read(`overview?${range}&country=XX`, 'overview');
    expect(meta.players).toBe(0);
    expect(new Set(daily.map(({ dau }) => dau))).toEqual(new Set([0]));
    expect(kpis.find(({ metric }) => metric === 'arpu')?.value).toBeNull();
  });
});

describe('health and runs', () => {
  it('tells of each day its state, its ledger and its checks', async () => {
    const { days: standings, checks, reasons } = await read(`health?${range}`, 'health');
    expect(standings.map(({ day, state }) => [day, state])).toEqual(days.map((day) => [day, 'published']));
    for (const { lines: all, accepted, rejected, superseded } of standings)
      expect(all).toBe((accepted ?? 0) + (rejected ?? 0) + (superseded ?? 0));
    const rejected = standings.reduce((sum, day) => sum + (day.rejected ?? 0), 0);
    expect(reasons.reduce((sum, reason) => sum + reason.lines, 0)).toBe(rejected);
    expect(rejected).toBeGreaterThan(0);
    expect(checks.find(({ name }) => name === 'minimum_events')?.points).toHaveLength(COUNT);
    const day = await read(`days/${days[2]}`, 'day');
    expect(day.ledger.reduce((sum, { rows, part }) => sum + (part === 'came in' ? rows : -rows), 0)).toBe(0);
    expect(day.metrics?.date).toBe(days[2]);
    const { lines: aside } = await read(`days/${days[2]}/quarantine?limit=500`, 'quarantine');
    expect(aside).toHaveLength(day.quarantine.reduce((sum, group) => sum + group.lines, 0));
  });

  it('a day is run, held, approved and shown, and what was shown before stays until then', async () => {
    const day = addDays(days.at(-1) as Day, 1);
    await landObject(
      world.store,
      day,
      'a',
      makeGoodDay(day, 'a', { event_type: 'purchase', properties: { amount: 5000 } }),
    );
    const write = (
      path: string,
      body: object,
      headers: Record<string, string> = { authorization: `Bearer ${token}` },
    ) =>
      fetch(`${dashboard.url}/api/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      });
    expect((await write('runs', { day })).status).toBe(200);
    let hold: Answer<'day'>['hold'] = null;
    for (let n = 0; n < 150 && hold === null; n += 1) {
      await sleep(200);
      hold = (await read(`days/${day}`, 'day')).hold;
    }
    expect(hold?.failed.join()).toContain('revenue_outliers');
    const before = await read('status', 'status');
    expect(before.newest).toMatchObject({ day, state: 'held' });
    const decision = { verdict: 'approved', by: 'ann', why: 'a new bundle', subject: hold?.subject };
    expect((await write(`days/${day}/decision`, { ...decision, subject: 'other data' })).status).toBe(409);
    expect((await write(`days/${day}/decision`, decision, {})).status).toBe(401);
    expect(await (await write(`days/${day}/decision`, decision)).json()).toMatchObject({
      verdict: 'approved',
      by: 'ann',
    });
    await world.client.workflow.getHandle(`questline-day-${day}`).result();
    await dashboard.look();
    const after = await read('status', 'status');
    expect(after.snapshot).not.toBe(before.snapshot);
    expect(after).toMatchObject({ dataThrough: day, newest: null });
    const { meta } = await read(`overview?${range}`, 'overview');
    expect(meta.snapshot).toBe(after.snapshot);
    expect((await write(`days/${day}/decision`, decision)).status).toBe(409);
  });
});

describe('what is hostile or mistaken', () => {
  const get = (path: string) => fetch(`${dashboard.url}${path}`);
  const good = () => `/api/overview?${range}`;

  it.each([
    ['a day that is none', '/api/overview?from=2031-02-30&to=2031-03-01', 400],
    ['a range the wrong way round', '/api/overview?from=2031-02-02&to=2031-02-01', 400],
    ['a thousand years', '/api/overview?from=1031-02-01&to=2031-02-01', 400],
    ['no range', '/api/overview', 400],
    ['an unknown kind', '/api/retention?from=2031-02-01&to=2031-02-02&kind=weekly', 400],
    ['a path that climbs', '/api/days/..%2f..%2fetc%2fpasswd', 400],
    ['something that is not there', '/api/nothing', 404],
    ['too many lines', '/api/days/2031-02-01/quarantine?limit=1000000', 400],
  ])('%s is refused with a reason', async (_, path, status) => {
    const response = await get(path);
    expect(response.status).toBe(status);
    const { error } = (await response.json()) as { error: string };
    expect(error.length).toBeGreaterThan(10);
    expect(error).not.toContain('node_modules');
  });

  it('SQL in a filter is a value like another', async () => {
    const { meta } = await read(
      `overview?${range}&platform=${encodeURIComponent("ios') OR 1=1; DROP TABLE players; --")}`,
      'overview',
    );
    expect(meta.players).toBe(0);
    expect((await get(good())).status).toBe(200);
  });

  it('a body that is too large, a page of another site, a wrong token and another host name are refused, and logged', async () => {
    const post = (headers: Record<string, string>, body: string) =>
      fetch(`${dashboard.url}/api/runs`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body,
      });
    const right = { authorization: `Bearer ${token}` };
    const before = lines.length;
    expect((await post(right, JSON.stringify({ day: 'x'.repeat(10_000_000) }))).status).toBe(413);
    expect((await post({ ...right, origin: 'https://evil.example' }, '{"day":"2031-01-27"}')).status).toBe(
      403,
    );
    expect((await post({ authorization: 'Bearer wrong' }, '{"day":"2031-01-27"}')).status).toBe(401);
    expect((await post(right, '{"day":"soon"}')).status).toBe(400);
    const { port } = new URL(dashboard.url);
    const status = await new Promise((resolve, reject) => {
      request({ port, path: good(), headers: { host: 'evil.example' } }, ({ statusCode }) =>
        resolve(statusCode),
      )
        .once('error', reject)
        .end();
    });
    expect(status).toBe(403);
    expect(lines.length - before).toBe(5);
  });

  it('every answer carries a strict policy, and the API tells of itself', async () => {
    const response = await get('/api/openapi.json');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'self'");
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    const { paths } = (await response.json()) as { paths: Record<string, unknown> };
    expect(Object.keys(paths)).toEqual(
      expect.arrayContaining(['/api/overview', '/api/days/{day}', '/api/backfills']),
    );
  });
});
