import pl, { type Expr, type LazyDataFrame } from 'nodejs-polars';
import { columnsNamed, columnsOf, joinColumns } from './columns.ts';
import {
  countDormant,
  countTrailing,
  measureActivity,
  monthly,
  onlyWhereKnown,
  ratio,
  ratios,
  weekly,
  windowStates,
} from './group-metrics.ts';

const date = pl.col('date');
const none = pl.lit(0).cast(pl.Int64);
const noMoney = pl.lit(0).cast(pl.Decimal(18, 4));
const isKnown = pl.col('complete').or(pl.col('has_rows'));
/** `nothing` where nothing happened on a date of which something is known; null where nothing is. */
const onlyIfKnown = (name: string, nothing: Expr) =>
  pl.when(isKnown).then(pl.col(name).fillNull(nothing)).otherwise(pl.lit(null)).alias(name);
const counts = [
  'dau',
  'new_players',
  'returning_players',
  'resurrected_players',
  'dormant_players',
  'events',
  'sessions',
  'payers',
].map((name) => onlyIfKnown(name, none));
const sums = ['revenue', 'ad_revenue'].map((name) => onlyIfKnown(name, noMoney));
const arpuTotal = ratio(pl.col('revenue_ever').cast(pl.Float64), 'players_ever').alias('arpu_total');

/**
 * One row a date from the first to the last one known, sorted by date, from linked activity, sessions measured by date, and
 * `retention_cohorts`; definitions: schema/tables/daily-metrics.ts. Counts of a complete
 * date without events are 0; an incomplete one without events is null in all of them. Trailing players are null unless each day of
 * the window is complete; retention of the cohort acquired on the date is null until mature.
 */
export function buildDailyMetrics(
  activity: LazyDataFrame,
  sessions: LazyDataFrame,
  retention: LazyDataFrame,
  dayStates: LazyDataFrame,
): LazyDataFrame {
  const days = windowStates(dayStates);
  const joined = [
    measureActivity(activity, []),
    sessions,
    countDormant(activity, []),
    onEachDate(days, countTrailing(activity, weekly, []), lastWau),
    onEachDate(days, countTrailing(activity, monthly, []), lastMau),
    onEachDate(days, activity.groupBy(columnsNamed('date')).agg(...newcomers), ...ever),
    ...retentions.map(({ isOf, columns }) => retention.filter(isOf).select(...columns)),
  ].reduce((all, table) => all.join(table, { on: joinColumns('date'), how: 'left' }), days);
  return joined
    .withColumns(...counts, ...sums)
    .withColumns(...onlyWhereKnown)
    .withColumns(...ratios, arpuTotal)
    .select(...columnsOf('daily_metrics'))
    .sort({ by: columnsNamed('date') });
}

const lastWau = pl.col('wau').forwardFill().fillNull(none);
const lastMau = pl.col('mau').forwardFill().fillNull(none);
const newcomers = [
  pl.col('previous_date').isNull().sum().cast(pl.Int64).alias('players'),
  pl.col('revenue').sum().cast(pl.Decimal(18, 4)).alias('revenue'),
];
/** Players and IAP revenue up to and with each date. */
const ever = [
  pl.col('players').fillNull(none).cumSum().alias('players_ever'),
  pl.col('revenue').fillNull(noMoney).cumSum().alias('revenue_ever'),
];

/** `columns` on every date in order, of a frame that has some of them. */
function onEachDate(days: LazyDataFrame, some: LazyDataFrame, ...columns: readonly Expr[]): LazyDataFrame {
  return days
    .select(date)
    .join(some, { on: joinColumns('date'), how: 'left' })
    .sort({ by: columnsNamed('date') })
    .select(date, ...columns);
}

const retentions = [1, 7, 30].map((n) => ({
  isOf: pl
    .col('day_n')
    .eq(pl.lit(n))
    .and(pl.col('kind').eq(pl.lit('classic'))),
  columns: [pl.col('cohort_date').alias('date'), pl.col('rate').alias(`retention_d${n}`)],
}));
