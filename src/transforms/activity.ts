import pl, { type LazyDataFrame } from 'nodejs-polars';
import { shiftDays } from './calendar.ts';

/**
 * `player_days` with each row's acquisition date and the player's active dates before and after it (`previous_date`,
 * `next_date`, null at the ends). Needs one row a player and date.
 */
export function linkActivity(playerDays: LazyDataFrame, players: LazyDataFrame): LazyDataFrame {
  return playerDays
    .select('date', 'player_id', 'events', 'is_payer', 'revenue', 'ad_revenue')
    .join(players.select('player_id', 'acquisition_date'), { on: 'player_id', how: 'left' })
    .sort({ by: ['player_id', 'date'] })
    .withColumns(
      pl.col('date').shift(1).over('player_id').alias('previous_date'),
      pl.col('date').shift(-1).over('player_id').alias('next_date'),
    );
}

/**
 * Distinct players over the trailing `days` days by date, from linked activity: date, `name`. Each active day covers the
 * dates from itself to the player's next one, at most `days`; what begins less what ends, summed up, is the number that a
 * date is covered by. Dates after the last activity are there as well.
 */
export function countTrailing(activity: LazyDataFrame, days: number, name: string): LazyDataFrame {
  const lapse = shiftDays(pl.col('date'), days);
  const end = pl.minHorizontal([lapse, pl.col('next_date')]);
  const begins = activity.select(pl.col('date'), pl.lit(1).cast(pl.Int64).alias('change'));
  const ends = activity.select(end.alias('date'), pl.lit(-1).cast(pl.Int64).alias('change'));
  return pl
    .concat([begins, ends])
    .groupBy('date')
    .agg(pl.col('change').sum())
    .sort({ by: ['date'] })
    .select(pl.col('date'), pl.col('change').cumSum().alias(name));
}
