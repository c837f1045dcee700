import type { DuckDBConnection } from '@duckdb/node-api';
import { addDays, type Day, daysBetween } from '../../../domain/day.ts';
import { onceFor } from '../../../domain/once.ts';
import { quote, readRows } from '../../../engine/duckdb.ts';
import type { Daily, DailyMetric, Kpi } from '../../api/daily.ts';
import type { ComparedScope } from '../../api/scope.ts';
import { readDaily } from './daily.ts';

/** How a metric of days becomes one of a range. */
export type RangeMetric =
  /** The mean over the complete days. */
  | { readonly kind: 'mean'; readonly metric: DailyMetric }
  /** The sum over the complete days. */
  | { readonly kind: 'sum'; readonly metric: DailyMetric }
  /** Σ of some metrics / Σ of another over the complete days. */
  | {
      readonly kind: 'ratio';
      readonly metric: DailyMetric | 'sessions_per_player';
      readonly of: readonly DailyMetric[];
      readonly by: DailyMetric;
    }
  /** The last complete day of which it is known, which for a range is up to `lag` days earlier. */
  | { readonly kind: 'last'; readonly metric: DailyMetric; readonly lag: number }
  /** Something of distinct players of the whole range. */
  | { readonly kind: 'distinct'; readonly metric: DistinctMetric };

/** Metrics of a period that no sum of days gives. */
export type DistinctMetric = keyof typeof distinct;

/** What they are, over rows of `player_days`. */
const distinct = {
  arpu: 'sum(revenue)::DOUBLE / nullif(count(DISTINCT player_id), 0)',
  arppu_period: 'sum(revenue)::DOUBLE / nullif(count(DISTINCT player_id) FILTER (is_payer), 0)',
  payer_rate_period: 'count(DISTINCT player_id) FILTER (is_payer) / nullif(count(DISTINCT player_id), 0)',
  active_players: 'count(DISTINCT player_id)::DOUBLE',
  paying_players: 'count(DISTINCT player_id) FILTER (is_payer)::DOUBLE',
} as const;

/** Ten-thousandths, of which sums are exact. */
const UNIT = 10_000;

/** Days of a range and of the one before, and what they are together. */
export interface Compared {
  readonly kpis: Kpi[];
  readonly daily: Daily[];
  /** Days of the range before; null when they are not asked for. */
  readonly previous: Daily[] | null;
}

/**
 * Numbers of a range beside those of as many days before it. A change is of the days alone that are complete in both, each with its
 * counterpart, so that a half-covered past is no growth.
 */
export async function compareRange(
  connection: DuckDBConnection,
  { from, to, compare }: ComparedScope,
  metrics: readonly RangeMetric[],
): Promise<Compared> {
  const length = daysBetween(from, to) + 1;
  const fromBefore = addDays(from, -length);
  const lag = Math.max(0, ...metrics.map((metric) => (metric.kind === 'last' ? metric.lag : 0)));
  const days = await readDaily(connection, { from: addDays(fromBefore, -lag), to });
  const daily = days.filter(({ date }) => date >= from);
  const complete = new Map(days.filter((day) => day.complete).map((day) => [day.date as Day, day]));
  const windows = pairDays(
    daily.filter((day) => day.complete),
    (day) => complete.get(addDays(day, -length)),
  );
  const distinctOf = onceFor((window: readonly Daily[]) => measureDistinct(connection, window));
  const kpis: Kpi[] = [];
  for (const metric of metrics) {
    const spark = daily.map((day) => ({ date: day.date, value: valueOfDay(metric, day) }));
    const measured =
      metric.kind === 'last'
        ? measureLast(metric, from, length, complete)
        : await measureWindows(metric, windows, distinctOf);
    kpis.push({ metric: metric.metric, spark, ...measured });
  }
  const before = days.filter(({ date }) => date >= fromBefore && date < from);
  return { kpis, daily, previous: compare === 'none' ? null : before };
}

