import { type Day, isWithin, type OpenRange } from '../domain/day.ts';
import { mapAtOnce } from '../storage/at-once.ts';
import type { CatalogState } from '../storage/catalog.ts';
import { keys } from '../storage/keys.ts';
import { listMirrorFiles } from '../storage/mirror.ts';
import type { ObjectStore } from '../storage/object-store.ts';
import { AT_ONCE, type Fault, type OnProgress } from './fault.ts';
import { hashObject, judgeBytes } from './read-objects.ts';

/**
 * Compares the Hive-style folders under `tables/` with the snapshot: nothing missing, nothing extra, the sizes of all files, and the bytes of
 * those of the range.
 */
export async function checkMirror(
  store: ObjectStore,
  state: CatalogState,
  range: OpenRange,
  tell: OnProgress,
): Promise<{ readonly files: number; readonly bytes: number; readonly faults: readonly Fault[] }> {
  const listed = new Map<string, number>();
  for await (const { key, bytes } of store.list(keys.mirror))
    if (key !== keys.mirrorState) listed.set(key, bytes);
  const wanted = listMirrorFiles(state);
  const extra = [...listed.keys()].filter((key) => !wanted.has(key));
  const faults = extra.map((key) => `${key} is extra: the snapshot has no such file`);
  const read: string[] = [];
  for (const [key, ref] of wanted) {
    const bytes = listed.get(key);
    if (bytes === undefined) faults.push(`${key} is not there`);
    else if (bytes !== ref.bytes) faults.push(`${key} has ${bytes} bytes, ${ref.bytes} named`);
    else if (isRead(key, range)) read.push(key);
  }
  let [done, bytes] = [0, 0];
  const judged = await mapAtOnce(read, AT_ONCE, async (key) => {
    const [found, ref] = [await hashObject(store, key), wanted.get(key)];
    done += 1;
    bytes += found?.bytes ?? 0;
    tell('mirror', done, read.length, bytes);
    if (ref === undefined) return null;
    return found === null ? `${key} is not there` : judgeBytes(key, found, ref);
  });
  const all = [...faults, ...judged.filter((fault) => fault !== null)];
  return { files: wanted.size, bytes, faults: all.map((message) => ({ kind: 'mirror', message })) };
}

function isRead(key: string, range: OpenRange): boolean {
  const [, day] = /\/dt=([\d-]+)\//.exec(key) ?? [];
  return day === undefined || isWithin(day as Day, range);
}
