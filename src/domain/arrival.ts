import type { CheckResult } from './check-result.ts';
import type { Day } from './day.ts';
import type { Decision, Judged } from './decision.ts';
import type { ArrivalLedger, RowsByEventDay } from './ledger.ts';
import type { ArrivalMeasures } from './measures.ts';
import type { InputObject, ObjectRef } from './object-ref.ts';

/** What an arrival's lines became: all of it follows from the raw objects, the replays and the rules of reading. */
export interface ArrivalReading {
  readonly day: Day;
  /** Pinned raw objects, in key order. */
  readonly inputs: readonly InputObject[];
  /** Keys of the replays that supersede lines of them. */
  readonly replays: readonly string[];
  /** Its accepted rows, in parts. */
  readonly accepted: readonly ObjectRef[];
  readonly quarantine: ObjectRef;
  readonly ledger: ArrivalLedger;
  readonly acceptedByEventDay: RowsByEventDay;
  readonly measures: ArrivalMeasures;
  /** Bytes of the raw objects, uncompressed. */
  readonly bytes: number;
}

/** An arrival as snapshots keep it: its reading, the checks it was judged by, and what a person decided, if one did. */
export interface ArrivalRecord extends Omit<ArrivalReading, 'measures'> {
  readonly configHash: string;
  readonly checks: readonly CheckResult[];
  readonly decision: Decision | null;
}

/** What travels through Temporal of an arrival that passed its gate: where its report stands, and its sums. */
export interface AcceptedArrival {
  readonly day: Day;
  /** The report that holds its record. */
  readonly record: { readonly key: string; readonly sha256: string };
  readonly accepted: readonly ObjectRef[];
  readonly lines: number;
  readonly rejected: number;
  readonly acceptedByEventDay: RowsByEventDay;
  /** The run that accepted it. */
  readonly run: RunRef;
}

/** An arrival that waits for a person: some of its checks failed, and all of those hold the day. */
export interface HeldArrival {
  readonly day: Day;
  /** Names the data and the config that a decision binds. */
  readonly subject: string;
  readonly judged: Judged;
  readonly report: string;
  readonly lines: number;
  readonly accepted: number;
  readonly rejected: number;
  /** What did not hold, in one sentence each. */
  readonly failed: readonly string[];
}

/** Result of the activity `validate`; `details` is the report for Web UI, as markdown. */
export type ValidateResult = (AcceptedArrival | { readonly held: HeldArrival }) & {
  readonly details?: string;
};

/** A workflow run. */
export interface RunRef {
  readonly workflowId: string;
  readonly runId: string;
}
