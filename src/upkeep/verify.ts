import { join } from 'node:path';
import { withScratch } from '../activities/dependencies.ts';
import { auditLedgers } from '../domain/audit-ledgers.ts';
import { isWithin, type OpenRange } from '../domain/day.ts';
import { TerminalError } from '../domain/failure.ts';
import { withDuckDb } from '../engine/duckdb.ts';
import type { CatalogState } from '../storage/catalog.ts';
import { listNamedObjects } from '../storage/named-objects.ts';
import { StorageError, type StorageErrorKind } from '../storage/object-store.ts';
import { checkMirror } from './check-mirror.ts';
import { checkRaw } from './check-raw.ts';
import type { Fault, OnProgress } from './fault.ts';
import { readObjects } from './read-objects.ts';
import { readPublished } from './read-published.ts';
import {
  type Recomputed,
  type Recomputing,
  recomputeArrival,
  recomputeEventDay,
  recomputeWholeTables,
} from './recompute.ts';
import { type KeepRules, surveyBucket } from './survey-bucket.ts';

/** What is verified: `range` limits arrivals, event days and reading; the tables over all days always are. */
export interface VerifyRequest {
  readonly range: OpenRange;
  /** Whether everything is made once more from the raw data. */
  readonly isDeep: boolean;
}

/** What was looked at. */
export interface Verified {
  readonly arrivals: number;
  readonly eventDays: number;
  readonly objects: number;
  /** Bytes of objects and mirror that were read. */
  readonly bytes: number;
  readonly rawInputs: number;
  readonly mirrorFiles: number;
  /** Arrivals, event days and sets of tables over all days that were made again, or were not comparable. */
  readonly recomputed: number;
}

/** The outcome of a verification. */
export interface Verification {
  /** Null when nothing could be read, or nothing is published. */
  readonly snapshot: string | null;
  readonly faults: readonly Fault[];
  readonly verified: Verified;
  /** Objects that no kept snapshot names; null when the catalog is too damaged to tell. */
  readonly orphans: { readonly objects: number; readonly bytes: number } | null;
  /** What could not be compared, and why. */
  readonly skipped: readonly string[];
  /** Whether another snapshot was committed meanwhile: what is said of the mirror may be of that one. */
  readonly hasMoved: boolean;
}

/** Errors that say nothing of an object. */
const silentStore = new Set<StorageErrorKind>(['denied', 'no-bucket', 'unreachable']);

const nothing: Verified = {
  arrivals: 0,
  eventDays: 0,
  objects: 0,
  bytes: 0,
  rawInputs: 0,
  mirrorFiles: 0,
  recomputed: 0,
};

/** Verifies what is published; changes nothing. */
export async function verifyPublished(
  deps: Recomputing,
  request: VerifyRequest,
  now: Date,
  tell: OnProgress,
): Promise<Verification> {
  const { store, config } = deps;
  const { state, faults: found } = await readPublished(store);
  const faults: Fault[] = [...found];
  if (state === null)
    return { snapshot: null, faults, verified: nothing, orphans: null, skipped: [], hasMoved: false };
  const isBroken = faults.length > 0;
  const ledgerFaults = isBroken ? [] : auditLedgers(state.arrivals, state.eventDays);
  faults.push(...ledgerFaults.map((message): Fault => ({ kind: 'ledger', message })));
  const chosen = choose(state, request.range);
  const verified = await verifyObjects(deps, state, chosen, request.range, faults, tell);
  const recomputed: Recomputed = { faults: [], skipped: [] };
  const made = request.isDeep ? await recompute(deps, state, chosen, recomputed, tell) : 0;
  faults.push(...recomputed.faults.map((message): Fault => ({ kind: 'recomputed', message })));
  const orphans = isBroken ? null : await countOrphans(deps, config.gc, now);
  const after = (await readPublished(store)).state?.snapshot.id ?? null;
  return {
    snapshot: state.snapshot.id,
    faults,
    verified: { ...verified, recomputed: made },
    orphans,
    skipped: recomputed.skipped,
    hasMoved: after !== state.snapshot.id,
  };
}

function choose(state: CatalogState, range: OpenRange): CatalogState {
  return {
    snapshot: state.snapshot,
    arrivals: new Map([...state.arrivals].filter(([day]) => isWithin(day, range))),
    eventDays: new Map([...state.eventDays].filter(([day]) => isWithin(day, range))),
  };
}

async function verifyObjects(
  { store, scratchRoot, duckDb }: Recomputing,
  state: CatalogState,
  chosen: CatalogState,
  range: OpenRange,
  faults: Fault[],
  tell: OnProgress,
): Promise<Verified> {
  const named = listNamedObjects(chosen);
  const objects = await withScratch(scratchRoot, (scratch) =>
    withDuckDb({ ...duckDb, tempFolder: join(scratch, 'spill') }, (connection) =>
      readObjects(store, named, { scratch, connection }, tell),
    ),
  );
  const raw = await checkRaw(store, chosen.arrivals, chosen.snapshot.profiles, tell);
  const mirror = await checkMirror(store, state, range, tell);
  faults.push(...objects.faults, ...raw.faults, ...mirror.faults);
  return {
    arrivals: chosen.arrivals.size,
    eventDays: chosen.eventDays.size,
    objects: named.length,
    bytes: objects.bytes + mirror.bytes,
    rawInputs: raw.objects,
    mirrorFiles: mirror.files,
    recomputed: 0,
  };
}

async function recompute(
  deps: Recomputing,
  state: CatalogState,
  { arrivals, eventDays }: CatalogState,
  into: Recomputed,
  tell: OnProgress,
): Promise<number> {
  const of = arrivals.size + eventDays.size + 1;
  let done = 0;
  const step = () => {
    done += 1;
    tell('made again', done, of, 0);
  };
  for (const [day, entry] of arrivals) {
    await unlessUnreadable(`arrival ${day}`, into, () => recomputeArrival(deps, day, entry, into));
    step();
  }
  for (const [day, entry] of eventDays) {
    await unlessUnreadable(`event day ${day}`, into, () => recomputeEventDay(deps, state, day, entry, into));
    step();
  }
  await unlessUnreadable('the tables over all days', into, () => recomputeWholeTables(deps, state, into));
  step();
  return done;
}

/** What can't be made again since something that it is made from is gone or damaged, which is a fault of its own, is skipped. */
async function unlessUnreadable(
  what: string,
  { skipped }: Recomputed,
  make: () => Promise<void>,
): Promise<void> {
  try {
    await make();
  } catch (error) {
    const isOfStore = error instanceof StorageError && !silentStore.has(error.kind);
    if (!isOfStore && !(error instanceof TerminalError)) throw error;
    skipped.push(`${what} could not be made again: ${error.message}`);
  }
}

async function countOrphans(
  { store }: Recomputing,
  rules: KeepRules,
  now: Date,
): Promise<{ readonly objects: number; readonly bytes: number }> {
  const { named, objects } = await surveyBucket(store, rules, now);
  const orphans = [...objects.values()].filter(({ key }) => !named.has(key));
  return { objects: orphans.length, bytes: orphans.reduce((total, { bytes }) => total + bytes, 0) };
}
