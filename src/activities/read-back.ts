import { stat } from 'node:fs/promises';
import type { ObjectCache } from '../storage/object-cache.ts';
import { StorageError } from '../storage/object-store.ts';
import type { AuditedObject } from './candidate.ts';

/** What came of reading objects back from the store. */
export interface ReadBack {
  /** Local copies of the bytes that were read, by key; without those that have a fault. */
  readonly files: ReadonlyMap<string, string>;
  /** What is wrong with the others. */
  readonly faults: readonly string[];
}

/** Reads objects back from the store, whatever copies there are, and checks size and hash of the bytes. */
export async function readBack(cache: ObjectCache, objects: readonly AuditedObject[]): Promise<ReadBack> {
  const smallestFirst = [...objects].sort((a, b) => a.ref.bytes - b.ref.bytes);
  const read = await cache.renewAll(smallestFirst.map(({ ref }) => ref));
  const files = new Map<string, string>();
  const faults: string[] = [];
  for (const [n, { name, ref }] of smallestFirst.entries()) {
    const result = read[n] as PromiseSettledResult<string>;
    const fault =
      result.status === 'rejected'
        ? explainRead(result.reason, ref.key)
        : describeSize(ref, (await stat(result.value)).size);
    if (fault !== null) faults.push(`${name}: ${fault}`);
    else if (result.status === 'fulfilled') files.set(ref.key, result.value);
  }
  return { files, faults: faults.sort() };
}

/** What is wrong with the size of an object; null when nothing is. */
export function describeSize({ key, bytes }: AuditedObject['ref'], found: number): string | null {
  return found === bytes ? null : `${key} has ${found} bytes, ${bytes} expected`;
}

/** What a read that failed says of the object; a store that does not answer says nothing of it. */
function explainRead(error: unknown, key: string): string {
  if (!(error instanceof StorageError)) throw error;
  if (error.kind === 'not-found') return `${key} is not there`;
  if (error.kind === 'damaged') return error.message;
  throw error;
}
