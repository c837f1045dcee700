import type { Day } from '../domain/day.ts';
import { TerminalError } from '../domain/failure.ts';
import type { InputObject } from '../domain/object-ref.ts';
import type { RawObject } from '../ingest/read-arrival.ts';
import { keys } from '../storage/keys.ts';
import { identityOf, type LandedIdentity } from '../storage/landed.ts';
import { isStorageError, type ObjectInfo, type ObjectStore } from '../storage/object-store.ts';
import { mapSuperseded, type Replay, readReplays } from '../storage/replays.ts';

/** The objects under a prefix as they are now, each with the version that will be read, in key order. */
export async function pinInputs(store: ObjectStore, prefix: string): Promise<InputObject[]> {
  const listed: ObjectInfo[] = [];
  for await (const object of store.list(prefix)) if (!object.key.endsWith('/')) listed.push(object);
  const heads = await Promise.all(listed.map(({ key }) => store.head(key)));
  return heads
    .filter((info) => info !== null)
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ key, bytes, etag, versionId }) => ({ key, bytes, etag, versionId }));
}

/** Everything that an arrival is read from: its raw objects, and the replays that supersede lines of them. */
export interface ArrivalInputs {
  readonly objects: readonly InputObject[];
  readonly replays: readonly Replay[];
}

/** The raw objects and replays of an arrival day as they are now. */
export async function pinArrival(store: ObjectStore, day: Day): Promise<ArrivalInputs> {
  const objects = await pinInputs(store, keys.rawDay(day));
  return { objects, replays: await readReplays(store, day, objects) };
}

/** Pinned inputs as objects to read, in the pinned versions, with the lines of them that are superseded. */
export function openInputs(
  store: ObjectStore,
  inputs: readonly InputObject[],
  replays: readonly Replay[] = [],
): RawObject[] {
  const superseded = mapSuperseded(replays);
  return inputs.map(({ key, versionId }) => ({
    key,
    open: async () => (await readPinned(store, key, versionId)).body,
    superseded: superseded.get(key) ?? new Map<number, string>(),
  }));
}

/** A pinned version that is gone is an `UnreadableObject`: no retry brings it back. */
async function readPinned(
  store: ObjectStore,
  key: string,
  versionId: string | null,
): ReturnType<ObjectStore['read']> {
  try {
    return await store.read(key, versionId);
  } catch (error) {
    if (!isStorageError(error, 'not-found')) throw error;
    const message = `${key} was removed while it was to be read. Land it again, or run the day again without it.`;
    throw new TerminalError('UnreadableObject', message, { key });
  }
}

/** What of an arrival's inputs decides about its reading. */
export function arrivalIdentity({ objects, replays }: ArrivalInputs): LandedIdentity {
  return identityOf({ objects, replays: replays.map(({ key }) => key) });
}
