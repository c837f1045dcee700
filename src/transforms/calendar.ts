import pl, { type DataFrame, type Expr } from 'nodejs-polars';
import { addDays, type Day, daysBetween } from '../domain/day.ts';

const EPOCH = '1970-01-01' as Day;

/** Days since 1970-01-01: what Polars keeps a date as. */
export function epochDay(day: Day): number {
  return daysBetween(EPOCH, day);
}

/** A day as a Polars date. */
export function dayLiteral(day: Day): Expr {
  return pl.lit(epochDay(day)).cast(pl.Int32).cast(pl.Date);
}

/** A date column moved by whole days. */
export function shiftDays(column: Expr, days: number | Expr): Expr {
  const by = typeof days === 'number' ? pl.lit(days) : days;
  return column.cast(pl.Int32).add(by.cast(pl.Int32)).cast(pl.Date);
}

/** What is known of one event day when cross-day tables are made. */
export interface DayState {
  readonly day: Day;
  /** Its own arrival day has been published. */
  readonly complete: boolean;
  /** The arrivals that may still bring rows for it have been published as well. */
  readonly settled: boolean;
  /** It has rows. */
  readonly hasRows: boolean;
}

/**
 * The states of every day from the first to the last one that has rows or whose arrival was published, in calendar order.
 * An event day is settled when all arrivals from E − `futureWindowDays` to E + `lateWindowDays` were published, those
 * before the first arrival left aside.
 */
export function listDayStates(
  withRows: ReadonlySet<Day>,
  published: ReadonlySet<Day>,
  windows: { readonly lateWindowDays: number; readonly futureWindowDays: number },
): DayState[] {
  const known = [...withRows, ...published].sort();
  const [first, last] = [known[0], known.at(-1)];
  if (first === undefined || last === undefined) return [];
  const firstArrival = [...published].sort()[0] ?? first;
  return Array.from({ length: daysBetween(first, last) + 1 }, (_, n) => {
    const day = addDays(first, n);
    const span = windows.lateWindowDays + windows.futureWindowDays + 1;
    const arrivals = Array.from({ length: span }, (_, k) => addDays(day, k - windows.futureWindowDays));
    const settled = arrivals.every((arrival) => arrival < firstArrival || published.has(arrival));
    return {
      day,
      complete: published.has(day),
      settled: settled && published.has(day),
      hasRows: withRows.has(day),
    };
  });
}

/** Day states as a frame: date, complete, settled, gaps_before (incomplete days earlier in the data), has_rows. */
export function dayStatesFrame(states: readonly DayState[]): DataFrame {
  let gaps = 0;
  const gapsBefore = states.map(({ complete }) => {
    const before = gaps;
    if (!complete) gaps += 1;
    return before;
  });
  const frame = pl.DataFrame(
    {
      date: states.map(({ day }) => epochDay(day)),
      complete: states.map(({ complete }) => complete),
      settled: states.map(({ settled }) => settled),
      gaps_before: gapsBefore,
      has_rows: states.map(({ hasRows }) => hasRows),
    },
    {
      schema: {
        date: pl.Int32,
        complete: pl.Bool,
        settled: pl.Bool,
        gaps_before: pl.Int64,
        has_rows: pl.Bool,
      },
    },
  );
  return frame.withColumn(pl.col('date').cast(pl.Date));
}
