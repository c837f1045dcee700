import pl, { type Expr, type LazyDataFrame } from 'nodejs-polars';
import { ageOn, sizeCohorts, spreadAges } from './cohorts.ts';
import { columnsNamed, joinColumns } from './columns.ts';
import { money } from './sums.ts';

const nothing = pl.lit(0).cast(pl.Decimal(18, 4));
const mature = pl.col('mature');
const onlyMature = (name: string, value = pl.col(name)) =>
  pl.when(mature).then(value).otherwise(pl.lit(null)).alias(name);
const perPlayer = (value: Expr) => value.cast(pl.Float64).div(pl.col('cohort_size').cast(pl.Float64));
const states = columnsNamed('date', 'complete', 'gaps_before');
const cohortState = [pl.col('date').alias('cohort_date'), pl.col('complete').alias('cohort_complete')];
const isMature = pl.col('cohort_complete').and(pl.col('complete')).fillNull(pl.lit(false)).alias('mature');
const columns = [
  pl.col('cohort_date'),
  pl.col('day_n'),
  pl.col('cohort_size'),
  onlyMature('revenue'),
  onlyMature('ad_revenue'),
  onlyMature('ltv', perPlayer(pl.col('revenue').add(pl.col('ad_revenue')))),
  onlyMature('ltv_iap', perPlayer(pl.col('revenue'))),
  onlyMature('payers'),
  onlyMature('paid_share', perPlayer(pl.col('payers'))),
  mature,
  onlyMature('gaps_before'),
];

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
  return accumulate(spreadAges(sizeCohorts(players), dayStates, 0), activity)
    .join(dayStates.select(...cohortState), { on: joinColumns('cohort_date'), how: 'left' })
    .join(dayStates.select(...states), {
      leftOn: joinColumns('target_date'),
      rightOn: joinColumns('date'),
      how: 'left',
    })
    .withColumn(isMature)
    .select(...columns)
    .sort({ by: columnsNamed('cohort_date', 'day_n') });
}

const age = [pl.col('acquisition_date').alias('cohort_date'), ageOn('date').alias('day_n')];
const soFar = (name: string, none: Expr) => pl.col(name).fillNull(none).cumSum().over('cohort_date');
const sumsSoFar = [
  soFar('revenue', nothing).cast(pl.Decimal(18, 4)).alias('revenue'),
  soFar('ad_revenue', nothing).cast(pl.Decimal(18, 4)).alias('ad_revenue'),
  soFar('first_payments', pl.lit(0)).cast(pl.Int64).alias('payers'),
];

function accumulate(cells: LazyDataFrame, activity: LazyDataFrame): LazyDataFrame {
  const aged = activity.withColumns(...age);
  return cells
    .join(sumByAge(aged), { on: joinColumns('cohort_date', 'day_n'), how: 'left' })
    .join(countFirstPayments(aged), { on: joinColumns('cohort_date', 'day_n'), how: 'left' })
    .sort({ by: columnsNamed('cohort_date', 'day_n') })
    .withColumns(...sumsSoFar);
}

const sums = [money(pl.col('revenue'), 'revenue'), money(pl.col('ad_revenue'), 'ad_revenue')];

function sumByAge(aged: LazyDataFrame): LazyDataFrame {
  return aged.groupBy(columnsNamed('cohort_date', 'day_n')).agg(...sums);
}

const isPayer = pl.col('is_payer');
const firstAge = pl.col('day_n').min();
const firstPayments = pl.len().cast(pl.Int64).alias('first_payments');

function countFirstPayments(aged: LazyDataFrame): LazyDataFrame {
  return aged
    .filter(isPayer)
    .groupBy(columnsNamed('cohort_date', 'player_id'))
    .agg(firstAge)
    .groupBy(columnsNamed('cohort_date', 'day_n'))
    .agg(firstPayments);
}
