import { canonicalJson } from '../domain/canonical-json.ts';
import { type Day, monthOf } from '../domain/day.ts';
import { parseStored, readBytes, readWithEtag, writeNamed } from './bytes.ts';
import {
  type ArrivalEntry,
  type EventDayEntry,
  type MonthDocument,
  monthSchema,
  type Pointer,
  pointerSchema,
  type Snapshot,
  snapshotSchema,
} from './catalog-format.ts';
import { keys } from './keys.ts';
import { isStorageError, type ObjectStore, StorageError } from './object-store.ts';
import { nameOf, sha256 } from './sha256.ts';

/** A snapshot with all its months read. */
export interface CatalogState {
  readonly snapshot: Snapshot;
  readonly arrivals: ReadonlyMap<Day, ArrivalEntry>;
  readonly eventDays: ReadonlyMap<Day, EventDayEntry>;
}

/** What the pointer named when it was read; `etag` null: there was no pointer. */
export interface CurrentCatalog {
  readonly etag: string | null;
  readonly state: CatalogState | null;
}

/** What a new snapshot holds; id, sequence and parent follow from it and from what it is built on. */
export interface CatalogChange extends Omit<Snapshot, 'format' | 'id' | 'parent' | 'sequence' | 'months'> {
  readonly arrivals: ReadonlyMap<Day, ArrivalEntry>;
  readonly eventDays: ReadonlyMap<Day, EventDayEntry>;
}

/** Reads the current snapshot: all of one commit, never a mixture. */
export async function readCurrent(store: ObjectStore): Promise<CurrentCatalog> {
  const named = await readPointer(store);
  if (named === null) return { etag: null, state: null };
  return { etag: named.etag, state: await readSnapshot(store, named.pointer.snapshot, named.pointer.sha256) };
}

/** Reads the current snapshot, or answers null while the pointer has still this etag; that of no pointer is null. */
export async function readIfMoved(store: ObjectStore, etag: string | null): Promise<CurrentCatalog | null> {
  const pointer = await store.head(keys.pointer);
  return (pointer?.etag ?? null) === etag ? null : readCurrent(store);
}

/** Reads the current snapshot without its months; null before the first. */
export async function readCurrentSnapshot(store: ObjectStore): Promise<Snapshot | null> {
  const named = await readPointer(store);
  return named === null ? null : readDocument(store, named.pointer.snapshot, named.pointer.sha256);
}

/** Reads one snapshot with its months. */
export async function readSnapshot(store: ObjectStore, id: string, hash?: string): Promise<CatalogState> {
  const snapshot = await readDocument(store, id, hash);
  const months = await Promise.all(Object.values(snapshot.months).map((month) => readMonth(store, month)));
  return mergeMonths(snapshot, months);
}

/**
 * The last published arrivals before a day, the earliest first, at most `count`. Reads the months that have them and no other,
 * however many there are.
 */
export async function readArrivalsBefore(
  store: ObjectStore,
  day: Day,
  count: number,
): Promise<readonly (readonly [Day, ArrivalEntry])[]> {
  const snapshot = await readCurrentSnapshot(store);
  if (snapshot === null) return [];
  const backwards = Object.entries(snapshot.months)
    .filter(([month]) => month <= monthOf(day))
    .sort(([a], [b]) => (a < b ? 1 : -1));
  let found: (readonly [Day, ArrivalEntry])[] = [];
  for (const [, month] of backwards) {
    const { arrivals } = mergeMonths(snapshot, [await readMonth(store, month)]);
    found = [...[...arrivals].filter(([one]) => one < day), ...found].slice(-count);
    if (found.length === count) break;
  }
  return found;
}

/** Reads the document of one month, as a snapshot names it. */
export async function readMonth(
  store: ObjectStore,
  { key, sha256: hash }: Snapshot['months'][string],
): Promise<MonthDocument> {
  return parseStored(key, await readChecked(store, key, hash), monthSchema);
}

