import pl, { type Expr, type LazyDataFrame } from 'nodejs-polars';
import { countTrailing } from './activity.ts';
import { shiftDays } from './calendar.ts';

const asNumber = (name: string) => pl.col(name).cast(pl.Float64);

/** A share or an average; null where there is nothing to divide by. */
function ratio(numerator: string, denominator: string): Expr {
  return pl
    .when(asNumber(denominator).gt(pl.lit(0)))
    .then(asNumber(numerator).div(asNumber(denominator)))
    .otherwise(pl.lit(null));
}

/**
 * One row a date that has events, sorted by date. Definitions: docs of the metrics, `sql/daily_metrics.sql`. Trailing
 * players are null unless each day of the window is complete; retention of the cohort acquired on the date is null until mature.
 */
export function buildDailyMetrics(
  activity: LazyDataFrame,
  retention: LazyDataFrame,
  dayStates: LazyDataFrame,
): LazyDataFrame {
  const joined = [
    countTrailing(activity, 7, 'wau_any'),
    countTrailing(activity, 30, 'mau_any'),
    countDormant(activity),
    ...[1, 7, 30].map((n) => retentionOf(retention, n)),
  ].reduce(
    (days, table) => days.join(table, { on: 'date', how: 'left' }),
    windowStates(dayStates).filter(pl.col('has_rows')).join(perDay(activity), { on: 'date', how: 'left' }),
  );
  const onlyIf = (condition: string, value: Expr) =>
    pl.when(pl.col(condition)).then(value).otherwise(pl.lit(null));
  return joined
    .withColumns(
      onlyIf('week_complete', pl.col('wau_any')).alias('wau'),
      onlyIf('month_complete', pl.col('mau_any')).alias('mau'),
      onlyIf('yesterday_known', pl.col('returning_any')).alias('returning_players'),
      onlyIf('yesterday_known', pl.col('resurrected_any')).alias('resurrected_players'),
      onlyIf('yesterday_known', pl.col('dormant_any').fillNull(pl.lit(0)).cast(pl.Int64)).alias(
        'dormant_players',
      ),
      asNumber('revenue').add(asNumber('ad_revenue')).alias('revenue_total'),
    )
    .withColumns(
      ratio('dau', 'mau').alias('stickiness'),
      ratio('payers', 'dau').alias('conversion_rate'),
      ratio('revenue_total', 'dau').alias('arpdau'),
      ratio('revenue', 'dau').alias('arpdau_iap'),
      ratio('revenue', 'payers').alias('arppu'),
    )
    .select(...dailyMetricsColumns)
    .sort({ by: ['date'] });
}

const dailyMetricsColumns = [
  'date',
  'dau',
  'wau',
  'mau',
  'stickiness',
  'new_players',
  'returning_players',
  'resurrected_players',
  'dormant_players',
  'events',
  'revenue',
  'ad_revenue',
  'payers',
  'conversion_rate',
  'arpdau',
  'arpdau_iap',
  'arppu',
  'retention_d1',
  'retention_d7',
  'retention_d30',
  'complete',
  'settled',
  'gaps_before',
];

function perDay(activity: LazyDataFrame): LazyDataFrame {
  const isNew = pl.col('acquisition_date').eq(pl.col('date'));
  const wasHereYesterday = pl
    .col('previous_date')
    .eq(shiftDays(pl.col('date'), -1))
    .fillNull(pl.lit(false));
  const total = (condition: Expr, name: string) => condition.sum().cast(pl.Int64).alias(name);
  return activity
    .groupBy('date')
    .agg(
      pl.len().cast(pl.Int64).alias('dau'),
      total(isNew, 'new_players'),
      total(isNew.not().and(wasHereYesterday), 'returning_any'),
      total(isNew.not().and(wasHereYesterday.not()), 'resurrected_any'),
      pl.col('events').sum().alias('events'),
      pl.col('revenue').sum().cast(pl.Decimal(18, 4)).alias('revenue'),
      pl.col('ad_revenue').sum().cast(pl.Decimal(18, 4)).alias('ad_revenue'),
      total(pl.col('is_payer'), 'payers'),
    );
}

function countDormant(activity: LazyDataFrame): LazyDataFrame {
  const tomorrow = shiftDays(pl.col('date'), 1);
  return activity
    .filter(pl.col('next_date').eq(tomorrow).fillNull(pl.lit(false)).not())
    .groupBy('date')
    .agg(pl.len().cast(pl.Int64).alias('dormant_any'))
    .withColumn(tomorrow.alias('date'));
}

function windowStates(dayStates: LazyDataFrame): LazyDataFrame {
  const completeIn = (days: number) =>
    pl
      .col('complete')
      .cast(pl.Int64)
      .rollingSum({ windowSize: days, minPeriods: days })
      .eq(pl.lit(days))
      .fillNull(pl.lit(false));
  const isFirst = pl.col('date').eq(pl.col('date').min());
  return dayStates
    .sort({ by: ['date'] })
    .withColumns(
      completeIn(7).alias('week_complete'),
      completeIn(30).alias('month_complete'),
      pl.col('complete').shift(1).fillNull(pl.lit(false)).or(isFirst).alias('yesterday_known'),
    );
}

function retentionOf(retention: LazyDataFrame, dayN: number): LazyDataFrame {
  return retention
    .filter(
      pl
        .col('day_n')
        .eq(pl.lit(dayN))
        .and(pl.col('kind').eq(pl.lit('classic'))),
    )
    .select(pl.col('cohort_date').alias('date'), pl.col('rate').alias(`retention_d${dayN}`));
}
