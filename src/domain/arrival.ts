import type { Day } from './day.ts';
import type { ArrivalLedger, RowsByEventDay } from './ledger.ts';
import type { InputObject, ObjectRef } from './object-ref.ts';

/** One measured quality check: `value` beside its `threshold`, both in `unit`. */
export interface CheckResult {
  readonly name: string;
  readonly verdict: 'passed' | 'failed';
  readonly value: number;
  readonly threshold: number;
  /** How value and threshold are compared, for example `at least`. */
  readonly comparison: 'at least' | 'at most';
  readonly unit: string;
}

/** An arrival as validate leaves it behind and snapshots keep it; all of it follows from inputs, config and code. */
export interface ArrivalRecord {
  readonly day: Day;
  /** Pinned raw objects, in key order. */
  readonly inputs: readonly InputObject[];
  readonly configHash: string;
  readonly accepted: ObjectRef;
  readonly quarantine: ObjectRef;
  readonly ledger: ArrivalLedger;
  readonly acceptedByEventDay: RowsByEventDay;
  readonly checks: readonly CheckResult[];
  /** Bytes of the raw objects, uncompressed. */
  readonly bytes: number;
}

/** What travels through Temporal of an arrival that passed its gate: where its record stands, and its sums. */
export interface AcceptedArrival {
  readonly day: Day;
  readonly record: { readonly key: string; readonly sha256: string };
  readonly accepted: ObjectRef;
  readonly lines: number;
  readonly rejected: number;
  readonly acceptedByEventDay: RowsByEventDay;
  /** The run that accepted it. */
  readonly run: RunRef;
}

/** A workflow run. */
export interface RunRef {
  readonly workflowId: string;
  readonly runId: string;
}
