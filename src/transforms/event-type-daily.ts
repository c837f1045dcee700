import pl, { type LazyDataFrame } from 'nodejs-polars';
import { eventTypeNames } from '../schema/contract.ts';
import { countColumnOf } from '../schema/tables/player-days.ts';
import { columnsNamed, columnsOf } from './columns.ts';

const perType = eventTypeNames.map((type) => {
  const count = pl.col(countColumnOf(type));
  return [
    pl.lit(type).first().alias('event_type'),
    count.sum().cast(pl.Int64).alias('events'),
    count.gt(pl.lit(0)).sum().cast(pl.Int64).alias('players'),
    pl.len().cast(pl.Float64).alias('active'),
  ];
});
const adoption = pl.col('players').cast(pl.Float64).div(pl.col('active')).alias('adoption_rate');

/**
 * Events and distinct players of each event type of the contract by date that has events, and the share of the active players who had one
 * (feature adoption), sorted by date and type. From `player_days`, one row a player and date.
 */
export function buildEventTypeDaily(playerDays: LazyDataFrame): LazyDataFrame {
  return pl
    .concat(perType.map((metrics) => playerDays.groupBy(columnsNamed('date')).agg(...metrics)))
    .withColumn(adoption)
    .select(...columnsOf('event_type_daily'))
    .sort({ by: columnsNamed('date', 'event_type') });
}
