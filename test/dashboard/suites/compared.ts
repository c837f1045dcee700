import { expect, it } from 'vitest';
import { listDays, ownRows } from '../support/ask-own.ts';
import type { Chosen } from '../support/chosen.ts';
import { readChanges, readTable, waitForAnswer, written } from '../support/read-page.ts';
import type { Site } from '../support/site.ts';

type Kind = keyof typeof written;

interface ComparedPage {
  readonly path: string;
  /** Metrics of all days of a range together, in the order of `sumRange`. */
  readonly sums: readonly (readonly [metric: string, kind: Kind])[];
  /** Metrics of the last day that they are known of, and how many days before the range it may be. */
  readonly lasts: readonly (readonly [metric: Metric, kind: Kind, lag: number])[];
  readonly charts: readonly (readonly [title: string, metric: Metric, kind: Kind])[];
}

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
type Metric = (typeof metrics)[number];

const pages: readonly ComparedPage[] = [
  {
    path: '/',
    sums: [
      ['dau', 'count'],
      ['events', 'count'],
      ['revenue', 'money'],
      ['arpdau', 'money'],
      ['arpu', 'money'],
    ],
    lasts: [
      ['retention_d1', 'rate', 1],
      ['retention_d7', 'rate', 7],
    ],
    charts: [['Daily active users', 'dau', 'count']],
  },
  {
    path: '/revenue',
    sums: [
      ['revenue', 'money'],
      ['ad_revenue', 'money'],
      ['arpdau', 'money'],
      ['arpu', 'money'],
      ['arppu_period', 'money'],
      ['payer_rate_period', 'rate'],
      ['paying_players', 'count'],
    ],
    lasts: [],
    charts: [
      ['ARPDAU by day', 'arpdau', 'money'],
      ['ARPPU by day', 'arppu', 'money'],
      ['Payer rate by day', 'payer_rate', 'rate'],
      ['Payers a day', 'payers', 'count'],
    ],
  },
  {
    path: '/engagement',
    sums: [
      ['active_players', 'count'],
      ['sessions_per_player', 'decimal'],
    ],
    lasts: [
      ['wau', 'count', 0],
      ['mau', 'count', 0],
      ['stickiness', 'rate', 0],
      ['session_length_p50', 'seconds', 0],
      ['session_length_p90', 'seconds', 0],
    ],
    charts: [
      ['Stickiness by day', 'stickiness', 'rate'],
      ['Sessions a player by day', 'sessions_per_player', 'decimal'],
      ['Events a session by day', 'events_per_session', 'decimal'],
    ],
  },
];

/** That what a range is compared with is what SQL says of the days before it, for a filter. */
export function comparedNumbers(site: () => Site, chosen: Chosen): void {
  /** First and last day of a range: of one whose days before are there in part, and of one with all of them. */
  const ranges = () => [[3, 7] as const, [site().days.length - 3, site().days.length - 1] as const];

  it.each(pages)('what $path is compared with', async ({ path, sums, lasts, charts }) => {
    const { show, days } = site();
    const daily = await readDays(site(), chosen);
    const valueOn = (metric: Metric, n: number) => daily[n]?.[metrics.indexOf(metric)] ?? null;
    for (const [first, last] of ranges()) {
      const length = last - first + 1;
      const [current, before] = [indices(first, last), indices(first - length, last - length)];
      const paired = current.filter((n) => n - length >= 0);
      const [ours, theirs] = await Promise.all([
        sumRange(site(), chosen, paired),
        sumRange(site(), chosen, before),
      ]);
      const ofSums = sums.map(([metric, kind]) => [
        metric,
        sayChange(kind, ours[metric], theirs[metric], [paired.length, length]),
      ]);
      const ofLasts = lasts.map(([metric, kind, lag]) => {
        const at = indices(first - lag, last).findLast((n) => valueOn(metric, n) !== null);
        const then = at === undefined ? null : valueOn(metric, at - length);
        const day = at === undefined ? undefined : days[at - length];
        if (at === undefined) return [metric, 'No day to compare with'];
        if (then === null) return [metric, 'Nothing to compare with'];
        return [metric, `${sayChange(kind, valueOn(metric, at), then, [1, 1])} of ${written.day(day)}`];
      });
      const search = `from=${days[first]}&to=${days[last]}${chosen.search}`;
      const { page, expectClean } = await show(`${path}?${search}`);
      await waitForAnswer(page);
      expect(await readChanges(page), search).toEqual(Object.fromEntries([...ofSums, ...ofLasts]));
      for (const [title, metric, kind] of charts) {
        const [, ...rows] = await readTable(page, title);
        const expected = current.map((n) => [
          written.day(days[n]),
          written[kind](valueOn(metric, n)),
          written[kind](valueOn(metric, n - length)),
        ]);
        expect(rows, `${search}: ${title}`).toEqual(expected);
      }
      expectClean();
    }
  });
}

function sayChange(
  kind: Kind,
  ours: unknown,
  theirs: unknown,
  [compared, of]: readonly [number, number],
): string {
  const change = Number(theirs) === 0 ? '' : `${written.change(Number(ours) / Number(theirs) - 1)} `;
  const against = `against ${written[kind](theirs)}`;
  return compared === of
    ? `${change}${against}`
    : `${change}on ${compared} of ${of} days: ${written[kind](ours)} ${against}`;
}

function indices(first: number, last: number): number[] {
  const from = Math.max(0, first);
  return Array.from({ length: last - from + 1 }, (_, n) => from + n);
}

/** `metrics` of each day of the site. */
async function readDays(site: Site, chosen: Chosen): Promise<(readonly unknown[])[]> {
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
  return site.ask(`SELECT ${asked.join(', ')} FROM (${listDays(site)}) days ORDER BY day`);
}

const iap = 'coalesce(sum(amount_base), 0)::DOUBLE';
const ads = "coalesce(sum(revenue) FILTER (event_type = 'ad_watched'), 0)::DOUBLE";
const payers = "count(DISTINCT player_id) FILTER (event_type = 'purchase' AND amount > 0)";

/** Metrics of some days of the site together, by name; nothing when there are none. */
async function sumRange(
  site: Site,
  chosen: Chosen,
  days: readonly number[],
): Promise<Readonly<Record<string, unknown>>> {
  if (days.length === 0) return {};
  const within = `date IN (${days.map((n) => `DATE '${site.days[n]}'`).join(', ')})`;
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
