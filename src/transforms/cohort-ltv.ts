import pl, { type Expr, type LazyDataFrame } from 'nodejs-polars';
import { ageOn, sizeCohorts, spreadAges } from './cohorts.ts';

const nothing = pl.lit(0).cast(pl.Decimal(18, 4));
const money = (sum: Expr) => sum.cast(pl.Decimal(18, 4));

/**
 * Observed LTV: what a cohort has brought in by age N (IAP and ad revenue, cumulative) a player of it, and the share of it that
 * has ever paid by then. One row a cohort and N from 0 to the cohort's age on the last day known. Where the cohort day or day
 * cohort + N is not complete, all but the size is null; `gaps_before` counts incomplete days earlier than cohort + N.
 */
export function buildCohortLtv(
  activity: LazyDataFrame,
  players: LazyDataFrame,
  dayStates: LazyDataFrame,
): LazyDataFrame {
  const states = dayStates.select('date', 'complete', 'gaps_before');
  const mature = pl.col('cohort_complete').and(pl.col('complete')).fillNull(pl.lit(false));
  const onlyMature = (name: string, value = pl.col(name)) =>
    pl.when(pl.col('mature')).then(value).otherwise(pl.lit(null)).alias(name);
  const perPlayer = (value: Expr) => value.cast(pl.Float64).div(pl.col('cohort_size').cast(pl.Float64));
  const total = pl.col('revenue').add(pl.col('ad_revenue'));
  return accumulate(spreadAges(sizeCohorts(players), dayStates, 0), activity)
    .join(states.select(pl.col('date').alias('cohort_date'), pl.col('complete').alias('cohort_complete')), {
      on: 'cohort_date',
      how: 'left',
    })
    .join(states, { leftOn: 'target_date', rightOn: 'date', how: 'left' })
    .withColumn(mature.alias('mature'))
    .select(
      pl.col('cohort_date'),
      pl.col('day_n'),
      pl.col('cohort_size'),
      onlyMature('revenue'),
      onlyMature('ad_revenue'),
      onlyMature('ltv', perPlayer(total)),
      onlyMature('ltv_iap', perPlayer(pl.col('revenue'))),
      onlyMature('payers'),
      onlyMature('paid_share', perPlayer(pl.col('payers'))),
      pl.col('mature'),
      onlyMature('gaps_before'),
    )
    .sort({ by: ['cohort_date', 'day_n'] });
}

function accumulate(cells: LazyDataFrame, activity: LazyDataFrame): LazyDataFrame {
  const aged = activity.withColumns(
    pl.col('acquisition_date').alias('cohort_date'),
    ageOn('date').alias('day_n'),
  );
  const soFar = (name: string, none: Expr) => pl.col(name).fillNull(none).cumSum().over('cohort_date');
  return cells
    .join(sumByAge(aged), { on: ['cohort_date', 'day_n'], how: 'left' })
    .join(countFirstPayments(aged), { on: ['cohort_date', 'day_n'], how: 'left' })
    .sort({ by: ['cohort_date', 'day_n'] })
    .withColumns(
      money(soFar('revenue', nothing)).alias('revenue'),
      money(soFar('ad_revenue', nothing)).alias('ad_revenue'),
      soFar('first_payments', pl.lit(0)).cast(pl.Int64).alias('payers'),
    );
}

function sumByAge(aged: LazyDataFrame): LazyDataFrame {
  return aged
    .groupBy(['cohort_date', 'day_n'])
    .agg(money(pl.col('revenue').sum()), money(pl.col('ad_revenue').sum()));
}

function countFirstPayments(aged: LazyDataFrame): LazyDataFrame {
  return aged
    .filter(pl.col('is_payer'))
    .groupBy(['cohort_date', 'player_id'])
    .agg(pl.col('day_n').min())
    .groupBy(['cohort_date', 'day_n'])
    .agg(pl.len().cast(pl.Int64).alias('first_payments'));
}
