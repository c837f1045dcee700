import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { Day } from '../../src/domain/day.ts';
import { parquetSource, type Row, readRows, withDuckDb } from '../../src/engine/duckdb.ts';
import {
  type RawObject,
  type ReadArrival,
  type ReadRules,
  readArrival,
} from '../../src/ingest/read-arrival.ts';

/** Rules that the tests of reading share. */
export const rules: ReadRules = {
  day: '2026-01-05' as Day,
  lateWindowDays: 7,
  futureWindowDays: 1,
  naiveTimestamps: 'reject',
  maxLineBytes: 2000,
  baseCurrency: 'USD',
  outlierAmount: 1000,
};

const duckDb = { threads: 1, memoryMb: 512 };

/** What an arrival was read as, with its rows. */
export interface Read extends ReadArrival {
  readonly accepted: readonly Row[];
  readonly quarantined: readonly QuarantinedRow[];
}

/** A row of the quarantine file. */
export interface QuarantinedRow {
  readonly object: string;
  readonly line: number;
  readonly offset: number;
  readonly reason: string;
  readonly detail: string;
  /** Whether the line is kept as text, and not as base64. */
  readonly isText: boolean;
  /** The bytes, whichever way they are kept. */
  readonly bytes: Buffer;
  readonly rawBytes: number;
}

/** Objects by key, in pieces as a stream would give them. */
export type Objects = Readonly<Record<string, Uint8Array | readonly Uint8Array[]>>;

/** Objects as `readArrival` takes them. */
export function toRawObjects(objects: Objects): RawObject[] {
  return Object.entries(objects).map(([key, bytes]) => ({
    key,
    open: async () => Readable.from(bytes instanceof Uint8Array ? [bytes] : bytes),
  }));
}

/** The accepted rows of a reading as a source of a query. */
export function acceptedSource({ acceptedParts }: ReadArrival): string {
  return parquetSource(acceptedParts.map(({ file }) => file));
}

/** Reads objects as one arrival, with all that became of their lines. */
export async function readObjects(
  objects: Objects | readonly RawObject[],
  changes: Partial<ReadRules> = {},
): Promise<Read> {
  const raw = Array.isArray(objects) ? (objects as readonly RawObject[]) : toRawObjects(objects as Objects);
  const scratch = await mkdtemp(join(tmpdir(), 'questline-ingest-'));
  try {
    const read = await readArrival(raw, { ...rules, ...changes }, scratch, duckDb);
    const [accepted, quarantined] = await withDuckDb(duckDb, async (connection) => [
      await readRows(connection, `SELECT * FROM ${acceptedSource(read)}`),
      await readRows(
        connection,
        `SELECT *, coalesce(hex(encode(raw)), hex(from_base64(raw_base64))) AS hex FROM '${read.quarantineFile}'`,
      ),
    ]);
    return { ...read, accepted: accepted ?? [], quarantined: (quarantined ?? []).map(toQuarantined) };
  } finally {
    await rm(scratch, { recursive: true });
  }
}

/** The client drops a byte order mark that a text begins with, hence the hexadecimal. */
function toQuarantined(row: Row): QuarantinedRow {
  return {
    object: String(row['object']),
    line: Number(row['line_number']),
    offset: Number(row['byte_offset']),
    reason: String(row['reason']),
    detail: String(row['detail']),
    isText: row['raw'] !== null,
    bytes: Buffer.from(String(row['hex']), 'hex'),
    rawBytes: Number(row['raw_bytes']),
  };
}
