import { TerminalError } from '../domain/failure.ts';
import { readJson } from './bytes.ts';
import { type CatalogState, readCurrent, readCurrentSnapshot, readSnapshot } from './catalog.ts';
import { type Snapshot, snapshotSchema } from './catalog-format.ts';
import { keys } from './keys.ts';
import type { ObjectStore } from './object-store.ts';

const SEQUENCE_DIGITS = 8;

/** The committed snapshots from the current one, or from `newest`, back to the oldest that is still there. */
export async function* walkHistory(store: ObjectStore, newest?: Snapshot): AsyncIterable<Snapshot> {
  let snapshot = newest ?? (await readCurrentSnapshot(store));
  while (snapshot !== null) {
    yield snapshot;
    snapshot = snapshot.parent === null ? null : await readKept(store, snapshot.parent);
  }
}

/**
 * The snapshot with this id, or with the only id that begins so; the current one when nothing is given, null before the first. One that
 * never was current, since another commit came first, does not count. Anything else is an `InvalidRequest`.
 */
export async function readAsOf(store: ObjectStore, id?: string): Promise<CatalogState | null> {
  return id === undefined ? (await readCurrent(store)).state : readSnapshot(store, await findId(store, id));
}

async function findId(store: ObjectStore, id: string): Promise<string> {
  const ids = id === '' ? [] : await findCommitted(store, id);
  const only = ids.length === 1 ? ids[0] : ids.find((one) => one === id);
  if (only !== undefined) return only;
  const named = JSON.stringify(id);
  const what =
    ids.length === 0
      ? `There is no snapshot ${named}: expected the id of a kept one, or its beginning.`
      : `${named} is the beginning of several ids, such as ${ids.join(' and ')}. Give more of the one that is meant.`;
  throw new TerminalError('InvalidRequest', `${what} List them: npx questline snapshots`, { id });
}

/** Ids that begin so, up to two. */
async function findCommitted(store: ObjectStore, beginning: string): Promise<string[]> {
  const current = (await readCurrentSnapshot(store))?.id ?? null;
  const ids: string[] = [];
  for (const id of await listIds(store, beginning)) {
    if (id === current || (await wasCurrent(store, id))) ids.push(id);
    if (ids.length === 2) break;
  }
  return ids;
}

/** Every commit names as its parent what was current. */
async function wasCurrent(store: ObjectStore, id: string): Promise<boolean> {
  const next = String(Number(id.slice(0, SEQUENCE_DIGITS)) + 1).padStart(SEQUENCE_DIGITS, '0');
  for (const child of await listIds(store, `${next}-`)) {
    if ((await readKept(store, child))?.parent === id) return true;
  }
  return false;
}

async function listIds(store: ObjectStore, beginning: string): Promise<string[]> {
  const ids: string[] = [];
  for await (const { key } of store.list(`${keys.snapshots}${beginning}`))
    ids.push(key.slice(keys.snapshots.length).replace(/\.json$/, ''));
  return ids;
}

/** Reads a snapshot without its months; null when it is not kept any more. */
export async function readKept(store: ObjectStore, id: string): Promise<Snapshot | null> {
  return (await readJson(store, keys.snapshot(id), snapshotSchema)) as Snapshot | null;
}
