import pl, { type Expr, type LazyDataFrame } from 'nodejs-polars';
import { columnsNamed, columnsOf } from './columns.ts';
import { sumOfKnown, toMicroseconds, toSeconds } from './durations.ts';
import { count, ofType } from './sums.ts';

/** A `time_spent` from here on, three years, is taken as unknown: sums of such would not stay exact. */
const END_OF_TIME_S = 1e8;

const unknown = pl.lit(null);
const no = pl.lit(false);
const isStartEvent = ofType('level_start');
const isCompleteEvent = ofType('level_complete');
const time = pl.col('time_spent');

const isTry = isStartEvent.or(isCompleteEvent);
const marks = [
  pl.col('date'),
  pl.col('player_id'),
  pl.col('level'),
  pl.col('timestamp'),
  isStartEvent.alias('is_start'),
  isCompleteEvent.alias('is_complete'),
  isCompleteEvent.and(pl.col('success').fillNull(no)).alias('is_win'),
  pl
    .when(time.lt(pl.lit(END_OF_TIME_S)))
    .then(toMicroseconds(time))
    .otherwise(unknown)
    .alias('time_us'),
];

const isStart = pl.col('is_start');
const isComplete = pl.col('is_complete');
const isWin = pl.col('is_win');
const firstOf = (mark: Expr, name: string) =>
  pl.col('timestamp').filter(mark).min().over('date', 'player_id', 'level').alias(name);
const firsts = [firstOf(isStart, 'first_start_at'), firstOf(isWin, 'first_win_at')];

const untilWin = pl.col('timestamp').ltEq(pl.col('first_win_at')).fillNull(no);
const timeOf = (mark: Expr, name: string) =>
  toSeconds(sumOfKnown(pl.col('time_us').filter(mark))).alias(name);
const metrics = [
  count(isStart, 'starts'),
  count(isWin, 'wins'),
  count(isComplete.and(isWin.not()), 'losses'),
  timeOf(isComplete, 'time_spent_s'),
  count(isStart.and(untilWin), 'starts_until_win'),
  timeOf(isComplete.and(untilWin), 'time_until_win_s'),
];
const onlyIfWon = ['starts_until_win', 'time_until_win_s'].map((name) =>
  pl.when(pl.col('first_win_at').isNotNull()).then(pl.col(name)).otherwise(unknown).alias(name),
);

/**
 * One event day's `events_cleaned` to one row a player and level with a start or a completion, sorted by these. A win is a
 * completion with success, a loss one without. `starts_until_win` and `time_until_win_s` take in what happened no later than the
 * instant of the first win, and are null without one. Times are sums of `time_spent` in seconds, exact to the microsecond; null when
 * one of the completions in it does not say how long it took.
 */
export function aggregatePlayerLevels(events: LazyDataFrame): LazyDataFrame {
  return events
    .filter(isTry)
    .select(...marks)
    .withColumns(...firsts)
    .groupBy(columnsNamed('date', 'player_id', 'level', 'first_start_at', 'first_win_at'))
    .agg(...metrics)
    .withColumns(...onlyIfWon)
    .select(...columnsOf('player_levels'))
    .sort({ by: columnsNamed('player_id', 'level') });
}
