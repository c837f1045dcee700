import pl, { type LazyDataFrame } from 'nodejs-polars';
import { columnsNamed, joinColumns } from './columns.ts';
import { count, money, ofType } from './sums.ts';

const HOURS = 24;

const date = pl.col('date');
const [isPurchase, isAd] = [ofType('purchase'), ofType('ad_watched')];
const metrics = [
  pl.len().cast(pl.Int64).alias('events'),
  pl.col('player_id').nUnique().cast(pl.Int64).alias('players'),
  count(isPurchase, 'purchases'),
  money(pl.col('amount_base').filter(isPurchase), 'revenue'),
  count(isAd, 'ads_watched'),
  money(pl.col('revenue').filter(isAd), 'ad_revenue'),
];
const none = pl.lit(0).cast(pl.Int64);
const noMoney = pl.lit(0).cast(pl.Decimal(18, 4));
const columns = [
  date,
  date.dt.weekday().cast(pl.Int8).alias('weekday'),
  pl.col('hour'),
  pl.col('events').fillNull(none),
  pl.col('players').fillNull(none),
  pl.col('purchases').fillNull(none),
  pl.col('revenue').fillNull(noMoney),
  pl.col('ads_watched').fillNull(none),
  pl.col('ad_revenue').fillNull(noMoney),
];

/**
 * One event day's `events_cleaned` to its 24 hours, UTC, sorted; those without events have zeros. `players` are distinct in the
 * hour and do not add up over hours. `revenue` is the sum of purchases in the base currency (`amount_base`), `ad_revenue` that of ads.
 * A day without events has no rows.
 */
export function aggregateHours(events: LazyDataFrame): LazyDataFrame {
  const hours = pl
    .DataFrame({ hour: Array.from({ length: HOURS }, (_, hour) => hour) }, { schema: { hour: pl.Int8 } })
    .lazy();
  return events
    .select(date)
    .unique()
    .join(hours, { how: 'cross' })
    .join(events.groupBy(columnsNamed('date', 'hour')).agg(...metrics), {
      on: joinColumns('date', 'hour'),
      how: 'left',
    })
    .select(...columns)
    .sort({ by: columnsNamed('date', 'hour') });
}

const sums = [
  pl.col('events').sum(),
  pl.col('players').sum(),
  pl.col('purchases').sum(),
  money(pl.col('revenue'), 'revenue'),
  pl.col('ads_watched').sum(),
  money(pl.col('ad_revenue'), 'ad_revenue'),
];

/** The hours of a day from those of its players in several parts, of whom each is in one. */
export function addHours(parts: readonly LazyDataFrame[]): LazyDataFrame {
  return pl
    .concat([...parts])
    .groupBy(columnsNamed('date', 'weekday', 'hour'))
    .agg(...sums)
    .sort({ by: columnsNamed('date', 'hour') });
}
