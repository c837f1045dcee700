import pl, { type Expr, type LazyDataFrame } from 'nodejs-polars';
import { columnsNamed, columnsOf, joinColumns } from './columns.ts';
import { sumOfKnown, toMicroseconds, toSeconds } from './durations.ts';
import { count } from './sums.ts';

const date = pl.col('date');
const starts = pl.col('starts');
const wins = pl.col('wins');
const hasWon = wins.gt(pl.lit(0));
const share = (part: string, whole: string, name: string) =>
  pl.col(part).cast(pl.Float64).div(pl.col(whole).cast(pl.Float64)).alias(name);

const winDate = pl.col('win_date');
const firstWin = date.filter(hasWon).min().over('player_id', 'level').alias('win_date');
const untilWin = (wholeDay: Expr, partOfDay: Expr) =>
  pl.when(date.eq(winDate)).then(partOfDay).otherwise(wholeDay).filter(date.ltEq(winDate));
const times = untilWin(toMicroseconds(pl.col('time_spent_s')), toMicroseconds(pl.col('time_until_win_s')));
/** Of a player and level: the date of the first start or null, all attempts and wins, and what it took to win, if it was won. */
const tries = [
  date
    .filter(starts.gt(pl.lit(0)))
    .min()
    .alias('date'),
  starts.sum().alias('attempts'),
  wins.sum(),
  untilWin(starts, pl.col('starts_until_win')).sum().alias('attempts_to_win'),
  sumOfKnown(times).alias('time_to_win_us'),
];

const isStarted = date.isNotNull();
const metrics = [
  pl.len().cast(pl.Int64).alias('players_started'),
  count(hasWon, 'players_completed'),
  pl.col('attempts').sum(),
  wins.sum(),
  pl.col('attempts_to_win').filter(hasWon).median().alias('attempts_to_win_p50'),
  toSeconds(pl.col('time_to_win_us').filter(hasWon).median()).alias('time_to_win_s_p50'),
];
const droppedOff = pl.col('players_started').sub(pl.col('players_completed')).alias('dropped_off');
const shares = [
  share('players_completed', 'players_started', 'completion_rate'),
  share('dropped_off', 'players_started', 'drop_off_rate'),
  share('wins', 'attempts', 'attempt_success_rate'),
];
const gaps = [date, pl.col('gaps_before')];

/** `player_levels` of all days of some players to one row a player and level that the player ever started: what it took, on any day. */
export function sumUpTries(playerLevels: LazyDataFrame): LazyDataFrame {
  return playerLevels
    .withColumn(firstWin)
    .groupBy(columnsNamed('player_id', 'level'))
    .agg(...tries)
    .filter(isStarted);
}

/**
 * One row a level and date on which players started it for the first time ever, sorted by date and level, from the tries that
 * `sumUpTries` sums up. `completion_rate` is completed of started, `attempt_success_rate` wins of attempts. The medians, linear, are
 * over who completed: starts and seconds up to the first win; a time that is not wholly known is left out.
 */
export function buildLevelFunnel(triesOfPlayers: LazyDataFrame, dayStates: LazyDataFrame): LazyDataFrame {
  return triesOfPlayers
    .groupBy(columnsNamed('date', 'level'))
    .agg(...metrics)
    .withColumn(droppedOff)
    .withColumns(...shares)
    .join(dayStates.select(...gaps), { on: joinColumns('date'), how: 'left' })
    .select(...columnsOf('level_funnel'))
    .sort({ by: columnsNamed('date', 'level') });
}
