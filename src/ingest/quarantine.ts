import { isUtf8 } from 'node:buffer';
import { rm } from 'node:fs/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import { parquetSource, quote } from '../engine/duckdb.ts';
import type { Place } from './scan-records.ts';

/** Why a line is in quarantine, and the line. */
export interface QuarantinedLine extends Readonly<Place> {
  readonly object: string;
  /** A reason code, or `superseded`. */
  readonly reason: string;
  readonly detail: string;
  /** The line's bytes, or their beginning. */
  readonly raw: Buffer;
  /** Length of the whole line. */
  readonly rawBytes: number;
}

const PART_BYTES = 32 * 1024 ** 2;
/** What a line takes beside its bytes, about. */
const LINE_OVERHEAD_BYTES = 512;
const columns = `object VARCHAR, line_number BIGINT, byte_offset BIGINT, reason VARCHAR, detail VARCHAR,
  raw BLOB, is_text BOOLEAN, raw_bytes BIGINT`;
const texts = `object, line_number, byte_offset, reason, detail, CASE WHEN is_text THEN decode(raw) END AS raw,
  CASE WHEN NOT is_text THEN base64(raw) END AS raw_base64, raw_bytes`;

/** DuckDB type of every column of a quarantine object, in order. */
export const quarantineTypes: Readonly<Record<string, string>> = {
  object: 'VARCHAR',
  line_number: 'BIGINT',
  byte_offset: 'BIGINT',
  reason: 'VARCHAR',
  detail: 'VARCHAR',
  raw: 'VARCHAR',
  raw_base64: 'VARCHAR',
  raw_bytes: 'BIGINT',
};

/**
 * Collects lines in the order in which they come, 32 MiB of them in memory and the rest in files. A line is kept as text, or as
 * base64 when it is not UTF-8.
 */
export class Quarantine {
  private readonly scratch: string;
  private held: QuarantinedLine[] = [];
  private heldBytes = 0;
  private readonly parts: string[] = [];

  constructor(scratch: string) {
    this.scratch = scratch;
  }

  /** Whether there is enough in memory to be written to a file. */
  get isFull(): boolean {
    return this.heldBytes > PART_BYTES;
  }

  /** Adds a line; its bytes are copied. */
  add(line: QuarantinedLine): void {
    this.held.push({ ...line, raw: Buffer.from(line.raw) });
    this.heldBytes += line.raw.length + LINE_OVERHEAD_BYTES;
  }

  /** Moves what is in memory to a file. */
  async flush(connection: DuckDBConnection): Promise<void> {
    const part = `${this.scratch}/quarantine-${this.parts.length}.parquet`;
    await this.fillTable(connection);
    await connection.run(`COPY quarantine TO ${quote(part)} (FORMAT parquet, COMPRESSION zstd)`);
    this.parts.push(part);
  }

  /**
   * Writes everything as one Parquet file, in row groups of no more bytes than fit: for that DuckDB must not be told to keep the order,
   * which with one thread it keeps all the same. Nothing else may run on this DuckDB from here on.
   */
  async write(connection: DuckDBConnection, path: string): Promise<void> {
    if (this.parts.length > 0 && this.held.length > 0) await this.flush(connection);
    else await this.fillTable(connection);
    const source = this.parts.length === 0 ? 'quarantine' : parquetSource(this.parts);
    await connection.run('SET preserve_insertion_order = false; SET threads = 1');
    await connection.run(`COPY (SELECT ${texts} FROM ${source}) TO ${quote(path)}
      (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE_BYTES '32MB')`);
    for (const part of this.parts) await rm(part);
  }

  /** Moves what is held into the table, which has nothing else in it. */
  private async fillTable(connection: DuckDBConnection): Promise<void> {
    await connection.run(`CREATE OR REPLACE TEMP TABLE quarantine (${columns})`);
    const appender = await connection.createAppender('quarantine');
    for (const { object, lineNumber, byteOffset, reason, detail, raw, rawBytes } of this.held) {
      appender.appendVarchar(object);
      appender.appendBigInt(BigInt(lineNumber));
      appender.appendBigInt(BigInt(byteOffset));
      appender.appendVarchar(reason);
      appender.appendVarchar(detail);
      appender.appendBlob(raw);
      appender.appendBoolean(isUtf8(raw));
      appender.appendBigInt(BigInt(rawBytes));
      appender.endRow();
    }
    appender.closeSync();
    this.held = [];
    this.heldBytes = 0;
  }
}
