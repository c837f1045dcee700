import pl, { type LazyDataFrame } from 'nodejs-polars';

const columns = ['date', 'player_id', 'events', 'is_payer', 'revenue', 'ad_revenue'].map((name) =>
  pl.col(name),
);
const acquisition = [pl.col('player_id'), pl.col('acquisition_date')];
const player = pl.col('player_id');
const dateOf = (offset: number) =>
  pl.when(player.shift(offset).eq(player)).then(pl.col('date').shift(offset)).otherwise(pl.lit(null));
const neighbours = [dateOf(1).alias('previous_date'), dateOf(-1).alias('next_date')];

/**
 * `player_days` with each row's acquisition date and the player's active dates before and after it (`previous_date`,
 * `next_date`, null at the ends). Needs one row a player and date.
 */
export function linkActivity(playerDays: LazyDataFrame, players: LazyDataFrame): LazyDataFrame {
  return playerDays
    .select(...columns)
    .join(players.select(...acquisition), { on: 'player_id', how: 'left' })
    .sort({ by: ['player_id', 'date'] })
    .withColumns(...neighbours);
}
