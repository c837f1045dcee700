import type { Day } from '../../../src/domain/day.ts';
import { listDays, ownRows } from './ask-own.ts';
import type { Chosen } from './chosen.ts';
import type { Site } from './site.ts';

/** What was paid, what ads brought in, and how many players paid, over rows of `events_cleaned`. */
export const iap = 'coalesce(sum(amount_base), 0)::DOUBLE';
export const ads = "coalesce(sum(revenue) FILTER (event_type = 'ad_watched'), 0)::DOUBLE";
export const payers = "count(DISTINCT player_id) FILTER (event_type = 'purchase' AND amount > 0)";

const metrics = [
  'dau',
  'arpdau',
  'arppu',
  'payer_rate',
  'payers',
  'wau',
  'mau',
  'stickiness',
  'sessions_per_player',
  'events_per_session',
  'session_length_p50',
  'session_length_p90',
  'retention_d1',
  'retention_d7',
] as const;

/** A metric of a day. */
export type Metric = (typeof metrics)[number];

/** Metrics of each day of the site, from events, sessions and players. */
export async function readMetrics(site: Site, chosen: Chosen): Promise<Readonly<Record<Metric, unknown>>[]> {
  const [events, sessions, players] = ['events_cleaned', 'sessions', 'players'].map((table) =>
    ownRows(chosen, table),
  );
  const [begin, end] = [site.days[0], site.days.at(-1)];
  const reach = (n: number) =>
    `(SELECT count(DISTINCT player_id) FROM ${events} WHERE date BETWEEN day - ${n - 1} AND day)`;
  const since = (n: number, value: string) => `CASE WHEN day >= DATE '${begin}' + ${n - 1} THEN ${value} END`;
  const ofDay = (value: string) => `(SELECT ${value} FROM ${events} WHERE date = day)`;
  const ofSessions = (value: string) => `(SELECT ${value} FROM ${sessions} WHERE date = day)`;
  const retained = (n: number) => `CASE WHEN day <= DATE '${end}' - ${n} THEN (SELECT
      count(*) FILTER (player_id IN (SELECT player_id FROM ${events} WHERE date = day + ${n})) / nullif(count(*), 0)
    FROM ${players} WHERE acquisition_date = day) END`;
  const columns: Readonly<Record<Metric, string>> = {
    dau: reach(1),
    arpdau: ofDay(`(${iap} + ${ads}) / nullif(count(DISTINCT player_id), 0)`),
    arppu: ofDay(`${iap} / nullif(${payers}, 0)`),
    payer_rate: ofDay(`${payers} / nullif(count(DISTINCT player_id), 0)`),
    payers: ofDay(payers),
    wau: since(7, reach(7)),
    mau: since(30, reach(30)),
    stickiness: since(30, `${reach(1)} / ${reach(30)}`),
    sessions_per_player: `${ofSessions('count(*)')} / nullif(${reach(1)}, 0)`,
    events_per_session: ofSessions('avg(events)'),
    session_length_p50: ofSessions('quantile_cont(duration_s, 0.5)'),
    session_length_p90: ofSessions('quantile_cont(duration_s, 0.9)'),
    retention_d1: retained(1),
    retention_d7: retained(7),
  };
  const asked = metrics.map((metric) => columns[metric]);
  const rows = await site.ask(`SELECT ${asked.join(', ')} FROM (${listDays(site)}) days ORDER BY day`);
  return rows.map(
    (row) => Object.fromEntries(metrics.map((metric, n) => [metric, row[n]])) as Record<Metric, unknown>,
  );
}

/** Metrics of some days of the site together, by name; nothing when there are none. */
export async function sumRange(
  site: Site,
  chosen: Chosen,
  days: readonly Day[],
): Promise<Readonly<Record<string, unknown>>> {
  if (days.length === 0) return {};
  const within = `date IN (${days.map((day) => `DATE '${day}'`).join(', ')})`;
  const played = 'count(DISTINCT (player_id, date))';
  const values = {
    dau: `${played} / ${days.length}`,
    events: 'count(*)',
    revenue: iap,
    ad_revenue: ads,
    arpdau: `(${iap} + ${ads}) / nullif(${played}, 0)`,
    arpu: `${iap} / nullif(count(DISTINCT player_id), 0)`,
    arppu_period: `${iap} / nullif(${payers}, 0)`,
    payer_rate_period: `${payers} / nullif(count(DISTINCT player_id), 0)`,
    paying_players: payers,
    active_players: 'count(DISTINCT player_id)',
    sessions_per_player: `(SELECT count(*) FROM ${ownRows(chosen, 'sessions')} WHERE ${within}) / nullif(${played}, 0)`,
  };
  const names = Object.keys(values);
  const [row = []] = await site.ask(
    `SELECT ${Object.values(values).join(', ')} FROM ${ownRows(chosen, 'events_cleaned')} WHERE ${within}`,
  );
  return Object.fromEntries(names.map((name, n) => [name, row[n]]));
}
