import pl, { type LazyDataFrame } from 'nodejs-polars';

/**
 * One row a player with at least one accepted event, sorted by player. `acquisition_date` is the earliest of the profile's
 * date, the registration event and the first event; `acquisition_basis` says which. Country, platform and source are the
 * profile's, else the latest that an event told.
 */
export function buildPlayers(playerDays: LazyDataFrame, profiles: LazyDataFrame): LazyDataFrame {
  const known = (name: string) => pl.col(name).filter(pl.col(name).isNotNull()).last().alias(`event_${name}`);
  const lifetime = playerDays
    .sort({ by: ['player_id', 'date'] })
    .groupBy('player_id')
    .agg(
      pl.col('date').min().alias('first_active_date'),
      pl.col('date').max().alias('last_active_date'),
      pl.col('date').filter(pl.col('registered')).min().alias('registered_date'),
      pl.len().cast(pl.Int64).alias('active_days'),
      pl.col('events').sum().alias('events'),
      pl.col('session_starts').sum().alias('session_starts'),
      pl.col('highest_level').max().alias('highest_level'),
      pl.col('purchases').sum().alias('purchases'),
      pl.col('is_payer').any().alias('is_payer'),
      pl.col('revenue').sum().cast(pl.Decimal(18, 4)).alias('revenue'),
      pl.col('ad_revenue').sum().cast(pl.Decimal(18, 4)).alias('ad_revenue'),
      known('country'),
      known('platform'),
      known('source'),
    );
  const acquired = pl.minHorizontal([
    pl.col('profile_date'),
    pl.col('registered_date'),
    pl.col('first_active_date'),
  ]);
  const either = (name: string) =>
    pl
      .when(pl.col(name).isNotNull())
      .then(pl.col(name))
      .otherwise(pl.col(`event_${name}`))
      .alias(name);
  return lifetime
    .join(profiles, { on: 'player_id', how: 'left' })
    .withColumns(acquired.alias('acquisition_date'), either('country'), either('platform'), either('source'))
    .withColumn(
      pl
        .when(pl.col('acquisition_date').eq(pl.col('profile_date')))
        .then(pl.lit('profile'))
        .when(pl.col('acquisition_date').eq(pl.col('registered_date')))
        .then(pl.lit('registration'))
        .otherwise(pl.lit('first_event'))
        .alias('acquisition_basis'),
    )
    .select(
      'player_id',
      'acquisition_date',
      'acquisition_basis',
      'segment',
      'country',
      'platform',
      'source',
      'first_active_date',
      'last_active_date',
      'active_days',
      'events',
      'session_starts',
      'highest_level',
      'purchases',
      'revenue',
      'ad_revenue',
      'is_payer',
    )
    .sort({ by: ['player_id'] });
}
