import { mapAtOnce } from '../storage/at-once.ts';
import {
  type CondemnedObjects,
  type DoomedVersion,
  readCondemned,
  writeCondemned,
} from '../storage/condemned.ts';
import { keys } from '../storage/keys.ts';
import { type ListedObject, type ObjectStore, StorageError } from '../storage/object-store.ts';
import { ageOf, daysToMs, type KeepRules, type Survey, surveyBucket } from './survey-bucket.ts';

/** An object that goes, and its bytes. */
export interface Doomed {
  readonly key: string;
  readonly bytes: number;
}

/** What cleaning up does, or would do. */
export interface Cleaning {
  /** How many snapshots are kept. */
  readonly snapshots: number;
  /** Objects that were condemned long enough ago: removed for good. */
  readonly removed: readonly Doomed[];
  /** Objects that nothing needs: condemned, to be removed by a later call. */
  readonly condemned: readonly Doomed[];
  /** Objects that were condemned earlier, not long enough ago. */
  readonly waiting: readonly Doomed[];
  /** Keys of objects that were condemned earlier, and are named or written again. */
  readonly pardoned: readonly string[];
  /** Keys of the records that answered with such an object instead of making it; they go at once. */
  readonly records: readonly string[];
}

const REQUESTS_AT_ONCE = 8;

/** What `collectGarbage` would do at this moment; changes nothing. */
export async function planCleaning(store: ObjectStore, rules: KeepRules, now: Date): Promise<Cleaning> {
  const { list } = await readCondemned(store);
  return judge(await surveyBucket(store, rules, now), list, rules, now);
}

/**
 * Removes what no kept snapshot names, while runs go on. Two things could make a snapshot name an object that is gone: a record of what was made,
 * which answers a run without making it again; and a run that was answered already and has not committed yet. So it takes two calls.
 *
 * The first removes the records of an object and only then notes it as condemned, at the time T and in the version V that it has. The second,
 * at least `graceDays` later, removes just V, and only if no kept snapshot and no record names the object.
 *
 * - A run that was answered before T commits within `graceDays`, which are longer than a day can be on hold. The second call sees
 *   its snapshot, and pardons.
 * - A run that asks after T finds no record and makes the object again. Whoever makes an object writes it, also where it is there already
 *   (`writeNamed`, `uploadFile`), so it is in another version than V, which the second call does not touch, whenever either of them stops or
 *   goes on. The next run is answered by the record of that version: a record that is younger than T begins the wait again.
 * - Months and snapshots have no records. Whoever commits writes those that it names anew, unless the snapshot that it commits upon names
 *   them, which is kept.
 * - A rollback names objects that it did not make and was not answered with. It takes them off the list before it commits (`pardonObjects`);
 *   what is to be removed stands on the list as such before it goes, and both write the list only as they have read it.
 * - A run that takes longer than `graceDays` all the same commits nothing: publishing looks for what it did not make itself. The
 *   record is gone, so that the next run makes the object.
 *
 * A call that is cut off leaves records that are gone, which cost making again, or objects that are on the list or become condemned once more.
 * Two calls at once do not hinder each other. `clock` tells the time.
 */
export async function collectGarbage(
  store: ObjectStore,
  rules: KeepRules,
  clock: () => Date,
): Promise<Cleaning> {
  for (;;) {
    const { etag, list } = await readCondemned(store);
    const now = clock();
    const cleaning = judge(await surveyBucket(store, rules, now), list, rules, now);
    const versions = await readVersions(store, cleaning.condemned);
    await mapAtOnce(cleaning.records, REQUESTS_AT_ONCE, (key) => store.remove(key));
    const next = listNext(list, cleaning, versions, clock());
    const written = await writeCondemned(store, etag, next);
    if (written === null) continue;
    await removeAll(store, next.removing);
    await writeCondemned(store, written, { ...next, removing: {} });
    return cleaning;
  }
}

