import { z } from 'zod';
import type { ArrivalRecord, RunRef } from '../domain/arrival.ts';
import type { BuildPiece } from '../domain/build-plan.ts';
import type { Day } from '../domain/day.ts';
import type { EventDayLedger } from '../domain/ledger.ts';
import type { InputObject, ObjectRef } from '../domain/object-ref.ts';
import { reasonCodes } from '../domain/reason.ts';
import { type DayTable, dayTables, type WholeTable, wholeTables } from '../domain/tables.ts';

/** A published arrival: its record, and the run that accepted it. */
export interface ArrivalEntry extends ArrivalRecord {
  readonly run: RunRef;
}

/** A published event day: its pieces, ledger and files. */
export interface EventDayEntry {
  readonly pieces: readonly BuildPiece[];
  readonly ledger: EventDayLedger;
  readonly tables: Readonly<Record<DayTable, ObjectRef>>;
  readonly run: RunRef;
}

/** All arrivals and event days of one calendar month. */
export interface MonthDocument {
  readonly arrivals: Readonly<Record<Day, ArrivalEntry>>;
  readonly eventDays: Readonly<Record<Day, EventDayEntry>>;
}

/** One published state of all tables; what it names is never changed. */
export interface Snapshot {
  readonly format: 1;
  readonly id: string;
  readonly parent: string | null;
  readonly sequence: number;
  /** ISO 8601 UTC. */
  readonly committedAt: string;
  readonly run: RunRef & { readonly trigger: string };
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

/** Schema of an arrival's record. */
export const arrivalRecordSchema = z.object({
  day,
  inputs: z.array(inputObject),
  configHash: z.string(),
  accepted: objectRef,
  quarantine: objectRef,
  ledger: z.object({
    lines: count,
    accepted: count,
    rejected: z.partialRecord(z.enum(reasonCodes), count),
    superseded: count,
  }),
  acceptedByEventDay: rowsByDay,
  checks: z.array(
    z.object({
      name: z.string(),
      verdict: z.enum(['passed', 'failed']),
      value: z.number(),
      threshold: z.number(),
      comparison: z.enum(['at least', 'at most']),
      unit: z.string(),
    }),
  ),
  bytes: count,
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
  arrivals: z.record(z.string(), arrivalRecordSchema.extend({ run })),
  eventDays: z.record(
    z.string(),
    z.object({
      pieces: z.array(z.object({ arrival: day, key: z.string(), sha256: hash, rows: count })),
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
  run: run.extend({ trigger: z.string() }),
  configHash: z.string(),
  profiles: z.array(inputObject),
  months: z.record(z.string(), z.object({ key: z.string(), sha256: hash })),
  tables: z.record(z.enum(wholeTables), objectRef),
});

/** Schema of the pointer. */
export const pointerSchema = z.object({ format: z.literal(1), snapshot: z.string(), sha256: hash });
