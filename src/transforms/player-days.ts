import pl, { type Expr, type LazyDataFrame } from 'nodejs-polars';
import { eventTypeNames } from '../schema/contract.ts';
import { countColumnOf } from '../schema/tables/player-days.ts';
import { columnsNamed, columnsOf } from './columns.ts';
import { count, money, ofType } from './sums.ts';

const timestamp = pl.col('timestamp');
const amountBase = pl.col('amount_base');
const isPurchase = ofType('purchase');
const lastKnown = (name: string): Expr => pl.col(name).filter(pl.col(name).isNotNull()).last().alias(name);

const metrics = [
  pl.len().cast(pl.Int64).alias('events'),
  timestamp.min().alias('first_event_at'),
  timestamp.max().alias('last_event_at'),
  ...eventTypeNames.map((type) => count(ofType(type), countColumnOf(type))),
  count(ofType('level_complete').and(pl.col('success')), 'levels_completed'),
  pl.col('level').max().alias('highest_level'),
  count(isPurchase.and(amountBase.isNull()), 'purchases_unconverted'),
  isPurchase
    .and(pl.col('amount').cast(pl.Float64).gt(pl.lit(0)))
    .any()
    .alias('is_payer'),
  money(amountBase, 'revenue'),
  money(pl.col('revenue').filter(ofType('ad_watched')), 'ad_revenue'),
  lastKnown('country'),
  lastKnown('platform'),
  lastKnown('source'),
];

/**
 * One event day's `events_cleaned` to one row a player who had an event on it, sorted by player. `revenue` is the sum of
 * `amount_base`; purchases without one are counted in `purchases_unconverted`. A payer bought for more than 0 in any currency.
 * Events must be sorted by player, time and id: the last country, platform and source that one tells stay.
 */
export function aggregatePlayerDays(events: LazyDataFrame): LazyDataFrame {
  return events
    .groupBy(columnsNamed('date', 'player_id'))
    .agg(...metrics)
    .select(...columnsOf('player_days'))
    .sort({ by: columnsNamed('date', 'player_id') });
}