/** Snapshots go before what they name, so that none is found of which something is gone. */
async function removeAll(store: ObjectStore, removing: CondemnedObjects['removing']): Promise<void> {
  const all = Object.entries(removing);
  const isSnapshot = ([key]: (typeof all)[number]) => key.startsWith(keys.snapshots);
  for (const some of [all.filter(isSnapshot), all.filter((one) => !isSnapshot(one))])
    await mapAtOnce(some, REQUESTS_AT_ONCE, ([key, { versionId }]) => store.remove(key, versionId));
}

function judge(survey: Survey, list: CondemnedObjects, rules: KeepRules, now: Date): Cleaning {
  const { named, objects, records, kept } = survey;
  const answered = new Set([...records.values()].flat());
  const removed = Object.entries(list.removing).map(([key, { bytes }]) => ({ key, bytes }));
  const going = new Set(removed.map(({ key }) => key));
  const waiting: Doomed[] = [];
  const pardoned: string[] = [];
  for (const [key, { bytes, since }] of Object.entries(list.condemned)) {
    const object = objects.get(key);
    if (object === undefined) continue;
    const isWritten = object.modifiedAt.getTime() > Date.parse(since);
    if (named.has(key) || isWritten) pardoned.push(key);
    else if (answered.has(key)) continue;
    else if (now.getTime() - Date.parse(since) >= daysToMs(rules.graceDays)) removed.push({ key, bytes });
    else waiting.push({ key, bytes });
  }
  for (const { key } of [...removed, ...waiting]) going.add(key);
  const condemned = [...objects.values()]
    .filter((object) => !named.has(object.key) && !going.has(object.key) && isOld(object, rules, now))
    .map(({ key, bytes }) => ({ key, bytes }));
  for (const { key } of condemned) going.add(key);
  const isVoid = (key: string) => going.has(key) || !objects.has(key);
  const voidRecords = [...records].filter(([, names]) => names.some(isVoid)).map(([key]) => key);
  return { snapshots: kept.length, removed, condemned, waiting, pardoned, records: voidRecords };
}

/** Reports of days that failed or are held have no snapshot that names them: they are kept as long as snapshots are. */
function isOld(object: ListedObject, { graceDays, keepSnapshotsDays }: KeepRules, now: Date): boolean {
  const days = object.key.startsWith(keys.reports) ? Math.max(graceDays, keepSnapshotsDays) : graceDays;
  return ageOf(object, now) >= daysToMs(days);
}

async function readVersions(
  store: ObjectStore,
  condemned: readonly Doomed[],
): Promise<Map<string, DoomedVersion>> {
  const versions = new Map<string, DoomedVersion>();
  await mapAtOnce(condemned, REQUESTS_AT_ONCE, async ({ key }) => {
    const found = await store.head(key);
    if (found === null) return;
    const { versionId, bytes } = found;
    if (versionId === null)
      throw new StorageError(
        'other',
        `${key} has no version, so it can't be removed safely while runs go on. Turn the bucket's versioning on. Nothing was removed.`,
      );
    versions.set(key, { versionId, bytes });
  });
  return versions;
}

function listNext(
  { condemned, removing }: CondemnedObjects,
  { removed, waiting }: Cleaning,
  versions: ReadonlyMap<string, DoomedVersion>,
  now: Date,
): CondemnedObjects {
  const since = now.toISOString();
  const still = waiting.map(({ key }) => [key, condemned[key]] as const);
  const fresh = [...versions].map(([key, version]) => [key, { ...version, since }] as const);
  const going = removed.map(({ key }) => [key, removing[key] ?? condemned[key]] as const);
  return {
    condemned: Object.fromEntries([...still, ...fresh]) as CondemnedObjects['condemned'],
    removing: Object.fromEntries(
      going.map(([key, doomed]) => [key, { versionId: doomed?.versionId, bytes: doomed?.bytes }]),
    ) as CondemnedObjects['removing'],
  };
}
