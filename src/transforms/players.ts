import pl, { type LazyDataFrame } from 'nodejs-polars';
import type { EventTypeName } from '../schema/contract.ts';
import { countColumnOf } from '../schema/tables/player-days.ts';
import { attachRow } from './attach-row.ts';
import { shiftDays } from './calendar.ts';
import { columnsNamed, columnsOf, joinColumns } from './columns.ts';
import { toSeconds } from './durations.ts';
import { money } from './sums.ts';

const WEEK = 7;
const MONTH = 30;
const date = pl.col('date');
const observedTo = pl.col('observed_to');
const isPayer = pl.col('is_payer');
const unknown = pl.lit(null);
const no = pl.lit(false);
const none = pl.lit(0).cast(pl.Int64);
const sum = (column: string, name = column) => pl.col(column).sum().cast(pl.Int64).alias(name);
const sumOf = (type: EventTypeName, name: string) => sum(countColumnOf(type), name);
const lastKnown = (name: string) =>
  pl.col(name).filter(pl.col(name).isNotNull()).last().alias(`event_${name}`);

/** Of a player's days sorted by date. */
const lifetime = [
  date.min().alias('first_active_date'),
  date.max().alias('last_active_date'),
  date
    .filter(pl.col(countColumnOf('player_registered')).gt(pl.lit(0)))
    .min()
    .alias('registered_date'),
  pl.len().cast(pl.Int64).alias('active_days'),
  sum('events'),
  pl.col('highest_level').max().alias('highest_level'),
  sum('levels_completed'),
  sumOf('achievement_unlocked', 'achievements'),
  sumOf('purchase', 'purchases'),
  sumOf('ad_watched', 'ads_watched'),
  date.filter(isPayer).min().alias('first_purchase_date'),
  date.filter(isPayer).max().alias('last_purchase_date'),
  isPayer.any().alias('is_payer'),
  money(pl.col('revenue'), 'revenue'),
  money(pl.col('ad_revenue'), 'ad_revenue'),
  lastKnown('country'),
  lastKnown('platform'),
  lastKnown('source'),
];

const within = (days: number) =>
  date.gt(shiftDays(observedTo, -days)).and(date.ltEq(observedTo)).fillNull(no);
const since = observedTo.cast(pl.Int32).sub(date.cast(pl.Int32)).min().cast(pl.Int64);
const lookingBack = [
  observedTo.first().alias('observed_to'),
  pl.maxHorizontal([since, none]).alias('days_since_active'),
  within(WEEK).sum().cast(pl.Int64).alias('active_days_7'),
  within(MONTH).sum().cast(pl.Int64).alias('active_days_30'),
  money(pl.col('revenue').filter(within(MONTH)), 'revenue_30'),
];
const onlyIfObserved = ['days_since_active', 'active_days_7', 'active_days_30', 'revenue_30'].map((name) =>
  pl.when(observedTo.isNotNull()).then(pl.col(name)).otherwise(unknown).alias(name),
);

/** From whole microseconds: sums that no order of rows can change. */
const sessionTotals = [
  pl.len().cast(pl.Int64).alias('sessions'),
  toSeconds(pl.col('ended_at').cast(pl.Int64).sub(pl.col('started_at').cast(pl.Int64)).sum()).alias(
    'session_seconds',
  ),
];

const either = (name: string) =>
  pl
    .when(pl.col(name).isNotNull())
    .then(pl.col(name))
    .otherwise(pl.col(`event_${name}`))
    .alias(name);
const acquisition = [
  pl
    .minHorizontal([pl.col('profile_date'), pl.col('registered_date'), pl.col('first_active_date')])
    .alias('acquisition_date'),
  either('country'),
  either('platform'),
  either('source'),
  pl.col('sessions').fillNull(none),
  pl.col('session_seconds').fillNull(pl.lit(0).cast(pl.Float64)),
];
const acquiredOn = (name: string) => pl.col('acquisition_date').eq(pl.col(name));
const acquisitionBasis = pl
  .when(acquiredOn('profile_date'))
  .then(pl.lit('profile'))
  .when(acquiredOn('registered_date'))
  .then(pl.lit('registration'))
  .otherwise(pl.lit('first_event'))
  .alias('acquisition_basis');

/**
 * One row a player with at least one accepted event, sorted by player; definitions: schema/tables/players.ts. `acquisition_date` is the
 * earliest of the profile's date, the registration event and the first event; `acquisition_basis` says which. Country, platform and
 * source are the profile's, else the latest that an event told. What looks back does so from the last complete day, and is null
 * where none is.
 */
export function buildPlayers(
  playerDays: LazyDataFrame,
  sessions: LazyDataFrame,
  profiles: LazyDataFrame,
  dayStates: LazyDataFrame,
): LazyDataFrame {
  const days = attachRow(playerDays, dayStates.filter(isComplete).select(horizon)).sort({
    by: columnsNamed('player_id', 'date'),
  });
  return days
    .groupBy(columnsNamed('player_id'))
    .agg(...lifetime, ...lookingBack)
    .join(countStreaks(days), { on: joinColumns('player_id'), how: 'left' })
    .join(sessions.groupBy(columnsNamed('player_id')).agg(...sessionTotals), {
      on: joinColumns('player_id'),
      how: 'left',
    })
    .join(profiles, { on: joinColumns('player_id'), how: 'left' })
    .withColumns(...acquisition, ...onlyIfObserved)
    .withColumn(acquisitionBasis)
    .select(...columnsOf('players'))
    .sort({ by: columnsNamed('player_id') });
}

const isComplete = pl.col('complete');
const horizon = date.max().alias('observed_to');
const ofDay = [pl.col('player_id'), date];
const begins = date
  .shift(1)
  .over('player_id')
  .eq(shiftDays(date, -1))
  .fillNull(no)
  .not()
  .cast(pl.Int64)
  .alias('begins');
const run = pl.col('begins').cumSum().over('player_id').alias('run');
const runLength = pl.len().cast(pl.Int64).alias('length');
const streaks = [
  pl.col('length').last().alias('current_streak'),
  pl.col('length').max().alias('longest_streak'),
];

/** Runs of active dates, each the day after the one before: player_id, current_streak (the last run's), longest_streak. */
function countStreaks(days: LazyDataFrame): LazyDataFrame {
  return days
    .select(...ofDay)
    .withColumn(begins)
    .withColumn(run)
    .groupBy(columnsNamed('player_id', 'run'))
    .agg(runLength)
    .sort({ by: columnsNamed('player_id', 'run') })
    .groupBy(columnsNamed('player_id'))
    .agg(...streaks);
}
