import type { InputObject } from '../domain/object-ref.ts';
import type { RawObject } from '../ingest/read-arrival.ts';
import type { ObjectInfo, ObjectStore } from '../storage/object-store.ts';

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

/** Pinned inputs as objects to read, in the pinned versions. */
export function openInputs(store: ObjectStore, inputs: readonly InputObject[]): RawObject[] {
  return inputs.map(({ key, versionId }) => ({
    key,
    open: async () => (await store.read(key, versionId)).body,
  }));
}

/** What of pinned inputs decides about the output: content, not version ids. */
export function inputIdentity(inputs: readonly InputObject[]): readonly [string, number, string][] {
  return inputs.map(({ key, bytes, etag }) => [key, bytes, etag]);
}
