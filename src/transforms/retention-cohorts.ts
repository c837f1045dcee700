import pl, { type LazyDataFrame } from 'nodejs-polars';
import { shiftDays } from './calendar.ts';

const SHORTEST_HORIZON = 30;

/**
 * Classic (day-N) retention: share of the cohort active on exactly day cohort + N. One row a cohort and N from 0 to the
 * age of the data, at least 30. A cell is mature if its cohort day and its target day are both complete; an immature one has
 * `retained` and `rate` null, a mature one that nobody came back on has 0.
 */
export function buildRetentionCohorts(
  activity: LazyDataFrame,
  players: LazyDataFrame,
  dayStates: LazyDataFrame,
): LazyDataFrame {
  const cohorts = players
    .groupBy('acquisition_date')
    .agg(pl.len().cast(pl.Int64).alias('cohort_size'))
    .select(pl.col('acquisition_date').alias('cohort_date'), pl.col('cohort_size'));
  const complete = dayStates.filter(pl.col('complete')).select('date', 'complete');
  const ages = ageColumn(cohorts, dayStates);
  const cells = cohorts
    .join(ages, { how: 'cross' })
    .withColumn(shiftDays(pl.col('cohort_date'), pl.col('day_n')).alias('target_date'))
    .filter(
      pl
        .col('day_n')
        .ltEq(pl.lit(SHORTEST_HORIZON))
        .or(pl.col('target_date').ltEq(pl.col('last_date'))),
    );
  const back = activity
    .withColumn(
      pl
        .col('date')
        .cast(pl.Int32)
        .sub(pl.col('acquisition_date').cast(pl.Int32))
        .cast(pl.Int64)
        .alias('day_n'),
    )
    .groupBy(['acquisition_date', 'day_n'])
    .agg(pl.len().cast(pl.Int64).alias('back'));
  const mature = pl.col('cohort_complete').and(pl.col('target_complete')).fillNull(pl.lit(false));
  return cells
    .join(complete, { leftOn: 'cohort_date', rightOn: 'date', how: 'left' })
    .withColumnRenamed('complete', 'cohort_complete')
    .join(complete, { leftOn: 'target_date', rightOn: 'date', how: 'left' })
    .withColumnRenamed('complete', 'target_complete')
    .join(back, { leftOn: ['cohort_date', 'day_n'], rightOn: ['acquisition_date', 'day_n'], how: 'left' })
    .withColumn(mature.alias('mature'))
    .withColumn(
      pl
        .when(pl.col('mature'))
        .then(pl.col('back').fillNull(pl.lit(0)))
        .otherwise(pl.lit(null))
        .cast(pl.Int64)
        .alias('retained'),
    )
    .select(
      pl.col('cohort_date'),
      pl.col('day_n'),
      pl.lit('classic').alias('kind'),
      pl.col('cohort_size'),
      pl.col('retained'),
      pl.col('retained').cast(pl.Float64).div(pl.col('cohort_size').cast(pl.Float64)).alias('rate'),
      pl.col('mature'),
    )
    .sort({ by: ['cohort_date', 'kind', 'day_n'] });
}

function ageColumn(cohorts: LazyDataFrame, dayStates: LazyDataFrame): LazyDataFrame {
  const last = dayStates.select(pl.col('date').max().alias('last_date'));
  const first = cohorts.select(pl.col('cohort_date').min().alias('first_date'));
  const span = pl.col('last_date').cast(pl.Int32).sub(pl.col('first_date').cast(pl.Int32));
  return first
    .join(last, { how: 'cross' })
    .withColumn(
      pl
        .intRanges(pl.lit(0), pl.maxHorizontal([span, pl.lit(SHORTEST_HORIZON)]).add(pl.lit(1)))
        .alias('day_n'),
    )
    .explode('day_n')
    .select(pl.col('day_n').cast(pl.Int64), pl.col('last_date'));
}
