import pl, { type Expr, type LazyDataFrame } from 'nodejs-polars';
import { columnsNamed, columnsOf, joinColumns } from './columns.ts';
import { toMicroseconds, toSeconds } from './durations.ts';
import { count } from './sums.ts';

const date = pl.col('date');
const starts = pl.col('starts');
const wins = pl.col('wins');
const hasWon = wins.gt(pl.lit(0));
const share = (part: string, whole: string, name: string) =>
  pl.col(part).cast(pl.Float64).div(pl.col(whole).cast(pl.Float64)).alias(name);

const winDate = pl.col('win_date');
const firstWin = date.min().alias('win_date');
const none = pl.lit(null);
const isUntilWin = date.ltEq(winDate).fillNull(pl.lit(false));
const untilWin = (wholeDay: Expr, partOfDay: Expr) =>
  pl
    .when(isUntilWin)
    .then(pl.when(date.eq(winDate)).then(partOfDay).otherwise(wholeDay))
    .otherwise(none);
const timeUntilWin = untilWin(
  toMicroseconds(pl.col('time_spent_s')),
  toMicroseconds(pl.col('time_until_win_s')),
);
/** Beside each row of `player_levels`, what of it counts. What is chosen by row here is quick, and slow within groups. */
const parts = [
  pl
    .when(starts.gt(pl.lit(0)))
    .then(date)
    .otherwise(none)
    .alias('started_on'),
  untilWin(starts, pl.col('starts_until_win')).alias('starts_to_win'),
  timeUntilWin.alias('time_us'),
  isUntilWin.and(timeUntilWin.isNull()).cast(pl.Int64).alias('unknown_times'),
];
const totals = [
  pl.col('started_on').min().alias('date'),
  starts.sum().alias('attempts'),
  wins.sum(),
  pl.col('starts_to_win').sum().alias('attempts_to_win'),
  pl.col('time_us').sum(),
  pl.col('unknown_times').sum(),
];
/** Of a player and level: the date of the first start or null, all attempts and wins, and what it took to win, if it was won. */
const tries = [
  ...columnsNamed('player_id', 'level', 'date', 'attempts', 'wins', 'attempts_to_win'),
  pl
    .when(pl.col('unknown_times').gt(pl.lit(0)))
    .then(none)
    .otherwise(pl.col('time_us'))
    .alias('time_to_win_us'),
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
  const key = columnsNamed('player_id', 'level');
  const won = playerLevels.filter(hasWon).groupBy(key).agg(firstWin);
  return playerLevels
    .join(won, { on: joinColumns('player_id', 'level'), how: 'left' })
    .withColumns(...parts)
    .groupBy(key)
    .agg(...totals)
    .select(...tries)
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
