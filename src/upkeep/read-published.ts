import { parseStored, readBytes } from '../storage/bytes.ts';
import { type CatalogState, mergeMonths } from '../storage/catalog.ts';
import {
  type MonthDocument,
  monthSchema,
  type Pointer,
  pointerSchema,
  type Snapshot,
  snapshotSchema,
} from '../storage/catalog-format.ts';
import { keys } from '../storage/keys.ts';
import type { ObjectStore } from '../storage/object-store.ts';
import { sha256 } from '../storage/sha256.ts';
import type { Fault } from './fault.ts';

/** What is published as far as it can be read, and what of it can't; `state` null when nothing can, or nothing is published. */
export interface Published {
  readonly state: CatalogState | null;
  readonly faults: readonly Fault[];
}

/** Reads the pointer, its snapshot and its months, each against its sha256; a month that is damaged is left out. */
export async function readPublished(store: ObjectStore): Promise<Published> {
  const faults: Fault[] = [];
  const found = await readBytes(store, keys.pointer);
  if (found === null) {
    const message = `${keys.pointer} is not there, though there are snapshots: restore its version`;
    return {
      state: null,
      faults: (await hasAny(store, keys.snapshots)) ? [{ kind: 'catalog', message }] : [],
    };
  }
  const pointer = parseStored(keys.pointer, found, pointerSchema) as Pointer;
  const key = keys.snapshot(pointer.snapshot);
  const body = await readNamed(store, { key, sha256: pointer.sha256 }, keys.pointer, faults);
  if (body === null) return { state: null, faults };
  const snapshot = parseStored(key, body, snapshotSchema) as Snapshot;
  const months: MonthDocument[] = [];
  for (const month of Object.values(snapshot.months)) {
    const bytes = await readNamed(store, month, `snapshot ${snapshot.id}`, faults);
    if (bytes !== null) months.push(parseStored(month.key, bytes, monthSchema));
  }
  return { state: mergeMonths(snapshot, months), faults };
}

async function readNamed(
  store: ObjectStore,
  ref: { readonly key: string; readonly sha256: string },
  by: string,
  faults: Fault[],
): Promise<Buffer | null> {
  const bytes = await readBytes(store, ref.key);
  const hash = bytes === null ? null : sha256(bytes);
  if (hash === ref.sha256) return bytes;
  const what = hash === null ? 'is not there' : `has sha256 ${hash}`;
  faults.push({ kind: 'catalog', message: `${ref.key} ${what}, ${by} names it with sha256 ${ref.sha256}` });
  return null;
}

async function hasAny(store: ObjectStore, prefix: string): Promise<boolean> {
  for await (const _ of store.list(prefix)) return true;
  return false;
}
