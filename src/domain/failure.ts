/**
 * Names of the failures that no retry can mend, as they stand in Temporal Web UI.
 * - `DataQualityError`: a gate failed; the day stays as it was published before.
 * - `NoRawData`: there is no object under `raw/dt=` for the arrival day.
 * - `UnreadableObject`: a raw object is empty, cut off, or not what its suffix says.
 * - `AuditError`: a ledger or totals across tables do not add up, or the bucket does not have what was written; nothing was committed.
 * - `InvalidRequest`: the workflow was started with an input that it cannot take.
 * - `CatalogContention`: other runs committed first, time after time.
 * - `DayFailed`: the day that a scheduled run is for failed; its own run says why.
 */
export const failureTypes = [
  'DataQualityError',
  'NoRawData',
  'UnreadableObject',
  'AuditError',
  'InvalidRequest',
  'CatalogContention',
  'DayFailed',
] as const;

/** One of `failureTypes`. */
export type FailureType = (typeof failureTypes)[number];

/** A failure that a person has to act on: never retried, its type and message shown as they are. */
export class TerminalError extends Error {
  override readonly name: FailureType;
  /** Small, for machines: the values that the message speaks of. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(type: FailureType, message: string, details: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.name = type;
    this.details = details;
  }
}
