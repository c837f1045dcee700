import pl, { type Expr, type LazyDataFrame } from 'nodejs-polars';
import { shiftDays } from './calendar.ts';
import { columnsNamed } from './columns.ts';
import { toSeconds } from './durations.ts';
import { count, money } from './sums.ts';

/** Players are told apart by these columns; none for all players together. */
export type GroupColumns = readonly string[];

const date = pl.col('date');
const events = pl.col('events');
const zero = pl.lit(0);
const one = pl.lit(1).cast(pl.Int64);
const isFalseOrUnknown = pl.lit(false);
const isNew = pl.col('acquisition_date').eq(date);
const wasHere = pl.col('previous_date').eq(shiftDays(date, -1)).fillNull(isFalseOrUnknown);

/** A share or an average; null where there is nothing to divide by. */
export function ratio(numerator: Expr, denominator: string): Expr {
  const divisor = pl.col(denominator).cast(pl.Float64);
  return pl.when(divisor.gt(zero)).then(numerator.cast(pl.Float64).div(divisor)).otherwise(pl.lit(null));
}

const activityMetrics = [
  pl.len().cast(pl.Int64).alias('dau'),
  count(isNew, 'new_players'),
  count(isNew.not().and(wasHere), 'returning_players'),
  count(isNew.not().and(wasHere.not()), 'resurrected_players'),
  events.sum().alias('events'),
  money(pl.col('revenue'), 'revenue'),
  money(pl.col('ad_revenue'), 'ad_revenue'),
  count(pl.col('is_payer'), 'payers'),
];

/**
 * What adds up over the players of a group, by date and the columns `by` that players share: linked activity in, one row a date and group
 * with activity out; lifecycle counts as if the day before were complete.
 */
export function measureActivity(activity: LazyDataFrame, by: GroupColumns): LazyDataFrame {
  return activity.groupBy(columnsNamed('date', ...by)).agg(...activityMetrics);
}

const tomorrow = shiftDays(date, 1).alias('date');
const isGone = pl.col('next_date').eq(shiftDays(date, 1)).fillNull(isFalseOrUnknown).not();
const dormant = pl.len().cast(pl.Int64).alias('dormant_players');

/** Players of a group who were active the day before and are not on the date: date, `by`, dormant_players, where there are any. */
export function countDormant(activity: LazyDataFrame, by: GroupColumns): LazyDataFrame {
  return activity
    .filter(isGone)
    .groupBy(columnsNamed('date', ...by))
    .agg(dormant)
    .withColumn(tomorrow);
}

/** A number of distinct players over the trailing days. */
interface TrailingCount {
  readonly name: 'wau' | 'mau';
  readonly end: Expr;
}

const trailing = (name: TrailingCount['name'], days: number): TrailingCount => ({
  name,
  end: pl.minHorizontal([shiftDays(date, days), pl.col('next_date')]).alias('date'),
});

/** Distinct players over the trailing 7 days. */
export const weekly = trailing('wau', 7);

/** Distinct players over the trailing 30 days. */
export const monthly = trailing('mau', 30);

const begins = one.alias('change');
const ends = pl.lit(-1).cast(pl.Int64).alias('change');
const change = pl.col('change');
const total = change.sum();
const running = change.cumSum();

/**
 * Distinct players of a group over trailing days: date, `by`, the count's name, for the dates on which that changes. Each active day covers
 * the dates from itself to the player's next one, at most as many as the window has; what begins less what ends, summed up, is the
 * number that a date is covered by.
 */
export function countTrailing(
  activity: LazyDataFrame,
  { name, end }: TrailingCount,
  by: GroupColumns,
): LazyDataFrame {
  const groups = columnsNamed(...by);
  const sorted = pl
    .concat([activity.select(date, ...groups, begins), activity.select(end, ...groups, ends)])
    .groupBy(columnsNamed('date', ...by))
    .agg(total)
    .sort({ by: columnsNamed(...by, 'date') });
  return sorted.select(date, ...groups, runningIn(by, name));
}

const runningSums = new Map<string, Expr>();

function runningIn(by: GroupColumns, name: string): Expr {
  const key = [name, ...by].join(' ');
  const inGroup = () => (by.length === 0 ? running : running.over(...(by as [string, ...string[]])));
  const known = runningSums.get(key) ?? inGroup().alias(name);
  runningSums.set(key, known);
  return known;
}

const length = pl.col('microseconds');

const sessionMetrics = [
  pl.len().cast(pl.Int64).alias('sessions'),
  toSeconds(length.mean()).alias('session_length_mean'),
  toSeconds(length.quantile(0.5, 'linear')).alias('session_length_p50'),
  toSeconds(length.quantile(0.9, 'linear')).alias('session_length_p90'),
  events.sum().alias('session_events'),
];
const eventsPerSession = ratio(pl.col('session_events'), 'sessions').alias('events_per_session');

/** Linked sessions by date and `by`: their number, lengths in seconds to the microsecond, and mean number of events. */
export function measureSessions(sessions: LazyDataFrame, by: GroupColumns): LazyDataFrame {
  return sessions
    .groupBy(columnsNamed('date', ...by))
    .agg(...sessionMetrics)
    .withColumn(eventsPerSession);
}

const revenue = pl.col('revenue');

/** The ratios of a group's metrics. */
export const ratios: readonly Expr[] = [
  ratio(pl.col('dau'), 'mau').alias('stickiness'),
  ratio(pl.col('payers'), 'dau').alias('conversion_rate'),
  ratio(revenue.add(pl.col('ad_revenue')), 'dau').alias('arpdau'),
  ratio(revenue, 'dau').alias('arpdau_iap'),
  ratio(revenue, 'payers').alias('arppu'),
];

const onlyIf = (condition: string, name: string) =>
  pl.when(pl.col(condition)).then(pl.col(name)).otherwise(pl.lit(null)).alias(name);

/** Metrics that are null unless the days that they look at are complete, from day states of `windowStates` joined by date. */
export const onlyWhereKnown: readonly Expr[] = [
  onlyIf('week_complete', 'wau'),
  onlyIf('month_complete', 'mau'),
  onlyIf('yesterday_known', 'returning_players'),
  onlyIf('yesterday_known', 'resurrected_players'),
  onlyIf('yesterday_known', 'dormant_players'),
];

const complete = pl.col('complete');
const completeIn = (days: number) =>
  complete
    .cast(pl.Int64)
    .rollingSum({ windowSize: days, minPeriods: days })
    .eq(pl.lit(days))
    .fillNull(isFalseOrUnknown);
const windows = [
  completeIn(7).alias('week_complete'),
  completeIn(30).alias('month_complete'),
  complete.shift(1).fillNull(isFalseOrUnknown).or(date.eq(date.min())).alias('yesterday_known'),
];

/** Day states with what is complete up to each: week_complete, month_complete, yesterday_known (true on the first day). */
export function windowStates(dayStates: LazyDataFrame): LazyDataFrame {
  return dayStates.sort({ by: columnsNamed('date') }).withColumns(...windows);
}
