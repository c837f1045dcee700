import type { Day } from './day.ts';
import type { ReasonCode } from './reason.ts';

/** Where each line of one arrival went: lines = accepted + Σ rejected + superseded. Counts of lines. */
export interface ArrivalLedger {
  readonly lines: number;
  readonly accepted: number;
  readonly rejected: Readonly<Partial<Record<ReasonCode, number>>>;
  readonly superseded: number;
}

/** Where each row of one event day went: cameIn = kept + exactDuplicates + conflictingDuplicates. Counts of rows. */
export interface EventDayLedger {
  readonly cameIn: number;
  readonly kept: number;
  readonly exactDuplicates: number;
  readonly conflictingDuplicates: number;
}

/** Rows of one arrival by the event day that they belong to. */
export type RowsByEventDay = Readonly<Record<Day, number>>;

/** All lines of a ledger that were rejected, whatever the reason. */
export function countRejected(ledger: ArrivalLedger): number {
  return sum(Object.values(ledger.rejected));
}

/** What an arrival's ledger is off by, in lines; 0 when every line is accounted for. */
export function imbalanceOfArrival(ledger: ArrivalLedger): number {
  return ledger.lines - ledger.accepted - countRejected(ledger) - ledger.superseded;
}

/** What an event day's ledger is off by, in rows; 0 when every row is accounted for. */
export function imbalanceOfEventDay(ledger: EventDayLedger): number {
  return ledger.cameIn - ledger.kept - ledger.exactDuplicates - ledger.conflictingDuplicates;
}

/** The sum of the numbers; 0 of none. */
export function sum(numbers: Iterable<number>): number {
  let total = 0;
  for (const n of numbers) total += n;
  return total;
}
