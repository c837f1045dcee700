import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import { quote, readRows } from '../engine/duckdb.ts';
import { mapAtOnce } from '../storage/at-once.ts';
import type { NamedObject } from '../storage/named-objects.ts';
import { isStorageError, type ObjectStore } from '../storage/object-store.ts';
import { AT_ONCE, type Fault, type OnProgress } from './fault.ts';

/** What was read of an object. */
interface ReadObject {
  readonly bytes: number;
  readonly sha256: string;
}

/** Where objects are read into to count their rows: a folder, and a DuckDB that may read there. */
export interface ReadingPlace {
  readonly scratch: string;
  readonly connection: DuckDBConnection;
}

/** Reads every object and compares bytes, sha256 and rows with what the snapshot says; how many bytes were read, and what is wrong. */
export async function readObjects(
  store: ObjectStore,
  named: readonly NamedObject[],
  place: ReadingPlace,
  tell: OnProgress,
): Promise<{ readonly bytes: number; readonly faults: readonly Fault[] }> {
  let [done, bytes] = [0, 0];
  const found = await mapAtOnce(named, AT_ONCE, async (object) => {
    const { read, fault } = await readObject(store, object, place);
    done += 1;
    bytes += read?.bytes ?? 0;
    tell('objects', done, named.length, bytes);
    return fault;
  });
  const faults = found.filter((fault) => fault !== null);
  return { bytes, faults: faults.map((message) => ({ kind: 'object', message })) };
}

async function readObject(
  store: ObjectStore,
  { key, what, ref }: NamedObject,
  { scratch, connection }: ReadingPlace,
): Promise<{ readonly read: ReadObject | null; readonly fault: string | null }> {
  const file = ref === null ? null : join(scratch, `${randomUUID()}.parquet`);
  try {
    const read = await hashObject(store, key, file);
    if (read === null) return { read, fault: `${what}: ${key} is not there` };
    if (ref === null) return { read, fault: judgeReport(key, what, read) };
    const fault = judgeBytes(`${what}: ${key}`, read, ref);
    if (fault !== null || file === null) return { read, fault };
    const [counted] = await readRows(
      connection,
      `SELECT num_rows::DOUBLE AS rows FROM parquet_file_metadata(${quote(file)})`,
    );
    const rows = Number(counted?.['rows']);
    return { read, fault: rows === ref.rows ? null : `${what}: ${key} has ${rows} rows, ${ref.rows} named` };
  } finally {
    if (file !== null) await rm(file, { force: true });
  }
}

/** Streams an object through its hash, and into a file if there is one; null when it is not there. */
export async function hashObject(
  store: ObjectStore,
  key: string,
  file: string | null = null,
): Promise<ReadObject | null> {
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    const { body } = await store.read(key);
    const counted = body.map((chunk: Buffer) => {
      bytes += chunk.length;
      hash.update(chunk);
      return chunk;
    });
    if (file === null) for await (const _ of counted) continue;
    else await pipeline(counted, createWriteStream(file));
  } catch (error) {
    if (isStorageError(error, 'not-found')) return null;
    throw error;
  }
  return { bytes, sha256: hash.digest('hex') };
}

/** What of an object is not as it is named; its size first. */
export function judgeBytes(
  what: string,
  found: ReadObject,
  named: { readonly bytes: number; readonly sha256: string },
): string | null {
  if (found.bytes !== named.bytes) return `${what} has ${found.bytes} bytes, ${named.bytes} named`;
  if (found.sha256 !== named.sha256) return `${what} has sha256 ${found.sha256}, ${named.sha256} named`;
  return null;
}

/** A report is named by the first 24 digits of the sha256 of its JSON. */
function judgeReport(key: string, what: string, { sha256 }: ReadObject): string | null {
  const [, name = ''] = /([^/]+)\.json$/.exec(key) ?? [];
  return sha256.startsWith(name) ? null : `${what}: ${key} has sha256 ${sha256}, its name says ${name}…`;
}
