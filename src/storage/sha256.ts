import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { canonicalJson } from '../domain/canonical-json.ts';

/** Lower-case hex of the SHA-256 of the bytes or the UTF-8 text. */
export function sha256(data: Uint8Array | string): string {
  return createHash('sha256').update(data).digest('hex');
}

/** The first 24 hex digits of the hash of a value's canonical JSON: the name of what is made from it. */
export function nameOf(inputs: unknown): string {
  return sha256(canonicalJson(inputs)).slice(0, 24);
}

/** SHA-256 of a local file, streamed. */
export async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
