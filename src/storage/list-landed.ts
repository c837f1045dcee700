import { type Day, isDay } from '../domain/day.ts';
import { keys } from './keys.ts';
import type { Landed } from './landed.ts';
import type { ListedObject, ObjectStore } from './object-store.ts';

/** What has landed for a day, and when the newest of it was written, by the store's clock. */
export interface LandedDay extends Landed {
  readonly modifiedAt: Date;
}

/** What a key under `raw/` belongs to. */
export type RawKey =
  | { readonly kind: 'object' | 'replay'; readonly day: Day }
  | { readonly kind: 'profiles' | 'truth' | 'folder' | 'stray' };

/** Tells what a key under `raw/` belongs to; nothing reads a stray one. */
export function classifyRawKey(key: string): RawKey {
  if (key.endsWith('/')) return { kind: 'folder' };
  const [, replay, day = ''] = /^raw\/(_replays\/)?dt=([^/]+)\//.exec(key) ?? [];
  if (isDay(day)) return { kind: replay === undefined ? 'object' : 'replay', day: day as Day };
  if (key.startsWith(keys.profiles)) return { kind: 'profiles' };
  return { kind: key.startsWith('raw/_truth/') ? 'truth' : 'stray' };
}

/** What has landed for one day, as it is now. */
export async function listLandedDay(store: ObjectStore, day: Day): Promise<LandedDay> {
  const listed = await Promise.all([
    collect(store.list(keys.rawDay(day))),
    collect(store.list(keys.replays(day))),
  ]);
  return groupByDay(listed.flat()).get(day) ?? { objects: [], replays: [], modifiedAt: new Date(0) };
}

/** What has landed for each day that has anything, from a day on when one is given. A request lists 1,000 objects. */
export async function listLanded(store: ObjectStore, from?: Day): Promise<Map<Day, LandedDay>> {
  const listDays = (prefix: string) =>
    collect(store.list(prefix, from === undefined ? undefined : `${prefix}${from}`));
  const listed = await Promise.all([listDays('raw/dt='), listDays('raw/_replays/dt=')]);
  return groupByDay(listed.flat());
}

async function collect(listing: AsyncIterable<ListedObject>): Promise<ListedObject[]> {
  const listed: ListedObject[] = [];
  for await (const object of listing) listed.push(object);
  return listed;
}

function groupByDay(listed: readonly ListedObject[]): Map<Day, LandedDay> {
  const days = new Map<Day, { objects: ListedObject[]; replays: ListedObject[] }>();
  for (const object of listed) {
    const found = classifyRawKey(object.key);
    if (found.kind !== 'object' && found.kind !== 'replay') continue;
    const day = days.get(found.day) ?? { objects: [], replays: [] };
    days.set(found.day, day);
    day[found.kind === 'object' ? 'objects' : 'replays'].push(object);
  }
  return new Map(
    [...days]
      .filter(([, { objects }]) => objects.length > 0)
      .map(([day, { objects, replays }]) => [day, toLanded(day, objects, replays)]),
  );
}

/** A replay counts when its lines are there: one that was cut off before them does not. */
function toLanded(day: Day, objects: ListedObject[], replays: ListedObject[]): LandedDay {
  const present = new Set(objects.map(({ key }) => key));
  const linesOf = (key: string) =>
    keys.replayLines(day, key.slice(keys.replays(day).length).replace(/\.json$/, ''));
  const byKey = (a: ListedObject, b: ListedObject) => (a.key < b.key ? -1 : 1);
  const counted = replays.filter(({ key }) => present.has(linesOf(key)));
  const newest = [...objects, ...counted].map(({ modifiedAt }) => modifiedAt.getTime());
  return {
    objects: objects.sort(byKey),
    replays: counted.sort(byKey).map(({ key }) => key),
    modifiedAt: new Date(newest.reduce((latest, time) => Math.max(latest, time), 0)),
  };
}
