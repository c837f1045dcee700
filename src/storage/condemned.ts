import { z } from 'zod';
import { canonicalJson } from '../domain/canonical-json.ts';
import { parseStored, readWithEtag } from './bytes.ts';
import { keys } from './keys.ts';
import { isStorageError, type ObjectStore, StorageError } from './object-store.ts';

const version = z.object({ versionId: z.string(), bytes: z.int().nonnegative() });
const condemnedSchema = z.object({
  condemned: z.record(z.string(), version.extend({ since: z.string() })),
  removing: z.record(z.string(), version),
});

/** A version of an object that goes, by its id, and its bytes. */
export interface DoomedVersion {
  readonly versionId: string;
  readonly bytes: number;
}

/** What cleaning up has in view, by key. */
export interface CondemnedObjects {
  /** Since when each waits for its removal, ISO 8601 UTC. */
  readonly condemned: Readonly<Record<string, DoomedVersion & { readonly since: string }>>;
  /** What is being removed: nobody may name it again without writing it. */
  readonly removing: Readonly<Record<string, DoomedVersion>>;
}

/** The condemned objects, and the etag that they were read under; null when nothing ever was condemned. */
export async function readCondemned(
  store: ObjectStore,
): Promise<{ readonly etag: string | null; readonly list: CondemnedObjects }> {
  const found = await readWithEtag(store, keys.condemned);
  if (found === null) return { etag: null, list: { condemned: {}, removing: {} } };
  return { etag: found.etag, list: parseStored(keys.condemned, found.bytes, condemnedSchema) };
}

/** Writes the list if it is still what was read under `etag`; its etag then, or null when somebody else wrote it first. */
export async function writeCondemned(
  store: ObjectStore,
  etag: string | null,
  list: CondemnedObjects,
): Promise<string | null> {
  try {
    const condition = etag === null ? ({ ifAbsent: true } as const) : { ifMatch: etag };
    return (await store.write(keys.condemned, Buffer.from(canonicalJson(list)), condition)).etag;
  } catch (error) {
    if (isStorageError(error, 'conflict')) return null;
    throw error;
  }
}

/**
 * Takes objects off the list before they are named again. One that is being removed at this moment is a `StorageError` of kind
 * `not-found`.
 */
export async function pardonObjects(store: ObjectStore, named: ReadonlySet<string>): Promise<void> {
  for (;;) {
    const { etag, list } = await readCondemned(store);
    const gone = Object.keys(list.removing).find((key) => named.has(key));
    if (gone !== undefined) throw new StorageError('not-found', `${gone} is being removed by questline gc.`);
    const left = Object.entries(list.condemned).filter(([key]) => !named.has(key));
    if (left.length === Object.keys(list.condemned).length) return;
    const written = await writeCondemned(store, etag, { ...list, condemned: Object.fromEntries(left) });
    if (written !== null) return;
  }
}
