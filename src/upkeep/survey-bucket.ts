import { z } from 'zod';
import { mapAtOnce } from '../storage/at-once.ts';
import { readJson } from '../storage/bytes.ts';
import type { Snapshot } from '../storage/catalog-format.ts';
import { keys } from '../storage/keys.ts';
import { keysIn } from '../storage/named-objects.ts';
import { type ListedObject, type ObjectStore, StorageError } from '../storage/object-store.ts';
import { nameOfReportTwin } from '../storage/reports.ts';
import { walkHistory } from '../storage/snapshots.ts';

/** How long things are kept that nobody needs any more, in days. */
export interface KeepRules {
  readonly keepSnapshotsDays: number;
  readonly graceDays: number;
}

/** What stands in the bucket beside raw data and the mirror, and what of it is needed. */
export interface Survey {
  /** The kept snapshots, newest first. */
  readonly kept: readonly Snapshot[];
  /** Every key that is named by a kept snapshot, or by the reading of an arrival that is kept as long. */
  readonly named: ReadonlySet<string>;
  /** Objects that can go once nothing names them, by key. */
  readonly objects: ReadonlyMap<string, ListedObject>;
  /** Keys of the records of what was made → the objects that each names. */
  readonly records: ReadonlyMap<string, readonly string[]>;
}

const READS_AT_ONCE = 16;
/** Of every document the keys alone are read, so that it may be of any version. */
const anything = z.unknown();
const DAY_MS = 86_400_000;
/** Decisions are a person's, and count for every later run over the same data: they stay. */
const neverListed = [keys.made, keys.decisions];

/** Milliseconds since something was written. */
export function ageOf({ modifiedAt }: ListedObject, now: Date): number {
  return now.getTime() - modifiedAt.getTime();
}

/** Days in milliseconds. */
export function daysToMs(days: number): number {
  return days * DAY_MS;
}

/**
 * Looks through the bucket. Kept are the current snapshot and each that was current within `keepSnapshotsDays`; the readings of that time
 * are kept as well, since a failed or a held day has no snapshot that names its quarantine. A `StorageError` when no snapshot is there.
 */
export async function surveyBucket(store: ObjectStore, rules: KeepRules, now: Date): Promise<Survey> {
  const oldest = now.getTime() - daysToMs(rules.keepSnapshotsDays);
  const kept = await listKept(store, oldest);
  if (kept.length === 0) {
    const message = `${keys.pointer} is not there, so what is needed is not known. Nothing was looked at.`;
    throw new StorageError('not-found', message);
  }
  const named = await listNamed(store, kept);
  const records = new Map<string, readonly string[]>();
  const read = await mapAtOnce(await listAll(store, keys.made), READS_AT_ONCE, async (record) => {
    return { record, names: keysIn(await readJson(store, record.key, anything)) };
  });
  for (const { record, names } of read) {
    records.set(record.key, names);
    const isReading = record.key.startsWith(keys.madeReadings);
    if (isReading && record.modifiedAt.getTime() >= oldest) for (const name of names) named.add(name);
  }
  const objects = new Map<string, ListedObject>();
  for (const prefix of [keys.store, keys.snapshots, keys.months]) {
    for (const object of await listAll(store, prefix)) {
      if (!neverListed.some((one) => object.key.startsWith(one))) objects.set(object.key, object);
    }
  }
  return { kept, named, objects, records };
}

/** A snapshot was last current when the next one was committed. */
async function listKept(store: ObjectStore, oldest: number): Promise<Snapshot[]> {
  const kept: Snapshot[] = [];
  for await (const snapshot of walkHistory(store)) {
    const next = kept.at(-1);
    if (next !== undefined && Date.parse(next.committedAt) < oldest) break;
    kept.push(snapshot);
  }
  return kept;
}

async function listNamed(store: ObjectStore, kept: readonly Snapshot[]): Promise<Set<string>> {
  const named = new Set(kept.flatMap((snapshot) => [keys.snapshot(snapshot.id), ...keysIn(snapshot)]));
  const months = [...named].filter((key) => key.startsWith(keys.months));
  const read = await mapAtOnce(months, READS_AT_ONCE, async (key) => {
    const month = await readJson(store, key, anything);
    if (month === null)
      throw new StorageError('not-found', `${key} is named by a kept snapshot, but is not there.`);
    return new Set(keysIn(month));
  });
  for (const names of read) for (const name of names) named.add(name);
  for (const name of named) if (name.startsWith(keys.reports)) named.add(nameOfReportTwin(name));
  return named;
}

async function listAll(store: ObjectStore, prefix: string): Promise<ListedObject[]> {
  const listed: ListedObject[] = [];
  for await (const object of store.list(prefix)) listed.push(object);
  return listed;
}
