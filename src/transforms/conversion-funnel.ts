import pl, { type Expr, type LazyDataFrame } from 'nodejs-polars';
import type { Funnel } from '../domain/funnel.ts';
import { shiftDays } from './calendar.ts';
import { MICROSECONDS_A_DAY, toSeconds } from './durations.ts';
import { ratio } from './group-metrics.ts';

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
  const isKnown = pl.col('mature').or(pl.col('step').eq(pl.lit(1)).and(pl.col('entry_complete')));
  const ifKnown = (value: Expr, name: string) =>
    pl.when(isKnown).then(value).otherwise(pl.lit(null)).alias(name);
  return countReached(players, funnel)
    .join(stepNames(funnel), { on: 'step', how: 'left' })
    .join(entryStates(dayStates, funnel.windowDays), { on: 'entry_date', how: 'left' })
    .withColumns(pl.col('mature').fillNull(pl.lit(false)), pl.col('entry_complete').fillNull(pl.lit(false)))
    .select(
      pl.col('entry_date'),
      pl.col('step'),
      pl.col('name'),
      ifKnown(pl.col('reached'), 'players'),
      ifKnown(ratio(pl.col('reached'), 'entered'), 'rate_of_entered'),
      ifKnown(ratio(pl.col('reached'), 'reached_before'), 'rate_of_previous'),
      ifKnown(toSeconds(pl.col('p50_us')), 'seconds_from_entry_p50'),
      pl.col('mature'),
      pl.col('gaps_before'),
    )
    .sort({ by: ['entry_date', 'step'] });
}

/**
 * `funnel_steps` of all days of some players to one row a player who entered: entry_date, entered_at, and by the number of each step when
 * it was reached, in microseconds, or null. A player enters once, at the first match ever of step 1, and reaches each further step at
 * its first match at or after the time of the step before, no later than `windowDays` × 24 h after entry.
 */
export function followPlayers(steps: LazyDataFrame, funnel: Funnel): LazyDataFrame {
  const matchesOf = (step: number) =>
    steps
      .filter(pl.col('step').eq(pl.lit(step)))
      .select(pl.col('player_id'), pl.col('date'), pl.col('matched_at').cast(pl.Int64).alias('at'));
  const entered = matchesOf(1)
    .groupBy('player_id')
    .agg(pl.col('date').min().alias('entry_date'), pl.col('at').min().alias('entered_at'))
    .withColumn(pl.col('entered_at').alias('1'));
  const windowEnd = pl.col('entered_at').add(pl.lit(funnel.windowDays * MICROSECONDS_A_DAY).cast(pl.Int64));
  return numbersOf(funnel)
    .slice(1)
    .reduce((players, step) => {
      const isReached = pl
        .col('at')
        .gtEq(pl.col(String(step - 1)))
        .and(pl.col('at').ltEq(windowEnd));
      return players
        .join(matchesOf(step).select('player_id', 'at'), { on: 'player_id', how: 'left' })
        .groupBy(['player_id', 'entry_date', 'entered_at', ...reachedColumns(funnel).slice(0, step - 1)])
        .agg(pl.col('at').filter(isReached).min().alias(String(step)));
    }, entered);
}

/** One row an entry date and step: how many reached it, entered, reached the step before (null for the first), and the median time. */
function countReached(players: LazyDataFrame, funnel: Funnel): LazyDataFrame {
  return players
    .unpivot(['entry_date', 'entered_at'], reachedColumns(funnel), { variableName: 'step', valueName: 'at' })
    .groupBy(['entry_date', 'step'])
    .agg(
      pl.col('at').count().cast(pl.Int64).alias('reached'),
      pl.len().cast(pl.Int64).alias('entered'),
      pl.col('at').sub(pl.col('entered_at')).median().alias('p50_us'),
    )
    .withColumn(pl.col('step').cast(pl.Int64))
    .sort({ by: ['entry_date', 'step'] })
    .withColumn(pl.col('reached').shift(1).over('entry_date').alias('reached_before'));
}

/** By date of entry: whether it is complete, whether each day of its window is, and how many incomplete days lie before it. */
function entryStates(dayStates: LazyDataFrame, windowDays: number): LazyDataFrame {
  const days = windowDays + 1;
  const windows = dayStates
    .sort({ by: ['date'] })
    .select(
      shiftDays(pl.col('date'), -windowDays).alias('entry_date'),
      pl
        .col('complete')
        .cast(pl.Int64)
        .rollingSum({ windowSize: days, minPeriods: days })
        .eq(pl.lit(days))
        .alias('mature'),
    );
  return dayStates
    .select(
      pl.col('date').alias('entry_date'),
      pl.col('complete').alias('entry_complete'),
      pl.col('gaps_before'),
    )
    .join(windows, { on: 'entry_date', how: 'left' });
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
