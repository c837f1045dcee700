import pl, { type Expr, type LazyDataFrame } from 'nodejs-polars';
import { dimensions } from '../schema/tables/daily-metrics-by.ts';
import { shiftDays } from './calendar.ts';
import { columnsNamed, joinColumns } from './columns.ts';

const player = pl.col('player_id');
const date = pl.col('date');
const acquisitionDate = pl.col('acquisition_date');

/** A player's value of a dimension; an acquisition week is named by its Monday. */
function valueOf(dimension: (typeof dimensions)[number]): Expr {
  if (dimension !== 'acquisition_week') return pl.col(dimension);
  const sinceMonday = acquisitionDate.dt.weekday().cast(pl.Int32).sub(pl.lit(1).cast(pl.Int32));
  return shiftDays(acquisitionDate, pl.lit(0).cast(pl.Int32).sub(sinceMonday)).cast(pl.Utf8);
}

const traits = [
  player,
  acquisitionDate,
  ...dimensions.map((dimension) => valueOf(dimension).alias(dimension)),
];

function joinTraits(rows: LazyDataFrame, players: LazyDataFrame): LazyDataFrame {
  return rows.join(players.select(...traits), { on: joinColumns('player_id'), how: 'left' });
}

const ofDay = [date, player, pl.col('events'), pl.col('is_payer'), pl.col('revenue'), pl.col('ad_revenue')];
const dateOf = (offset: number) =>
  pl.when(player.shift(offset).eq(player)).then(date.shift(offset)).otherwise(pl.lit(null));
const neighbours = [dateOf(1).alias('previous_date'), dateOf(-1).alias('next_date')];

/**
 * `player_days` with each row's player's acquisition date and value of each dimension, and the player's active dates before and after it
 * (`previous_date`, `next_date`, null at the ends). Needs one row a player and date, and all dates of a player.
 */
export function linkActivity(playerDays: LazyDataFrame, players: LazyDataFrame): LazyDataFrame {
  const days = playerDays
    .select(...ofDay)
    .sort({ by: columnsNamed('player_id', 'date') })
    .withColumns(...neighbours);
  return joinTraits(days, players);
}

const microseconds = pl
  .col('ended_at')
  .cast(pl.Int64)
  .sub(pl.col('started_at').cast(pl.Int64))
  .alias('microseconds');
const ofSession = [date, player, pl.col('events'), microseconds];

/** Each of `sessions` with its date, player, events, length as whole `microseconds`, and the player's value of each dimension. */
export function linkSessions(sessions: LazyDataFrame, players: LazyDataFrame): LazyDataFrame {
  return joinTraits(sessions.select(...ofSession), players);
}
