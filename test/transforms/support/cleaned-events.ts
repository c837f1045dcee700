import pl, { type DataFrame, type LazyDataFrame } from 'nodejs-polars';
import { addDays, type Day, startOfDay } from '../../../src/domain/day.ts';
import { type PropertyName, propertyNames, propertyOf } from '../../../src/schema/contract.ts';

/** One event as a test writes it; what is left out is null. */
export interface EventRow extends Readonly<Partial<Record<PropertyName, unknown>>> {
  readonly player: string;
  readonly type: string;
  /** Microseconds after day 0 began. */
  readonly at: number;
  readonly amount_base?: number | null;
}

export const SECOND = 1_000_000;
export const HOUR = 3600 * SECOND;
export const DAY = 24 * HOUR;

const moneyColumns = [...propertyNames.filter((name) => propertyOf(name).kind === 'money'), 'amount_base'];
const dtypes = { text: pl.Utf8, integer: pl.Int64, number: pl.Float64, money: pl.Float64, boolean: pl.Bool };

/** The n-th day of the tests; day 0 is 2026-01-01, a Thursday. */
export function day(n: number): Day {
  return addDays('2026-01-01' as Day, n);
}

/** Events as `events_cleaned` has them, in the order given. */
export function cleanedEvents(rows: readonly EventRow[]): DataFrame {
  const columns = ['player_id', 'event_type', 'timestamp', ...propertyNames, 'amount_base'];
  const records = rows.map(({ player, type, at, ...properties }) => ({
    player_id: player,
    event_type: type,
    timestamp: startOfDay(day(0)) * 1000 + at,
    ...properties,
  })) as Record<string, unknown>[];
  const frame = pl.DataFrame(
    {
      event_id: rows.map((_, n) => `e-${n}`),
      ...Object.fromEntries(columns.map((name) => [name, records.map((row) => row[name] ?? null)])),
    },
    {
      schema: {
        event_id: pl.Utf8,
        player_id: pl.Utf8,
        event_type: pl.Utf8,
        timestamp: pl.Int64,
        ...Object.fromEntries(propertyNames.map((name) => [name, dtypes[propertyOf(name).kind]])),
        amount_base: pl.Float64,
      },
    },
  );
  return frame
    .withColumns(
      pl.col('timestamp').cast(pl.Datetime('us', 'UTC')),
      ...moneyColumns.map((name) => pl.col(name).cast(pl.Decimal(18, 4))),
    )
    .withColumns(
      pl.col('timestamp').cast(pl.Date).alias('date'),
      pl.col('timestamp').dt.hour().cast(pl.Int8).alias('hour'),
      pl.col('timestamp').dt.weekday().cast(pl.Int8).alias('weekday'),
    );
}

/** A transform of one event day run on each day that the events are of, as one table. */
export function eachDay(
  events: readonly EventRow[],
  transform: (events: LazyDataFrame) => LazyDataFrame,
): LazyDataFrame {
  const days = [...new Set(events.map(({ at }) => Math.floor(at / DAY)))].sort((a, b) => a - b);
  if (days.length === 0) return transform(cleanedEvents([]).lazy());
  return pl.concat(
    days.map((n) => transform(cleanedEvents(events.filter(({ at }) => Math.floor(at / DAY) === n)).lazy())),
  );
}
