import pl, { type LazyDataFrame } from 'nodejs-polars';
import { propertyNames, topLevelFields } from '../schema/contract.ts';
import { columnsNamed, columnsOf, joinColumns } from './columns.ts';

/** Rows by event id, each once, and how many rows and variants they were. */
export interface SettledRows {
  readonly kept: LazyDataFrame;
  readonly rows: number;
  /** Rows that differ in a contract field. */
  readonly variants: number;
  readonly ids: number;
}

const contractColumns: readonly string[] = [...topLevelFields, ...propertyNames];
const order = columnsNamed('event_id', 'arrival_day', 'timestamp', ...contractColumns.slice(1));

/**
 * Of rows that share an `event_id`, the one with the smallest (arrival day, timestamp, contract fields in their order, null before any
 * value) stays, so that neither order nor split of the files matters. A row that equals another in all contract fields is an exact
 * duplicate; each further variant of an id is a conflicting one.
 */
export async function settleDuplicates(sharing: LazyDataFrame): Promise<SettledRows> {
  const rows = await sharing.collect();
  const kept = rows.sort({ by: order }).unique({ subset: ['event_id'], keep: 'first', maintainOrder: true });
  const variants = rows.unique({ subset: [...contractColumns] }).height;
  return { kept: kept.lazy(), rows: rows.height, variants, ids: kept.height };
}

const isPurchase = pl.col('event_type').eq(pl.lit('purchase'));
const timestamp = pl.col('timestamp');
const timeColumns = [
  timestamp.cast(pl.Datetime('us', 'UTC')),
  timestamp.cast(pl.Date).alias('date'),
  timestamp.dt.hour().cast(pl.Int8).alias('hour'),
  timestamp.dt.weekday().cast(pl.Int8).alias('weekday'),
];
const amountBase = pl
  .col('amount')
  .cast(pl.Decimal(38, 12))
  .mul(pl.col('rate'))
  .cast(pl.Decimal(18, 4))
  .alias('amount_base');

/**
 * `events_cleaned` from rows of which each `event_id` has one, sorted by player, time and id. `rates` gives by currency what one unit is
 * worth in the base currency that day, as decimal text: a purchase in any other has `amount_base` null.
 */
export function finishEvents(
  rows: LazyDataFrame,
  rates: Readonly<Record<string, string>>,
  baseCurrency: string,
): LazyDataFrame {
  const currency = pl
    .when(isPurchase.and(pl.col('currency').isNull()))
    .then(pl.lit(baseCurrency))
    .otherwise(pl.col('currency'))
    .alias('currency');
  return rows
    .withColumns(...timeColumns, currency)
    .join(ratesFrame(rates), { on: joinColumns('currency'), how: 'left' })
    .withColumn(amountBase)
    .select(...columnsOf('events_cleaned'))
    .sort({ by: columnsNamed('player_id', 'timestamp', 'event_id') });
}

function ratesFrame(rates: Readonly<Record<string, string>>): LazyDataFrame {
  return pl
    .DataFrame(
      { currency: Object.keys(rates), rate: Object.values(rates) },
      { schema: { currency: pl.Utf8, rate: pl.Utf8 } },
    )
    .lazy()
    .withColumn(pl.col('rate').cast(pl.Decimal(38, 12)));
}
