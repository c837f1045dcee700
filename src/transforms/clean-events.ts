import pl, { type Expr, type LazyDataFrame } from 'nodejs-polars';
import type { Day } from '../domain/day.ts';
import type { EventDayLedger } from '../domain/ledger.ts';
import { propertyNames } from '../schema/contract.ts';
import { dayLiteral } from './calendar.ts';

/** Accepted rows of one arrival, of any event days. */
export interface AcceptedPiece {
  readonly arrival: Day;
  readonly rows: LazyDataFrame;
}

/** The rows that stay, and where the others went. */
export interface CleanedEvents {
  readonly events: LazyDataFrame;
  readonly ledger: EventDayLedger;
}

const contractColumns = ['event_id', 'player_id', 'event_type', 'timestamp', ...propertyNames];

/**
 * One event day from all its accepted pieces: of the rows that share an `event_id` the one with the smallest
 * (arrival day, timestamp, canonical row text) stays, so that neither order nor split of the files matters. A row that
 * equals another in all contract fields is an exact duplicate; each further variant of an id is a conflicting one.
 * `events` has one row an event, sorted by player, time and id.
 */
export async function cleanEvents(
  pieces: readonly AcceptedPiece[],
  day: Day,
  baseCurrency: string,
): Promise<CleanedEvents> {
  const rows = pl.concat(
    pieces.map((piece) => piece.rows.withColumn(dayLiteral(piece.arrival).alias('arrival_day'))),
  );
  const marked = rows
    .filter(pl.col('event_day').eq(dayLiteral(day)))
    .withColumn(pl.col('event_id').isDuplicated().alias('shared'));
  const total = await countRows(marked);
  const sharing = await marked
    .filter(pl.col('shared'))
    .withColumn(canonicalText().alias('canonical'))
    .collect();
  const ordered = sharing.sort({
    by: ['event_id', 'arrival_day', 'timestamp', 'canonical'],
    maintainOrder: true,
  });
  const kept = ordered.unique({ subset: ['event_id'], keep: 'first', maintainOrder: true });
  const variants = sharing.unique({ subset: ['event_id', 'canonical'] }).height;
  const singles = marked.filter(pl.col('shared').eq(pl.lit(false))).select(...storedColumns());
  const events = pl
    .concat([singles, kept.lazy().select(...storedColumns())])
    .withColumns(...derivedColumns(baseCurrency))
    .sort({ by: ['player_id', 'timestamp', 'event_id'], maintainOrder: true });
  const exactDuplicates = sharing.height - variants;
  const conflictingDuplicates = variants - kept.height;
  return {
    events: events.select(...outputColumns()),
    ledger: {
      cameIn: total,
      kept: total - exactDuplicates - conflictingDuplicates,
      exactDuplicates,
      conflictingDuplicates,
    },
  };
}

/** Number of rows of a lazy frame. */
export async function countRows(frame: LazyDataFrame): Promise<number> {
  const counted = await frame.select(pl.len().alias('n')).collect();
  return Number(counted.getColumn('n').get(0));
}

function canonicalText(): Expr {
  const texts = contractColumns.map((name) => pl.col(name).cast(pl.Utf8).fillNull('\u0000'));
  return pl.concatString(texts, '\u001f');
}

function storedColumns(): string[] {
  return [...contractColumns, 'arrival_day'];
}

function derivedColumns(baseCurrency: string): Expr[] {
  const isPurchase = pl.col('event_type').eq(pl.lit('purchase'));
  return [
    pl.col('timestamp').cast(pl.Datetime('us', 'UTC')),
    pl.col('timestamp').cast(pl.Date).alias('date'),
    pl.col('timestamp').dt.hour().cast(pl.Int8).alias('hour'),
    pl.col('timestamp').dt.weekday().cast(pl.Int8).alias('weekday'),
    pl
      .when(isPurchase.and(pl.col('currency').isNull()))
      .then(pl.lit(baseCurrency))
      .otherwise(pl.col('currency'))
      .alias('currency'),
  ];
}

function outputColumns(): string[] {
  const [id, player, type, timestamp, ...rest] = contractColumns as [
    string,
    string,
    string,
    string,
    ...string[],
  ];
  return [id, player, type, timestamp, 'date', 'hour', 'weekday', 'arrival_day', ...rest];
}
