import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import type { ZodType } from 'zod';
import type { ObjectRef } from '../domain/object-ref.ts';
import { isStorageError, type ObjectStore, StorageError } from './object-store.ts';
import { sha256OfFile } from './sha256.ts';

/** Reads a JSON object that Questline wrote, checked against its schema; null when there is none. */
export async function readJson<T>(store: ObjectStore, key: string, schema: ZodType<T>): Promise<T | null> {
  const bytes = await readBytes(store, key);
  return bytes === null ? null : parseStored(key, bytes, schema);
}

/** The bytes of an object that is small; null when there is none. */
export async function readBytes(store: ObjectStore, key: string): Promise<Buffer | null> {
  return (await readWithEtag(store, key))?.bytes ?? null;
}

/** The bytes of a small object and the etag that they had; null when there is none. */
export async function readWithEtag(
  store: ObjectStore,
  key: string,
): Promise<{ readonly bytes: Buffer; readonly etag: string } | null> {
  try {
    const { body, etag } = await store.read(key);
    return { bytes: await buffer(body), etag };
  } catch (error) {
    if (isStorageError(error, 'not-found')) return null;
    throw error;
  }
}

/** A stored JSON text as its schema's type; anything else is a `StorageError` that names the object. */
export function parseStored<T>(key: string, bytes: Buffer, schema: ZodType<T>): T {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    throw new StorageError(
      'other',
      `${key} is not JSON. It was changed from outside; restore its version.`,
      error,
    );
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const at = issue?.path.join('.') ?? '';
  const message = `${key} is not as this version of Questline writes it (${at}: ${issue?.message ?? ''}).`;
  throw new StorageError('other', message, parsed.error);
}

/**
 * Writes a content-named object, also where it is there already: whoever is about to name an object writes a version of it, which
 * no cleaning up that had condemned an earlier version removes (src/upkeep/collect-garbage.ts).
 */
export async function writeNamed(store: ObjectStore, key: string, body: Uint8Array): Promise<void> {
  await store.write(key, body);
}

/** Writes an object unless it is there already, which is no error. */
export async function writeOnce(store: ObjectStore, key: string, body: Uint8Array): Promise<void> {
  try {
    await store.write(key, body, { ifAbsent: true });
  } catch (error) {
    if (!isStorageError(error, 'conflict')) throw error;
  }
}

/** Uploads a local file under a content-named key, also where it is there already as in `writeNamed`, and tells what was written. */
export async function uploadFile(
  store: ObjectStore,
  key: string,
  path: string,
  rows: number,
): Promise<ObjectRef> {
  const [hash, { size }] = await Promise.all([sha256OfFile(path), stat(path)]);
  await store.write(key, createReadStream(path));
  return { key, sha256: hash, bytes: size, rows };
}

/** Downloads an object to a local file and checks it against its hash. */
export async function downloadObject(
  store: ObjectStore,
  ref: Pick<ObjectRef, 'key' | 'sha256'>,
  path: string,
): Promise<void> {
  const { body } = await store.read(ref.key);
  const hash = createHash('sha256');
  const hashed = async function* (chunks: AsyncIterable<Buffer>) {
    for await (const chunk of chunks) {
      hash.update(chunk);
      yield chunk;
    }
  };
  await pipeline(body, hashed, createWriteStream(path));
  const found = hash.digest('hex');
  if (found !== ref.sha256) {
    const message = `${ref.key} has sha256 ${found}, but the catalog says ${ref.sha256}. Restore the object's version.`;
    throw new StorageError('damaged', message);
  }
}
