import { z } from 'zod';
import { canonicalJson } from '../domain/canonical-json.ts';
import type { ObjectRef } from '../domain/object-ref.ts';
import { dayTables, wholeTables } from '../domain/tables.ts';
import { mapAtOnce } from './at-once.ts';
import { parseStored, readWithEtag } from './bytes.ts';
import { type CatalogState, readCurrent } from './catalog.ts';
import { keys } from './keys.ts';
import { isStorageError, type ObjectStore } from './object-store.ts';

/** What the last mirror did: the sha256 of each copied file, null for one that was being copied or removed. */
const mirrorSchema = z.object({
  snapshot: z.string(),
  revision: z.int().nonnegative(),
  files: z.record(z.string(), z.string().nullable()),
});
type MirrorState = z.infer<typeof mirrorSchema>;

const COPIES_AT_ONCE = 8;

/**
 * Brings the Hive-style folders under `tables/` in step with the current snapshot: copies only files whose hash changed.
 * What is about to change is noted first, so that the next call mends a call that was cut off; of two at the same time, the one
 * that notes too late does all that it touched once more. Returns how many files were copied.
 */
export async function mirrorTables(
  store: ObjectStore,
  suspects: ReadonlySet<string> = new Set(),
): Promise<number> {
  const { state } = await readCurrent(store);
  if (state === null) return 0;
  const found = await readWithEtag(store, keys.mirrorState);
  const before = found === null ? null : parseStored(keys.mirrorState, found.bytes, mirrorSchema);
  const wanted = listMirrorFiles(state);
  const targets = new Set([...wanted.keys(), ...Object.keys(before?.files ?? {}), ...suspects]);
  const touched = [...targets].filter(
    (target) => suspects.has(target) || (before?.files[target] ?? null) !== wanted.get(target)?.sha256,
  );
  if (touched.length === 0 && before?.snapshot === state.snapshot.id) return 0;
  const files = Object.fromEntries([...wanted].map(([target, { sha256 }]) => [target, sha256]));
  const unsure = Object.fromEntries(touched.map((target) => [target, null]));
  const revision = (before?.revision ?? 0) + 1;
  try {
    const noted = { snapshot: state.snapshot.id, revision, files: { ...before?.files, ...unsure } };
    const etag = await writeState(store, noted, found?.etag ?? null);
    await mapAtOnce(touched, COPIES_AT_ONCE, (target) => {
      const source = wanted.get(target);
      return source === undefined ? store.remove(target) : store.copy(source.key, target);
    });
    await writeState(store, { snapshot: state.snapshot.id, revision: revision + 1, files }, etag);
  } catch (error) {
    if (isStorageError(error, 'conflict')) return mirrorTables(store, new Set([...suspects, ...touched]));
    throw error;
  }
  return touched.filter((target) => wanted.has(target)).length;
}

async function writeState(store: ObjectStore, state: MirrorState, etag: string | null): Promise<string> {
  const condition = etag === null ? ({ ifAbsent: true } as const) : { ifMatch: etag };
  return (await store.write(keys.mirrorState, Buffer.from(canonicalJson(state)), condition)).etag;
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
