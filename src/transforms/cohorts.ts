import pl, { type Expr, type LazyDataFrame } from 'nodejs-polars';
import { attachRow } from './attach-row.ts';
import { shiftDays } from './calendar.ts';
import { columnsNamed } from './columns.ts';

/** Players by the day they were acquired on: cohort_date, cohort_size. */
export function sizeCohorts(players: LazyDataFrame): LazyDataFrame {
  return players
    .groupBy(columnsNamed('acquisition_date'))
    .agg(size)
    .select(...sizes);
}

const size = pl.len().cast(pl.Int64).alias('cohort_size');
const sizes = [pl.col('acquisition_date').alias('cohort_date'), pl.col('cohort_size')];

/**
 * Each cohort once an age: day_n from 0 to the age that the cohort has on the last day known, at least `atLeast`, and
 * target_date, the day on which it has that age.
 */
export function spreadAges(cohorts: LazyDataFrame, dayStates: LazyDataFrame, atLeast: number): LazyDataFrame {
  return attachRow(cohorts, dayStates.select(lastDate))
    .withColumn(agesUpTo(atLeast))
    .explode('day_n')
    .drop('last_date')
    .withColumn(wholeAge)
    .withColumn(targetDate);
}

const lastDate = pl.col('date').max().alias('last_date');
const oldest = pl.col('last_date').cast(pl.Int32).sub(pl.col('cohort_date').cast(pl.Int32));
const wholeAge = pl.col('day_n').cast(pl.Int64);
const targetDate = shiftDays(pl.col('cohort_date'), pl.col('day_n')).alias('target_date');
const ages = new Map<number, Expr>();

function agesUpTo(atLeast: number): Expr {
  const range = () => pl.intRanges(pl.lit(0), pl.maxHorizontal([oldest, pl.lit(atLeast)]).add(pl.lit(1)));
  const known = ages.get(atLeast) ?? range().alias('day_n');
  ages.set(atLeast, known);
  return known;
}

/** Whole days from a row's acquisition date to another of its dates. */
export function ageOn(date: string): Expr {
  return pl.col(date).cast(pl.Int32).sub(pl.col('acquisition_date').cast(pl.Int32)).cast(pl.Int64);
}
