import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import pl, { type LazyDataFrame } from 'nodejs-polars';
import { once } from '../domain/once.ts';
import { copyToParquet, parquetSource, quote } from '../engine/duckdb.ts';
import { emptyTableSql, metadataOf } from '../schema/tables.ts';
import { rangesBetween, type ValueRange } from '../transforms/value-range.ts';
import { cutIntoShards, cutIntoSlices } from './shards.ts';

/** Tables by day that those over all days are made from. */
export const sourceTables = ['player_days', 'sessions', 'player_levels', 'funnel_steps'] as const;

/** One of them. */
export type SourceTable = (typeof sourceTables)[number];

/** Files of these tables, one a day. */
export type SourceFiles = Readonly<Record<SourceTable, readonly string[]>>;

/** So many files are read one by one; Polars plans each on its own, so that more are first copied into one. */
const FILES_READ_APART = 64;

/** Rows of these tables, all of some players. */
export interface PlayerRows {
  /** Ranges of players, one after the other in their order. */
  readonly ranges: readonly ValueRange[];
  /** Rows of a table, those of each range apart, so that a part holds all of a player. */
  readonly byPlayer: (table: SourceTable) => Promise<readonly LazyDataFrame[]>;
  /** Rows of a table in about as many parts, so that a part holds all of a date. */
  readonly byDate: (table: SourceTable) => Promise<readonly LazyDataFrame[]>;
}

/**
 * Cuts tables, of each of which there is a file a day, when they are first asked for. By players DuckDB goes once through a table and
 * writes the rows of each range apart; in one shard nothing is written unless there are many files.
 */
export async function splitByPlayer(
  connection: DuckDBConnection,
  scratch: string,
  filesOf: (table: SourceTable) => Promise<readonly string[]>,
  shards: number,
): Promise<PlayerRows> {
  const files = onceEach((table) => orEmpty(connection, scratch, table, filesOf(table)));
  const ranges =
    shards <= 1
      ? rangesBetween([])
      : await cutIntoShards(connection, parquetSource(await files('player_days')), 'player_id', shards);
  const byDate = onceEach(async (table) => {
    const gathered: LazyDataFrame[] = [];
    for (const [n, slice] of cutIntoSlices(await files(table), ranges.length).entries())
      gathered.push(await gather(connection, join(scratch, `${table}-${n}.parquet`), slice));
    return gathered;
  });
  return {
    ranges,
    byPlayer:
      ranges.length === 1
        ? byDate
        : onceEach(async (table) =>
            split(connection, join(scratch, `${table}-by-player`), await files(table), ranges),
          ),
    byDate,
  };
}

/** The rows of files in their order. */
async function gather(
  connection: DuckDBConnection,
  into: string,
  files: readonly string[],
): Promise<LazyDataFrame> {
  if (files.length <= FILES_READ_APART) return scanFiles(files);
  await connection.run(
    `COPY (FROM ${parquetSource(files)}) TO ${quote(into)} (FORMAT parquet, COMPRESSION lz4_raw)`,
  );
  return pl.scanParquet(into);
}

function onceEach<T>(make: (table: SourceTable) => T): (table: SourceTable) => T {
  const made = Object.fromEntries(sourceTables.map((table) => [table, once(() => make(table))]));
  return (table) => (made as Record<SourceTable, () => T>)[table]();
}

async function split(
  connection: DuckDBConnection,
  folder: string,
  files: readonly string[],
  ranges: readonly ValueRange[],
): Promise<LazyDataFrame[]> {
  const cuts = ranges.flatMap(({ from }) =>
    from === null ? [] : [`(player_id >= ${quote(from)})::INTEGER`],
  );
  await connection.run(
    `COPY (SELECT *, ${cuts.join(' + ')} AS shard FROM ${parquetSource(files)})
    TO ${quote(folder)} (FORMAT parquet, COMPRESSION lz4_raw, PARTITION_BY (shard))`,
  );
  // A range without rows has no file: one that there surely is, without its rows, stands for it.
  const none = pl.scanParquet(files[0] as string).filter(pl.lit(false));
  return Promise.all(ranges.map((_, n) => scanFolder(join(folder, `shard=${n}`), none)));
}

async function scanFolder(folder: string, none: LazyDataFrame): Promise<LazyDataFrame> {
  const names = await readdir(folder).catch(() => []);
  return names.length === 0 ? none : scanFiles(names.sort().map((name) => join(folder, name)));
}

/** A table of which there is no file yet is read from one without rows, in the scratch folder. */
async function orEmpty(
  connection: DuckDBConnection,
  scratch: string,
  table: SourceTable,
  files: Promise<readonly string[]>,
): Promise<readonly string[]> {
  const known = await files;
  if (known.length > 0) return known;
  const file = join(scratch, `no-${table}.parquet`);
  await copyToParquet(connection, emptyTableSql(table), file, metadataOf(table));
  return [file];
}

/** The rows of Parquet files of the same columns, one after the other. */
export function scanFiles(files: readonly string[]): LazyDataFrame {
  return pl.concat(files.map((file) => pl.scanParquet(file)));
}
