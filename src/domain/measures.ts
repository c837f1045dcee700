import type { Day } from './day.ts';

/**
 * What is measured of one arrival's own lines while they are read: what its quality checks are made from. Superseded lines
 * count in nothing.
 */
export interface ArrivalMeasures {
  /** Lines that are one JSON object, or in CSV a row of the right columns, whatever became of them. */
  readonly objects: number;
  /**
   * Required field (`player_id`) or property (`purchase.amount`) → lines that have to carry it, and those of them where it is
   * absent, null or empty.
   */
  readonly fields: Readonly<Record<string, { readonly lines: number; readonly missing: number }>>;
  /** Accepted rows by event type. */
  readonly eventTypes: Readonly<Record<string, number>>;
  /** Accepted rows beyond the first of their event day and id: all contract fields equal, or not. */
  readonly exactDuplicates: number;
  readonly conflictingDuplicates: number;
  /** Ids that stand on more than one event day. */
  readonly idsOnSeveralDays: number;
  /** Accepted rows of an event day before the arrival day. */
  readonly late: number;
  /** Accepted purchases in the base currency (or without one), and those of them above `outlierAmount`. */
  readonly purchases: number;
  readonly outliers: number;
  /** Accepted purchases in each other currency by event day; what is no ISO 4217 code stands together under `other`. */
  readonly otherCurrencies: Readonly<Record<string, Readonly<Record<Day, number>>>>;
  /** Lines with an event type, or with a top-level field or property, that the contract does not know; a line counts once. */
  readonly drifted: number;
  /** Unknown names (`event_type chat_message`, `field device`, `property model`) → lines; the 20 most frequent, ties by name. */
  readonly unknownNames: Readonly<Record<string, number>>;
}
