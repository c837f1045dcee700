import { z } from 'zod';
import type { ArrivalRecord, RunRef } from '../domain/arrival.ts';
import type { BuildPiece } from '../domain/build-plan.ts';
import { actions, severities, verdicts } from '../domain/check-result.ts';
import type { Day } from '../domain/day.ts';
import type { EventDayLedger } from '../domain/ledger.ts';
import type { InputObject, ObjectRef } from '../domain/object-ref.ts';
import { reasonCodes } from '../domain/reason.ts';
import { type DayTable, dayTables, type WholeTable, wholeTables } from '../domain/tables.ts';

/** A published arrival: its record, the report of its gate, and the run that accepted it. */
export interface ArrivalEntry extends ArrivalRecord {
  /** Key of the report. */
  readonly report: string;
  readonly run: RunRef;
}

/** A published event day: its pieces and the rules that it was built by, ledger and files. */
export interface EventDayEntry {
  readonly pieces: readonly BuildPiece[];
  readonly rules: string;
  readonly ledger: EventDayLedger;
  readonly tables: Readonly<Record<DayTable, ObjectRef>>;
  readonly run: RunRef;
}

/** All arrivals and event days of one calendar month. */
export interface MonthDocument {
  readonly arrivals: Readonly<Record<Day, ArrivalEntry>>;
  readonly eventDays: Readonly<Record<Day, EventDayEntry>>;
}

/** A person's order to publish an earlier snapshot again. */
export interface Rollback {
  /** Id of the snapshot whose tables are published again. */
  readonly to: string;
  readonly by: string;
  readonly why: string;
}

/** One published state of all tables; what it names is never changed. */
export interface Snapshot {
  readonly format: 1;
  readonly id: string;
  readonly parent: string | null;
  readonly sequence: number;
  /** ISO 8601 UTC. */
  readonly committedAt: string;
  /** The run that committed it; null when a rollback did. */
  readonly run: (RunRef & { readonly trigger: string }) | null;
  readonly rollback?: Rollback;
  /** Arrival days that it brought or changed. */
  readonly cause: readonly Day[];
  /** Values of complete days that it changed; null when it changed none. */
  readonly restatements: ObjectRef | null;
  readonly configHash: string;
  /** Pinned player profiles. */
  readonly profiles: readonly InputObject[];
  readonly months: Readonly<Record<string, { readonly key: string; readonly sha256: string }>>;
  readonly tables: Readonly<Record<WholeTable, ObjectRef>>;
}

/** The one object that moves. */
export interface Pointer {
  readonly format: 1;
  readonly snapshot: string;
  readonly sha256: string;
}

const count = z.int().nonnegative();
const day = z.string().transform((text) => text as Day);
const hash = z.string().regex(/^[0-9a-f]{64}$/);
const objectRef = z.object({ key: z.string(), sha256: hash, bytes: count, rows: count });
const inputObject = z.object({
  key: z.string(),
  bytes: count,
  etag: z.string(),
  versionId: z.string().nullable(),
});
const run = z.object({ workflowId: z.string(), runId: z.string() });
const rowsByDay = z.record(z.string(), count);

const ledger = z.object({
  lines: count,
  accepted: count,
  rejected: z.partialRecord(z.enum(reasonCodes), count),
  superseded: count,
});

/** Schema of an arrival's reading. */
export const arrivalReadingSchema = z.object({
  day,
  inputs: z.array(inputObject),
  replays: z.array(z.string()),
  accepted: z.array(objectRef),
  quarantine: objectRef,
  ledger,
  acceptedByEventDay: rowsByDay,
  measures: z.object({
    objects: count,
    fields: z.record(z.string(), z.object({ lines: count, missing: count })),
    eventTypes: z.record(z.string(), count),
    exactDuplicates: count,
    conflictingDuplicates: count,
    idsOnSeveralDays: count,
    late: count,
    purchases: count,
    outliers: count,
    otherCurrencies: z.record(z.string(), rowsByDay),
    drifted: count,
    unknownNames: z.record(z.string(), count),
  }),
  bytes: count,
});

/** Schema of a decision. */
export const decisionSchema = z.object({
  verdict: z.enum(['approved', 'rejected']),
  by: z.string(),
  why: z.string(),
  at: z.string(),
});

/** Schema of an arrival's record. */
export const arrivalRecordSchema = arrivalReadingSchema.omit({ measures: true }).extend({
  configHash: z.string(),
  checks: z.array(
    z.object({
      name: z.string(),
      severity: z.enum(severities),
      action: z.enum(actions),
      verdict: z.enum(verdicts),
      value: z.number().nullable(),
      threshold: z.number(),
      numerator: z.number().nullable(),
      denominator: z.number().nullable(),
      detail: z.string().nullable(),
    }),
  ),
  decision: decisionSchema.nullable(),
});

/** Schema of an event day's ledger. */
export const eventDayLedgerSchema = z.object({
  cameIn: count,
  kept: count,
  exactDuplicates: count,
  conflictingDuplicates: count,
});

/** Schema of a written object. */
export const objectRefSchema = objectRef;

/** Schema of a month's document. */
export const monthSchema = z.object({
  arrivals: z.record(z.string(), arrivalRecordSchema.extend({ report: z.string(), run })),
  eventDays: z.record(
    z.string(),
    z.object({
      pieces: z.array(
        z.object({ arrival: day, parts: z.array(z.object({ key: z.string(), sha256: hash })), rows: count }),
      ),
      rules: z.string(),
      ledger: eventDayLedgerSchema,
      tables: z.record(z.enum(dayTables), objectRef),
      run,
    }),
  ),
});

/** Schema of a snapshot. */
export const snapshotSchema = z.object({
  format: z.literal(1),
  id: z.string(),
  parent: z.string().nullable(),
  sequence: count,
  committedAt: z.string(),
  run: run.extend({ trigger: z.string() }).nullable(),
  rollback: z.object({ to: z.string(), by: z.string(), why: z.string() }).optional(),
  cause: z.array(day),
  restatements: objectRef.nullable(),
  configHash: z.string(),
  profiles: z.array(inputObject),
  months: z.record(z.string(), z.object({ key: z.string(), sha256: hash })),
  tables: z.record(z.enum(wholeTables), objectRef),
});

/** Schema of the pointer. */
export const pointerSchema = z.object({ format: z.literal(1), snapshot: z.string(), sha256: hash });
