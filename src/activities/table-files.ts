import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import pl, { type LazyDataFrame } from 'nodejs-polars';
import type { ObjectRef } from '../domain/object-ref.ts';
import type { PublishedTable } from '../domain/tables.ts';
import { copyToParquet, type DuckDbLimits, parquetSource } from '../engine/duckdb.ts';
import { withLentDuckDb } from '../engine/lent-duckdb.ts';
import { duckDbColumnsOf, metadataOf } from '../schema/tables.ts';
import { uploadFile } from '../storage/bytes.ts';
import type { ObjectStore } from '../storage/object-store.ts';

/** Rows of a row group, of Polars' files on the way and of DuckDB's in the end. */
const ROW_GROUP_ROWS = 122_880;
/** Of the files that Polars writes on the way. */
export const sinkOptions = { compression: 'lz4', rowGroupSize: ROW_GROUP_ROWS } as const;

/** Writes tables into files of a scratch folder. */
export interface TableFiles {
  /** Of the DuckDB that writes them. */
  readonly connection: DuckDBConnection;
  /**
   * Writes the rows of the frames, one frame after the other, as the file that is published: documented types, row groups of 122,880
   * rows, the table's definitions as key-value metadata. The bytes follow from the rows alone, however they are split into frames.
   */
  write(table: PublishedTable, frames: Iterable<LazyDataFrame>): Promise<TableFile>;
}

/** A written table. */
export interface TableFile {
  readonly file: string;
  readonly rows: number;
}

/** Runs `use` with what writes tables into a folder; of the memory that there is, half is left to Polars, which has no limit of its own. */
export function withTableFiles<T>(
  limits: DuckDbLimits,
  scratch: string,
  use: (files: TableFiles) => Promise<T>,
): Promise<T> {
  const memoryMb = Math.ceil(limits.memoryMb / 2);
  return withLentDuckDb({ ...limits, memoryMb, tempFolder: join(scratch, 'spill') }, (connection) =>
    use(tableFilesOver(connection, scratch)),
  );
}

/** What writes tables into a folder by a connection that is there, one at a time. */
export function tableFilesOver(connection: DuckDBConnection, scratch: string): TableFiles {
  return { connection, write: (table, frames) => writeTable(connection, scratch, table, frames) };
}

/** Uploads a written table under a content-named key. */
export function uploadTable(store: ObjectStore, key: string, { file, rows }: TableFile): Promise<ObjectRef> {
  return uploadFile(store, key, file, rows);
}

async function writeTable(
  connection: DuckDBConnection,
  scratch: string,
  table: PublishedTable,
  frames: Iterable<LazyDataFrame>,
): Promise<TableFile> {
  const parts: string[] = [];
  for (const frame of frames) {
    const part = join(scratch, `${table}-${parts.length}.parquet`);
    await frame.sinkParquet(part, sinkOptions).collect();
    parts.push(part);
  }
  const whole = parts.length === 1 ? (parts[0] as string) : await joinParts(scratch, table, parts);
  const columns = Object.entries(duckDbColumnsOf(table)).map(
    ([name, type]) => `"${name}"::${type} AS "${name}"`,
  );
  const file = join(scratch, `${table}.parquet`);
  const sql = `SELECT ${columns.join(', ')} FROM ${parquetSource([whole])}`;
  const rows = await copyToParquet(connection, sql, file, metadataOf(table));
  await rm(whole);
  return { file, rows };
}

/** DuckDB ends a row group where a file ends: of several files it would make others than of one. */
async function joinParts(scratch: string, table: PublishedTable, parts: readonly string[]): Promise<string> {
  const whole = join(scratch, `${table}-joined.parquet`);
  await pl
    .concat(parts.map((part) => pl.scanParquet(part)))
    .sinkParquet(whole, sinkOptions)
    .collect();
  for (const part of parts) await rm(part);
  return whole;
}
