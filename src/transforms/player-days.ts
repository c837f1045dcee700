import pl, { type Expr, type LazyDataFrame } from 'nodejs-polars';

const ofType = (type: string) => pl.col('event_type').eq(pl.lit(type));
const countOf = (type: string, name: string) => ofType(type).sum().cast(pl.Int64).alias(name);
const lastKnown = (name: string): Expr => pl.col(name).filter(pl.col(name).isNotNull()).last().alias(name);

/**
 * One event day's `events_cleaned` to one row a player who had an event on it, sorted by player. `revenue` is the sum of
 * purchases in the base currency; those in others are counted in `purchases_other_currency` and left out of it. A payer bought for
 * more than 0 in any currency. Money is decimal, never a float.
 */
export function aggregatePlayerDays(events: LazyDataFrame, baseCurrency: string): LazyDataFrame {
  const inBase = ofType('purchase').and(pl.col('currency').eq(pl.lit(baseCurrency)));
  return events
    .groupBy(['date', 'player_id'])
    .agg(
      pl.len().cast(pl.Int64).alias('events'),
      pl.col('timestamp').min().alias('first_event_at'),
      pl.col('timestamp').max().alias('last_event_at'),
      ofType('player_registered').any().alias('registered'),
      countOf('session_start', 'session_starts'),
      countOf('level_start', 'level_starts'),
      ofType('level_complete').and(pl.col('success')).sum().cast(pl.Int64).alias('levels_completed'),
      pl.col('level').max().alias('highest_level'),
      countOf('achievement_unlocked', 'achievements'),
      countOf('purchase', 'purchases'),
      ofType('purchase').and(inBase.not()).sum().cast(pl.Int64).alias('purchases_other_currency'),
      ofType('purchase')
        .and(pl.col('amount').cast(pl.Float64).gt(pl.lit(0)))
        .any()
        .alias('is_payer'),
      pl.col('amount').filter(inBase).sum().cast(pl.Decimal(18, 4)).alias('revenue'),
      countOf('ad_watched', 'ads_watched'),
      pl.col('revenue').filter(ofType('ad_watched')).sum().cast(pl.Decimal(18, 4)).alias('ad_revenue'),
      lastKnown('country'),
      lastKnown('platform'),
      lastKnown('source'),
    )
    .sort({ by: ['player_id'] });
}
