import pl, { type Expr, type LazyDataFrame } from 'nodejs-polars';
import type { Bracket } from '../domain/bracket.ts';
import { onceFor } from '../domain/once.ts';
import { attachRow } from './attach-row.ts';
import { shiftDays } from './calendar.ts';
import { ageOn, sizeCohorts, spreadAges } from './cohorts.ts';
import { columnsNamed, columnsOf, joinColumns } from './columns.ts';

const SHORTEST_HORIZON = 30;

const no = pl.lit(false);
const yes = pl.lit(true);
const none = pl.lit(0).cast(pl.Int64);
const cohortDate = pl.col('cohort_date');
const dayN = pl.col('day_n');
const back = pl.col('back');
const mature = pl.col('mature');
const retained = pl.col('retained');
const observedTo = pl.col('observed_to');
const targetDate = pl.col('target_date');
const age = ageOn('date');

const horizonOf = pl.col('date').max().alias('observed_to');
const isComplete = pl.col('complete');
const retainedIfMature = pl
  .when(mature)
  .then(back.fillNull(none))
  .otherwise(pl.lit(null))
  .cast(pl.Int64)
  .alias('retained');
const rate = retained.cast(pl.Float64).div(pl.col('cohort_size').cast(pl.Float64)).alias('rate');

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
  const horizon = dayStates.filter(isComplete).select(horizonOf);
  const cells = pl.concat([
    classicCells(ages, activity),
    rollingCells(ages, activity, horizon),
    ...brackets.map((bracket) => bracketCells(cohorts, activity, bracket)),
  ]);
  return judgeMaturity(cells, dayStates)
    .withColumn(retainedIfMature)
    .withColumn(rate)
    .select(...columnsOf('retention_cohorts'))
    .sort({ by: columnsNamed('cohort_date', 'kind', 'day_n', 'day_from') });
}

const cellColumns = (kind: string, dayFrom: Expr, observedFrom: Expr, until: Expr): readonly Expr[] => [
  cohortDate,
  pl.col('cohort_size'),
  pl.lit(kind).alias('kind'),
  dayN,
  dayFrom.alias('day_from'),
  observedFrom.alias('observed_from'),
  until.alias('observed_to'),
  back,
];
const classic = cellColumns('classic', dayN, targetDate, targetDate);
const rolling = cellColumns('rolling', dayN, targetDate, observedTo);
const ageAsDay = age.alias('day_n');

function classicCells(ages: LazyDataFrame, activity: LazyDataFrame): LazyDataFrame {
  const counted = countBack(activity.withColumn(ageAsDay));
  return ages.join(counted, { on: joinColumns('cohort_date', 'day_n'), how: 'left' }).select(...classic);
}

const isLastSeen = pl.col('date').ltEq(observedTo).and(pl.col('next_date').gt(observedTo).fillNull(yes));
const fromOldestDown = back.fillNull(none).cumSum(true).over('cohort_date').alias('back');

/** Who was last active at age L is retained on all days up to L, so the counts by L are summed from the oldest age down. */
function rollingCells(ages: LazyDataFrame, activity: LazyDataFrame, horizon: LazyDataFrame): LazyDataFrame {
  const lastSeen = attachRow(activity, horizon).filter(isLastSeen).withColumn(ageAsDay);
  return attachRow(ages, horizon)
    .join(countBack(lastSeen), { on: joinColumns('cohort_date', 'day_n'), how: 'left' })
    .sort({ by: columnsNamed('cohort_date', 'day_n') })
    .withColumn(fromOldestDown)
    .select(...rolling);
}

const ageBefore = ageOn('previous_date');

const inBracket = onceFor(({ from, to }: Bracket) => {
  const [first, last] = [pl.lit(from).cast(pl.Int64), pl.lit(to).cast(pl.Int64)];
  return {
    isFirstSeen: age.gtEq(first).and(age.ltEq(last)).and(ageBefore.lt(first).fillNull(yes)),
    dayN: last.alias('day_n'),
    cells: cellColumns('bracket', first, shiftDays(cohortDate, from), shiftDays(cohortDate, to)),
  };
});

function bracketCells(cohorts: LazyDataFrame, activity: LazyDataFrame, bracket: Bracket): LazyDataFrame {
  const { isFirstSeen, dayN: ofBracket, cells } = inBracket(bracket);
  const firstSeen = activity.filter(isFirstSeen).withColumn(ofBracket);
  return cohorts
    .withColumn(ofBracket)
    .join(countBack(firstSeen), { on: joinColumns('cohort_date', 'day_n'), how: 'left' })
    .select(...cells);
}

const count = pl.len().cast(pl.Int64).alias('back');

function countBack(rows: LazyDataFrame): LazyDataFrame {
  return rows
    .groupBy(columnsNamed('acquisition_date', 'day_n'))
    .agg(count)
    .withColumnRenamed('acquisition_date', 'cohort_date');
}

const looksAt = ['cohort_date', 'observed_from', 'observed_to'].map((name) => ({
  name,
  states: [
    pl.col('date').alias(name),
    isComplete.alias(`${name}_complete`),
    pl.col('gaps_before').alias(`${name}_gaps`),
  ],
}));
const isMature = pl
  .col('cohort_date_complete')
  .and(pl.col('observed_to_complete'))
  .and(pl.col('observed_from_gaps').eq(pl.col('observed_to_gaps')))
  .and(pl.col('observed_from').ltEq(observedTo))
  .fillNull(no)
  .alias('mature');

/** Adds `mature`. Between two days that are known there is no gap if equally many gaps lie before both and the later is none. */
function judgeMaturity(cells: LazyDataFrame, dayStates: LazyDataFrame): LazyDataFrame {
  return looksAt
    .reduce(
      (rows, { name, states }) =>
        rows.join(dayStates.select(...states), { on: joinColumns(name), how: 'left' }),
      cells,
    )
    .withColumn(isMature);
}
