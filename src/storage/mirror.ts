import { z } from 'zod';
import { canonicalJson } from '../domain/canonical-json.ts';
import { dayTables, wholeTables } from '../domain/tables.ts';
import { parseStored, readWithEtag } from './bytes.ts';
import { type CatalogState, readCurrent } from './catalog.ts';
import { keys } from './keys.ts';
import { isStorageError, type ObjectStore } from './object-store.ts';

const mirrorSchema = z.object({ snapshot: z.string(), files: z.record(z.string(), z.string()) });

/**
 * Brings the Hive-style folders under `tables/` in step with the current snapshot: copies only files whose hash changed.
 * If it is cut off, the next call does what is missing, since the state is written last; if another mirrors at the same
 * time, the later one looks again. Returns how many files were copied.
 */
export async function mirrorTables(store: ObjectStore): Promise<number> {
  const { state } = await readCurrent(store);
  if (state === null) return 0;
  const found = await readWithEtag(store, keys.mirrorState);
  const before = found === null ? null : parseStored(keys.mirrorState, found.bytes, mirrorSchema);
  if (before?.snapshot === state.snapshot.id) return 0;
  const wanted = listMirrorFiles(state);
  const stale = [...wanted].filter(([target, { sha256 }]) => before?.files[target] !== sha256);
  for (const [target, { key }] of stale) await store.copy(key, target);
  const gone = Object.keys(before?.files ?? {}).filter((target) => !wanted.has(target));
  for (const target of gone) await store.remove(target);
  const files = Object.fromEntries([...wanted].map(([target, { sha256 }]) => [target, sha256]));
  const body = Buffer.from(canonicalJson({ snapshot: state.snapshot.id, files }));
  try {
    await store.write(keys.mirrorState, body, found === null ? { ifAbsent: true } : { ifMatch: found.etag });
  } catch (error) {
    if (isStorageError(error, 'conflict')) return mirrorTables(store);
    throw error;
  }
  return stale.length;
}

function listMirrorFiles(
  state: CatalogState,
): Map<string, { readonly key: string; readonly sha256: string }> {
  const files = new Map<string, { key: string; sha256: string }>();
  for (const [day, entry] of state.eventDays) {
    for (const table of dayTables) files.set(keys.mirrorDay(table, day), entry.tables[table]);
  }
  for (const table of wholeTables) files.set(keys.mirrorWhole(table), state.snapshot.tables[table]);
  return files;
}
