import type { Day } from '../domain/day.ts';
import type { InputObject } from '../domain/object-ref.ts';
import { mapAtOnce } from '../storage/at-once.ts';
import type { ArrivalEntry } from '../storage/catalog-format.ts';
import type { ObjectStore } from '../storage/object-store.ts';
import { AT_ONCE, type Fault, type OnProgress } from './fault.ts';

/** Looks whether everything that was counted is still there as it was: raw objects in their versions, replays, profiles. */
export async function checkRaw(
  store: ObjectStore,
  arrivals: ReadonlyMap<Day, ArrivalEntry>,
  profiles: readonly InputObject[],
  tell: OnProgress,
): Promise<{ readonly objects: number; readonly faults: readonly Fault[] }> {
  const pinned = [
    ...[...arrivals].flatMap(([day, { inputs }]) =>
      inputs.map((input) => ({ what: `arrival ${day}`, input })),
    ),
    ...profiles.map((input) => ({ what: 'profiles', input })),
  ];
  const replays = [...arrivals].flatMap(([day, entry]) => entry.replays.map((key) => ({ day, key })));
  let done = 0;
  const step = () => {
    done += 1;
    tell('raw inputs', done, pinned.length + replays.length, 0);
  };
  const ofInputs = await mapAtOnce(pinned, AT_ONCE, async ({ what, input }) => {
    const fault = await judgeInput(store, input);
    step();
    return fault === null ? null : `${what}: ${fault}`;
  });
  const ofReplays = await mapAtOnce(replays, AT_ONCE, async ({ day, key }) => {
    const found = await store.head(key);
    step();
    return found === null ? `arrival ${day}: the replay ${key} is not there` : null;
  });
  const faults = [...ofInputs, ...ofReplays].filter((fault) => fault !== null);
  return { objects: done, faults: faults.map((message) => ({ kind: 'raw', message })) };
}

async function judgeInput(
  store: ObjectStore,
  { key, bytes, etag, versionId }: InputObject,
): Promise<string | null> {
  const found = await store.head(key, versionId);
  const named = versionId === null ? key : `${key} in version ${versionId}`;
  if (found === null) return `${named} is not there`;
  if (found.bytes !== bytes) return `${named} has ${found.bytes} bytes, ${bytes} were counted`;
  return found.etag === etag ? null : `${named} has ETag ${found.etag}, ${etag} was counted`;
}