function pairDays(current: readonly Daily[], findBefore: (day: Day) => Daily | undefined): Windows {
  const pairs = current.flatMap((day) => {
    const before = findBefore(day.date as Day);
    return before === undefined ? [] : [{ day, before }];
  });
  return {
    current,
    paired: pairs.length === current.length ? current : pairs.map(({ day }) => day),
    before: pairs.map(({ before }) => before),
  };
}

function valueOfDay(metric: RangeMetric, day: Daily): number | null {
  if (metric.kind === 'distinct') return null;
  return metric.kind === 'ratio' ? combine(metric, [day]) : day[metric.metric];
}

type Measured = Omit<Kpi, 'metric' | 'spark'>;

interface Windows {
  readonly current: readonly Daily[];
  readonly paired: readonly Daily[];
  readonly before: readonly Daily[];
}

async function measureWindows(
  metric: Exclude<RangeMetric, { readonly kind: 'last' }>,
  { current, paired, before }: Windows,
  distinctOf: (days: readonly Daily[]) => Promise<Distinct>,
): Promise<Measured> {
  const measure = async (days: readonly Daily[]) =>
    metric.kind === 'distinct' ? (await distinctOf(days))[metric.metric] : combine(metric, days);
  const [value, comparedValue, previous] = [
    await measure(current),
    await measure(paired),
    await measure(before),
  ];
  return {
    value,
    comparedValue,
    previous,
    change: changeOf(comparedValue, previous),
    days: current.length,
    comparedDays: paired.length,
    at: null,
    previousAt: null,
  };
}

function measureLast(
  { metric, lag }: Extract<RangeMetric, { readonly kind: 'last' }>,
  from: Day,
  length: number,
  complete: ReadonlyMap<Day, Daily>,
): Measured {
  const known = (day: Daily | undefined) => (day === undefined || day[metric] === null ? null : day);
  const last = [...complete.values()].findLast((day) => known(day) !== null);
  const current = last !== undefined && last.date >= addDays(from, -lag) ? last : null;
  const before = current && known(complete.get(addDays(current.date as Day, -length)));
  const [value, previous] = [current?.[metric] ?? null, before?.[metric] ?? null];
  return {
    value,
    comparedValue: before === null ? null : value,
    previous,
    change: changeOf(value, previous),
    days: current === null ? 0 : 1,
    comparedDays: before === null ? 0 : 1,
    at: current?.date ?? null,
    previousAt: before?.date ?? null,
  };
}

function changeOf(value: number | null, previous: number | null): number | null {
  return value === null || previous === null || previous === 0 ? null : value / previous - 1;
}

function combine(
  metric: Exclude<RangeMetric, { readonly kind: 'last' | 'distinct' }>,
  days: readonly Daily[],
): number | null {
  if (days.length === 0) return null;
  if (metric.kind === 'sum') return addUp(days, metric.metric);
  if (metric.kind === 'mean') return addUp(days, metric.metric) / days.length;
  const parts = metric.of.map((name) => addUp(days, name) * UNIT);
  const whole = addUp(days, metric.by);
  return whole === 0 ? null : Math.round(parts.reduce((a, b) => a + b, 0)) / UNIT / whole;
}

function addUp(days: readonly Daily[], metric: DailyMetric): number {
  return days.reduce((sum, day) => sum + Math.round((day[metric] ?? 0) * UNIT), 0) / UNIT;
}

type Distinct = Readonly<Record<DistinctMetric, number | null>>;

async function measureDistinct(connection: DuckDBConnection, days: readonly Daily[]): Promise<Distinct> {
  const names = Object.keys(distinct) as DistinctMetric[];
  const nothing = Object.fromEntries(names.map((name) => [name, null])) as Record<DistinctMetric, null>;
  if (days.length === 0) return nothing;
  const dates = days.map(({ date }) => `DATE ${quote(date)}`).join(', ');
  const columns = names.map((name) => `${distinct[name]} AS ${name}`);
  const [row] = await readRows(
    connection,
    `SELECT ${columns.join(', ')} FROM player_days WHERE date IN (${dates})`,
  );
  return (row as Distinct | undefined) ?? nothing;
}