/** A snapshot with the documents of its months. */
export function mergeMonths(snapshot: Snapshot, months: readonly MonthDocument[]): CatalogState {
  const merge = <T>(pick: (month: MonthDocument) => Readonly<Record<Day, T>>): ReadonlyMap<Day, T> =>
    new Map(
      months
        .flatMap((month) => Object.entries(pick(month)) as [Day, T][])
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    );
  return {
    snapshot,
    arrivals: merge((month) => month.arrivals),
    eventDays: merge((month) => month.eventDays),
  };
}

/**
 * Commits a snapshot on top of what was read: writes the months that changed and the snapshot, then moves the pointer if
 * it is still where it was. Returns the snapshot, or null when another commit came first.
 */
export async function commitSnapshot(
  store: ObjectStore,
  current: CurrentCatalog,
  change: CatalogChange,
): Promise<Snapshot | null> {
  const { arrivals, eventDays, ...rest } = change;
  const months = await writeMonths(store, current.state, arrivals, eventDays);
  const sequence = (current.state?.snapshot.sequence ?? 0) + 1;
  const body = { format: 1 as const, parent: current.state?.snapshot.id ?? null, sequence, months, ...rest };
  const id = `${String(sequence).padStart(8, '0')}-${nameOf(body).slice(0, 12)}`;
  const snapshot: Snapshot = { ...body, id };
  const bytes = Buffer.from(canonicalJson(snapshot));
  await writeNamed(store, keys.snapshot(id), bytes);
  const pointer: Pointer = { format: 1, snapshot: id, sha256: sha256(bytes) };
  try {
    const condition = current.etag === null ? ({ ifAbsent: true } as const) : { ifMatch: current.etag };
    await store.write(keys.pointer, Buffer.from(canonicalJson(pointer)), condition);
    return snapshot;
  } catch (error) {
    if (isStorageError(error, 'conflict')) return null;
    throw error;
  }
}

async function writeMonths(
  store: ObjectStore,
  before: CatalogState | null,
  arrivals: ReadonlyMap<Day, ArrivalEntry>,
  eventDays: ReadonlyMap<Day, EventDayEntry>,
): Promise<Snapshot['months']> {
  const documents = new Map<
    string,
    { arrivals: Record<Day, ArrivalEntry>; eventDays: Record<Day, EventDayEntry> }
  >();
  const monthFor = (day: Day) => {
    const document = documents.get(monthOf(day)) ?? { arrivals: {}, eventDays: {} };
    documents.set(monthOf(day), document);
    return document;
  };
  for (const [day, entry] of arrivals) monthFor(day).arrivals[day] = entry;
  for (const [day, entry] of eventDays) monthFor(day).eventDays[day] = entry;
  const written = [...documents].map(async ([month, document]) => {
    const body = Buffer.from(canonicalJson(document));
    const hash = sha256(body);
    const known = before?.snapshot.months[month];
    if (known?.sha256 === hash) return [month, known] as const;
    const key = keys.month(month, hash.slice(0, 24));
    await writeNamed(store, key, body);
    return [month, { key, sha256: hash }] as const;
  });
  return Object.fromEntries(await Promise.all(written));
}

async function readPointer(
  store: ObjectStore,
): Promise<{ readonly etag: string; readonly pointer: Pointer } | null> {
  const found = await readWithEtag(store, keys.pointer);
  if (found === null) return null;
  return { etag: found.etag, pointer: parseStored(keys.pointer, found.bytes, pointerSchema) };
}

async function readDocument(store: ObjectStore, id: string, hash?: string): Promise<Snapshot> {
  const key = keys.snapshot(id);
  return parseStored(key, await readChecked(store, key, hash), snapshotSchema) as Snapshot;
}

async function readChecked(store: ObjectStore, key: string, hash?: string): Promise<Buffer> {
  const bytes = await readBytes(store, key);
  if (bytes === null)
    throw new StorageError('not-found', `${key} is named by the catalog, but is not there.`);
  if (hash !== undefined && sha256(bytes) !== hash) {
    throw new StorageError('other', `${key} does not have the sha256 ${hash} that the catalog gives it.`);
  }
  return bytes;
}
