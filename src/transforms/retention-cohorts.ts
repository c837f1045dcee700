import pl, { type Expr, type LazyDataFrame } from 'nodejs-polars';
import type { Bracket } from '../domain/bracket.ts';
import { attachRow } from './attach-row.ts';
import { shiftDays } from './calendar.ts';
import { ageOn, sizeCohorts, spreadAges } from './cohorts.ts';

const SHORTEST_HORIZON = 30;

const cellKey = ['cohort_date', 'kind', 'day_n', 'day_from'];

/**
 * Share of a cohort that came back: `classic` on exactly day N, `rolling` on day N or later, up to the horizon, the last complete
 * day, `bracket` at least once in days M…N. One row a cohort and N from 0 to the age of the data, at least 30, or a bracket. A
 * cell is mature if the cohort day and all days it looks at are complete: then `retained` and `rate` are known, 0 if nobody came.
 */
export function buildRetentionCohorts(
  activity: LazyDataFrame,
  players: LazyDataFrame,
  dayStates: LazyDataFrame,
  brackets: readonly Bracket[],
): LazyDataFrame {
  const cohorts = sizeCohorts(players);
  const ages = spreadAges(cohorts, dayStates, SHORTEST_HORIZON);
  const horizon = dayStates.filter(pl.col('complete')).select(pl.col('date').max().alias('observed_to'));
  const cells = pl.concat([
    classicCells(ages, activity),
    rollingCells(ages, activity, horizon),
    ...brackets.map((bracket) => bracketCells(cohorts, activity, bracket)),
  ]);
  const onlyMature = (value: Expr) => pl.when(pl.col('mature')).then(value).otherwise(pl.lit(null));
  return judgeMaturity(cells, dayStates)
    .withColumn(
      onlyMature(pl.col('back').fillNull(pl.lit(0)))
        .cast(pl.Int64)
        .alias('retained'),
    )
    .select(
      pl.col('cohort_date'),
      pl.col('day_n'),
      pl.col('kind'),
      pl.col('day_from'),
      pl.col('cohort_size'),
      pl.col('retained'),
      pl.col('retained').cast(pl.Float64).div(pl.col('cohort_size').cast(pl.Float64)).alias('rate'),
      pl.col('mature'),
      pl.col('observed_to'),
    )
    .sort({ by: cellKey });
}

function classicCells(ages: LazyDataFrame, activity: LazyDataFrame): LazyDataFrame {
  const back = countBack(activity.withColumn(ageOn('date').alias('day_n')));
  return ages
    .join(back, { on: ['cohort_date', 'day_n'], how: 'left' })
    .select(...cellColumns('classic', pl.col('day_n'), pl.col('target_date'), pl.col('target_date')));
}

/** Who was last active at age L is retained on all days up to L, so the counts by L are summed from the oldest age down. */
function rollingCells(ages: LazyDataFrame, activity: LazyDataFrame, horizon: LazyDataFrame): LazyDataFrame {
  const isLast = pl.col('next_date').gt(pl.col('observed_to')).fillNull(pl.lit(true));
  const lastSeen = attachRow(activity, horizon)
    .filter(pl.col('date').ltEq(pl.col('observed_to')).and(isLast))
    .withColumn(ageOn('date').alias('day_n'));
  return attachRow(ages, horizon)
    .join(countBack(lastSeen), { on: ['cohort_date', 'day_n'], how: 'left' })
    .sort({ by: ['cohort_date', 'day_n'] })
    .withColumn(pl.col('back').fillNull(pl.lit(0)).cumSum(true).over('cohort_date').alias('back'))
    .select(...cellColumns('rolling', pl.col('day_n'), pl.col('target_date'), pl.col('observed_to')));
}

function bracketCells(cohorts: LazyDataFrame, activity: LazyDataFrame, { from, to }: Bracket): LazyDataFrame {
  const isFirst = ageOn('previous_date').lt(pl.lit(from)).fillNull(pl.lit(true));
  const firstSeen = activity
    .filter(
      ageOn('date')
        .gtEq(pl.lit(from))
        .and(ageOn('date').ltEq(pl.lit(to)))
        .and(isFirst),
    )
    .withColumn(pl.lit(to).cast(pl.Int64).alias('day_n'));
  const dayAt = (age: number) => shiftDays(pl.col('cohort_date'), age);
  return cohorts
    .withColumn(pl.lit(to).cast(pl.Int64).alias('day_n'))
    .join(countBack(firstSeen), { on: ['cohort_date', 'day_n'], how: 'left' })
    .select(...cellColumns('bracket', pl.lit(from).cast(pl.Int64), dayAt(from), dayAt(to)));
}

function countBack(rows: LazyDataFrame): LazyDataFrame {
  return rows
    .groupBy(['acquisition_date', 'day_n'])
    .agg(pl.len().cast(pl.Int64).alias('back'))
    .withColumnRenamed('acquisition_date', 'cohort_date');
}

function cellColumns(kind: string, dayFrom: Expr, observedFrom: Expr, observedTo: Expr): Expr[] {
  return [
    pl.col('cohort_date'),
    pl.col('cohort_size'),
    pl.lit(kind).alias('kind'),
    pl.col('day_n'),
    dayFrom.alias('day_from'),
    observedFrom.alias('observed_from'),
    observedTo.alias('observed_to'),
    pl.col('back'),
  ];
}

/** Adds `mature`. Between two days that are known there is no gap if equally many gaps lie before both and the later is none. */
function judgeMaturity(cells: LazyDataFrame, dayStates: LazyDataFrame): LazyDataFrame {
  const statesOf = (name: string) =>
    dayStates.select(
      pl.col('date').alias(name),
      pl.col('complete').alias(`${name}_complete`),
      pl.col('gaps_before').alias(`${name}_gaps`),
    );
  const isComplete = pl
    .col('observed_to_complete')
    .and(pl.col('observed_from_gaps').eq(pl.col('observed_to_gaps')))
    .and(pl.col('observed_from').ltEq(pl.col('observed_to')));
  return ['cohort_date', 'observed_from', 'observed_to']
    .reduce((rows, name) => rows.join(statesOf(name), { on: name, how: 'left' }), cells)
    .withColumn(pl.col('cohort_date_complete').and(isComplete).fillNull(pl.lit(false)).alias('mature'));
}
