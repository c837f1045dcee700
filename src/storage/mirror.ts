import { z } from 'zod';
import { canonicalJson } from '../domain/canonical-json.ts';
import type { ObjectRef } from '../domain/object-ref.ts';
import { dayTables, wholeTables } from '../domain/tables.ts';
import { mapAtOnce } from './at-once.ts';
import { parseStored, readWithEtag } from './bytes.ts';
import { type CatalogState, mergeMonths, readCurrentSnapshot, readMonth } from './catalog.ts';
import type { Snapshot } from './catalog-format.ts';
import { keys } from './keys.ts';
import { isStorageError, type ObjectStore, StorageError } from './object-store.ts';
import { readKept } from './snapshots.ts';

/** What the mirror has: the files of a snapshot, but for those that were being copied or removed; of none when that is not known. */
const mirrorSchema = z.object({
  snapshot: z.string().nullable(),
  revision: z.int().nonnegative(),
  unsure: z.array(z.string()),
});
type MirrorState = z.infer<typeof mirrorSchema>;

const COPIES_AT_ONCE = 8;
/** A file of a table, with the month of its day if it is of one. */
const mirrored = /^tables\/\w+\/(?:dt=(\d{4}-\d{2})-\d{2}\/)?data\.parquet$/;

/**
 * Brings the Hive-style folders under `tables/` in step with the current snapshot: copies only files whose hash changed, and reads
 * only the months that have them. What is about to change is noted first, so that the next call mends a call that was cut off; of
 * two at the same time, the one that notes too late does all that it touched once more. Where it is not known what is there, all is
 * copied. Returns how many files were copied.
 */
export async function mirrorTables(
  store: ObjectStore,
  suspects: ReadonlySet<string> = new Set(),
): Promise<number> {
  const current = await readCurrentSnapshot(store);
  if (current === null) return 0;
  const found = await readWithEtag(store, keys.mirrorState);
  const before = found === null ? null : parseState(found.bytes);
  if (before?.snapshot === current.id && before.unsure.length === 0 && suspects.size === 0) return 0;
  const doubted = new Set([...suspects, ...(before?.unsure ?? [])]);
  const { copied, removed } = await listChanges(store, before?.snapshot ?? null, current, doubted);
  const touched = [...copied.keys(), ...removed];
  const revision = (before?.revision ?? 0) + 1;
  try {
    const unsure = [...new Set([...doubted, ...touched])].sort();
    const noted = { snapshot: before?.snapshot ?? null, revision, unsure };
    const etag = await writeState(store, noted, found?.etag ?? null);
    await mapAtOnce(touched, COPIES_AT_ONCE, (target) => {
      const source = copied.get(target);
      return source === undefined ? store.remove(target) : store.copy(source.key, target);
    });
    await writeState(store, { snapshot: current.id, revision: revision + 1, unsure: [] }, etag);
  } catch (error) {
    if (isStorageError(error, 'conflict')) return mirrorTables(store, new Set([...suspects, ...touched]));
    throw error;
  }
  return copied.size;
}

/** One that is not as this version writes it tells nothing. */
function parseState(bytes: Buffer): MirrorState | null {
  try {
    return parseStored(keys.mirrorState, bytes, mirrorSchema);
  } catch (error) {
    if (error instanceof StorageError) return null;
    throw error;
  }
}

async function writeState(store: ObjectStore, state: MirrorState, etag: string | null): Promise<string> {
  const condition = etag === null ? ({ ifAbsent: true } as const) : { ifMatch: etag };
  return (await store.write(keys.mirrorState, Buffer.from(canonicalJson(state)), condition)).etag;
}

/**
 * What to copy where and what to remove, so that a mirror of the snapshot `from` is one of `to`. Of the targets `doubted` it is not known
 * what they hold; of none when there is no such snapshot.
 */
async function listChanges(
  store: ObjectStore,
  from: string | null,
  to: Snapshot,
  doubted: ReadonlySet<string>,
): Promise<{ readonly copied: ReadonlyMap<string, ObjectRef>; readonly removed: readonly string[] }> {
  const base = from === null ? null : await readKept(store, from);
  const isDoubted = new Set([...doubted].map((target) => mirrored.exec(target)?.[1]));
  const months = Object.keys({ ...base?.months, ...to.months }).filter(
    (month) => isDoubted.has(month) || base?.months[month]?.sha256 !== to.months[month]?.sha256,
  );
  const wanted = await listFilesOf(store, to, months);
  const known = base === null ? new Map<string, ObjectRef>() : await listFilesOf(store, base, months);
  const there = new Set([...known.keys(), ...doubted, ...(base === null ? await listThere(store) : [])]);
  const isSame = (target: string, { sha256 }: ObjectRef) =>
    !doubted.has(target) && known.get(target)?.sha256 === sha256;
  return {
    copied: new Map([...wanted].filter(([target, ref]) => !isSame(target, ref))),
    removed: [...there].filter((target) => !wanted.has(target)),
  };
}

/** The files of a snapshot's tables over all days and of these months. */
async function listFilesOf(
  store: ObjectStore,
  snapshot: Snapshot,
  months: readonly string[],
): Promise<Map<string, ObjectRef>> {
  const refs = months.flatMap((month) => snapshot.months[month] ?? []);
  const documents = await Promise.all(refs.map((ref) => readMonth(store, ref)));
  return listMirrorFiles(mergeMonths(snapshot, documents));
}

/** Files of the mirror, whatever they hold. */
async function listThere(store: ObjectStore): Promise<string[]> {
  const found: string[] = [];
  for await (const { key } of store.list(keys.mirror)) if (mirrored.test(key)) found.push(key);
  return found;
}

/** Where the mirror has which object of a snapshot. */
export function listMirrorFiles(state: CatalogState): Map<string, ObjectRef> {
  const files = new Map<string, ObjectRef>();
  for (const [day, entry] of state.eventDays) {
    for (const table of dayTables) files.set(keys.mirrorDay(table, day), entry.tables[table]);
  }
  for (const table of wholeTables) files.set(keys.mirrorWhole(table), state.snapshot.tables[table]);
  return files;
}
