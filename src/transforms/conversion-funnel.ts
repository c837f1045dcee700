import pl, { type Expr, type LazyDataFrame } from 'nodejs-polars';
import type { Funnel } from '../domain/funnel.ts';
import { onceFor } from '../domain/once.ts';
import { shiftDays } from './calendar.ts';
import { columnsNamed, joinColumns } from './columns.ts';
import { MICROSECONDS_A_DAY, toSeconds } from './durations.ts';
import { ratio } from './group-metrics.ts';

const no = pl.lit(false);
const at = pl.col('at');
const mature = pl.col('mature');
const enteredAt = pl.col('entered_at');
const isKnown = mature.or(pl.col('step').eq(pl.lit(1)).and(pl.col('entry_complete')));
const ifKnown = (value: Expr, name: string) =>
  pl.when(isKnown).then(value).otherwise(pl.lit(null)).alias(name);
const states = [mature.fillNull(no), pl.col('entry_complete').fillNull(no)];
const columns = [
  pl.col('entry_date'),
  pl.col('step'),
  pl.col('name'),
  ifKnown(pl.col('reached'), 'players'),
  ifKnown(ratio(pl.col('reached'), 'entered'), 'rate_of_entered'),
  ifKnown(ratio(pl.col('reached'), 'reached_before'), 'rate_of_previous'),
  ifKnown(toSeconds(pl.col('p50_us')), 'seconds_from_entry_p50'),
  mature,
  pl.col('gaps_before'),
];

/**
 * One row an entry date and step, sorted by these, from the players whom `followPlayers` follows. `mature`: each day from the entry date
 * to `windowDays` later is complete; until then all figures of the steps after the first are null, those of the first only when
 * the entry date itself is not complete. The median, linear, is over who reached the step.
 */
export function buildConversionFunnel(
  players: LazyDataFrame,
  dayStates: LazyDataFrame,
  funnel: Funnel,
): LazyDataFrame {
  return countReached(players, funnel)
    .join(stepNames(funnel), { on: joinColumns('step'), how: 'left' })
    .join(entryStates(dayStates, funnel), { on: joinColumns('entry_date'), how: 'left' })
    .withColumns(...states)
    .select(...columns)
    .sort({ by: columnsNamed('entry_date', 'step') });
}

const match = [pl.col('player_id'), pl.col('date'), pl.col('matched_at').cast(pl.Int64).alias('at')];
const entry = [pl.col('date').min().alias('entry_date'), at.min().alias('entered_at')];
const firstReached = enteredAt.alias('1');

/** Of each step after the first, in order: what its matches are, and when it was reached. */
const furtherSteps = onceFor((funnel: Funnel) => {
  const windowEnd = enteredAt.add(pl.lit(funnel.windowDays * MICROSECONDS_A_DAY).cast(pl.Int64));
  return numbersOf(funnel)
    .slice(1)
    .map((step) => ({
      step,
      isMatch: pl.col('step').eq(pl.lit(step)),
      reached: at
        .filter(at.gtEq(pl.col(String(step - 1))).and(at.ltEq(windowEnd)))
        .min()
        .alias(String(step)),
    }));
});
const isFirstStep = pl.col('step').eq(pl.lit(1));

/**
 * `funnel_steps` of all days of some players to one row a player who entered: entry_date, entered_at, and by the number of each step when
 * it was reached, in microseconds, or null. A player enters once, at the first match ever of step 1, and reaches each further step at
 * its first match at or after the time of the step before, no later than `windowDays` × 24 h after entry.
 */
export function followPlayers(steps: LazyDataFrame, funnel: Funnel): LazyDataFrame {
  const entered = steps
    .filter(isFirstStep)
    .select(...match)
    .groupBy(columnsNamed('player_id'))
    .agg(...entry)
    .withColumn(firstReached);
  return furtherSteps(funnel).reduce((players, { step, isMatch, reached }) => {
    const matches = steps
      .filter(isMatch)
      .select(...match)
      .select(...columnsNamed('player_id', 'at'));
    const soFar = reachedColumns(funnel).slice(0, step - 1);
    return players
      .join(matches, { on: joinColumns('player_id'), how: 'left' })
      .groupBy(columnsNamed('player_id', 'entry_date', 'entered_at', ...soFar))
      .agg(reached);
  }, entered);
}

const counts = [
  at.count().cast(pl.Int64).alias('reached'),
  pl.len().cast(pl.Int64).alias('entered'),
  at.sub(enteredAt).median().alias('p50_us'),
];
const stepNumber = pl.col('step').cast(pl.Int64);
const reachedBefore = pl.col('reached').shift(1).over('entry_date').alias('reached_before');

/** One row an entry date and step: how many reached it, entered, reached the step before (null for the first), and the median time. */
function countReached(players: LazyDataFrame, funnel: Funnel): LazyDataFrame {
  return players
    .unpivot(['entry_date', 'entered_at'], reachedColumns(funnel), { variableName: 'step', valueName: 'at' })
    .groupBy(columnsNamed('entry_date', 'step'))
    .agg(...counts)
    .withColumn(stepNumber)
    .sort({ by: columnsNamed('entry_date', 'step') })
    .withColumn(reachedBefore);
}

const windowOf = onceFor(({ windowDays }: Funnel) => {
  const days = windowDays + 1;
  const isMature = pl
    .col('complete')
    .cast(pl.Int64)
    .rollingSum({ windowSize: days, minPeriods: days })
    .eq(pl.lit(days));
  return [shiftDays(pl.col('date'), -windowDays).alias('entry_date'), isMature.alias('mature')];
});
const entryState = [
  pl.col('date').alias('entry_date'),
  pl.col('complete').alias('entry_complete'),
  pl.col('gaps_before'),
];

/** By date of entry: whether it is complete, whether each day of its window is, and how many incomplete days lie before it. */
function entryStates(dayStates: LazyDataFrame, funnel: Funnel): LazyDataFrame {
  const windows = dayStates.sort({ by: columnsNamed('date') }).select(...windowOf(funnel));
  return dayStates.select(...entryState).join(windows, { on: joinColumns('entry_date'), how: 'left' });
}

function stepNames({ steps }: Funnel): LazyDataFrame {
  const frame = pl.DataFrame(
    { step: steps.map((_, n) => n + 1), name: steps.map(({ name }) => name) },
    { schema: { step: pl.Int64, name: pl.Utf8 } },
  );
  return frame.lazy();
}

function numbersOf({ steps }: Funnel): number[] {
  return steps.map((_, n) => n + 1);
}

function reachedColumns(funnel: Funnel): string[] {
  return numbersOf(funnel).map(String);
}
