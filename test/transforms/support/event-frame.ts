import pl, { type LazyDataFrame } from 'nodejs-polars';
import type { Day } from '../../../src/domain/day.ts';
import { epochDay } from '../../../src/transforms/calendar.ts';

export const MINUTE = 60_000_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** An event of `events_cleaned`; `at` is in microseconds since 1970 UTC, money is the text of a number in the base currency. */
export interface CleanEvent {
  readonly player: string;
  readonly at: number;
  readonly type?: string;
  /** Amount of a purchase; without a rate for its currency, `amount_base` is null. */
  readonly amount?: string;
  readonly hasRate?: boolean;
  readonly adRevenue?: string;
}

/** Microseconds since 1970 of a day and a time of it, `HH:MM[:SS[.ffffff]]`. */
export function micros(day: Day, time: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = time.split(':').map(Number);
  return epochDay(day) * DAY + hours * HOUR + minutes * MINUTE + Math.round(seconds * 1_000_000);
}

/** Events as a frame of `events_cleaned`, in the order given, with the columns that transforms read. */
export function eventFrame(events: readonly CleanEvent[]): LazyDataFrame {
  const none = events.map(() => null);
  const frame = pl.DataFrame(
    {
      event_id: events.map((_, n) => `e-${n}`),
      player_id: events.map(({ player }) => player),
      event_type: events.map(typeOf),
      timestamp: events.map(({ at }) => at),
      country: none,
      platform: none,
      source: none,
      level: none,
      success: none,
      amount: events.map(({ amount }) => amount ?? null),
      currency: events.map(({ amount, hasRate }) => currencyOf(amount, hasRate)),
      revenue: events.map(({ adRevenue }) => adRevenue ?? null),
      amount_base: events.map(({ amount, hasRate }) => (hasRate === false ? null : (amount ?? null))),
    },
    { schema },
  );
  return frame
    .lazy()
    .withColumns(
      pl.col('timestamp').cast(pl.Datetime('us', 'UTC')),
      ...['amount', 'revenue', 'amount_base'].map((name) => pl.col(name).cast(pl.Decimal(18, 4))),
    )
    .withColumn(pl.col('timestamp').cast(pl.Date).alias('date'));
}

const schema = {
  event_id: pl.Utf8,
  player_id: pl.Utf8,
  event_type: pl.Utf8,
  timestamp: pl.Int64,
  country: pl.Utf8,
  platform: pl.Utf8,
  source: pl.Utf8,
  level: pl.Int64,
  success: pl.Bool,
  amount: pl.Utf8,
  currency: pl.Utf8,
  revenue: pl.Utf8,
  amount_base: pl.Utf8,
};

function typeOf({ type, amount, adRevenue }: CleanEvent): string {
  if (type !== undefined) return type;
  if (amount !== undefined) return 'purchase';
  return adRevenue === undefined ? 'level_start' : 'ad_watched';
}

function currencyOf(amount: string | undefined, hasRate: boolean | undefined): string | null {
  if (amount === undefined) return null;
  return hasRate === false ? 'XTS' : 'USD';
}
