import { z } from 'zod';
import { canonicalJson } from '../domain/canonical-json.ts';
import { dayTables, wholeTables } from '../domain/tables.ts';
import { readJson } from './bytes.ts';
import type { CatalogState } from './catalog.ts';
import { keys } from './keys.ts';
import type { ObjectStore } from './object-store.ts';

const mirrorSchema = z.object({ snapshot: z.string(), files: z.record(z.string(), z.string()) });

/**
 * Brings the Hive-style folders under `tables/` in step with a snapshot: copies only files whose hash changed. If it is cut
 * off, the next call copies what is missing, since the state is written last. Returns how many files were copied.
 */
export async function mirrorTables(
  store: ObjectStore,
  state: CatalogState,
  onCopied: (copied: number, of: number) => void = () => {},
): Promise<number> {
  const wanted = listMirrorFiles(state);
  const before = await readJson(store, keys.mirrorState, mirrorSchema);
  const stale = [...wanted].filter(([target, { sha256 }]) => before?.files[target] !== sha256);
  if (stale.length === 0 && before?.snapshot === state.snapshot.id) return 0;
  for (const [n, [target, { key }]] of stale.entries()) {
    await store.copy(key, target);
    onCopied(n + 1, stale.length);
  }
  const files = Object.fromEntries([...wanted].map(([target, { sha256 }]) => [target, sha256]));
  await store.write(keys.mirrorState, Buffer.from(canonicalJson({ snapshot: state.snapshot.id, files })));
  return stale.length;
}

function listMirrorFiles(state: CatalogState): Map<string, { readonly key: string; readonly sha256: string }> {
  const files = new Map<string, { key: string; sha256: string }>();
  for (const [day, entry] of state.eventDays) {
    for (const table of dayTables) files.set(keys.mirrorDay(table, day), entry.tables[table]);
  }
  for (const table of wholeTables) files.set(keys.mirrorWhole(table), state.snapshot.tables[table]);
  return files;
}
