import pl, { type LazyDataFrame } from 'nodejs-polars';
import { columnsNamed } from './columns.ts';

const isUnconverted = pl.col('event_type').eq(pl.lit('purchase')).and(pl.col('amount_base').isNull());
const isPaid = pl.col('amount').cast(pl.Float64).gt(pl.lit(0));
const metrics = [
  pl.len().cast(pl.Int64).alias('purchases'),
  pl.col('player_id').filter(isPaid).nUnique().cast(pl.Int64).alias('payers'),
  pl.col('amount').sum().cast(pl.Decimal(18, 4)).alias('amount'),
];

/**
 * One event day's purchases that `revenue` leaves out, because no rate into the base currency is known: one row a currency,
 * sorted by it, mostly none. `payers` are distinct players who paid more than 0 in the currency; `amount` is in the currency itself.
 */
export function aggregateOtherRevenue(events: LazyDataFrame): LazyDataFrame {
  return events
    .filter(isUnconverted)
    .groupBy(columnsNamed('date', 'currency'))
    .agg(...metrics)
    .sort({ by: columnsNamed('date', 'currency') });
}
