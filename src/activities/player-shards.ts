import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import pl, { type LazyDataFrame } from 'nodejs-polars';
import { once } from '../domain/once.ts';
import { copyToParquet, parquetSource, quote } from '../engine/duckdb.ts';
import { emptyTableSql, metadataOf } from '../schema/tables.ts';
import { rangesBetween, type ValueRange } from '../transforms/value-range.ts';
import { cutIntoShards } from './shards.ts';

/** Tables by day that those over all days are made from. */
export const sourceTables = ['player_days', 'sessions', 'player_levels', 'funnel_steps'] as const;

/** One of them. */
export type SourceTable = (typeof sourceTables)[number];

/** Files of these tables, one a day. */
export type SourceFiles = Readonly<Record<SourceTable, readonly string[]>>;

/** Rows of these tables, cut by ranges of players, one after the other in their order, so that a range holds all of a player. */
export interface PlayerRows {
  readonly ranges: readonly ValueRange[];
  readonly filesOf: (table: SourceTable) => Promise<readonly string[]>;
  /** Rows of a table, those of each range apart. */
  readonly rowsOf: (table: SourceTable) => Promise<readonly LazyDataFrame[]>;
}

/**
 * Cuts tables by ranges of players when they are first asked for. DuckDB goes once through a table and writes the rows of each range
 * apart; in one shard nothing is written.
 */
export async function splitByPlayer(
  connection: DuckDBConnection,
  scratch: string,
  filesOf: PlayerRows['filesOf'],
  shards: number,
): Promise<PlayerRows> {
  const ranges =
    shards <= 1
      ? rangesBetween([])
      : await cutIntoShards(connection, parquetSource(await filesOf('player_days')), 'player_id', shards);
  const rows = Object.fromEntries(
    sourceTables.map((table) => [
      table,
      once(async () => split(connection, join(scratch, `${table}-by-player`), await filesOf(table), ranges)),
    ]),
  ) as Record<SourceTable, () => Promise<LazyDataFrame[]>>;
  return { ranges, filesOf, rowsOf: (table) => rows[table]() };
}

async function split(
  connection: DuckDBConnection,
  folder: string,
  files: readonly string[],
  ranges: readonly ValueRange[],
): Promise<LazyDataFrame[]> {
  if (ranges.length === 1) return [scanFiles(files)];
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
export async function fillWithEmpty(
  connection: DuckDBConnection,
  scratch: string,
  files: SourceFiles,
): Promise<SourceFiles> {
  const some = sourceTables.map(async (table) => {
    if (files[table].length > 0) return [table, files[table]] as const;
    const file = join(scratch, `no-${table}.parquet`);
    await copyToParquet(connection, emptyTableSql(table), file, metadataOf(table));
    return [table, [file]] as const;
  });
  return Object.fromEntries(await Promise.all(some)) as Record<SourceTable, readonly string[]>;
}

/** The rows of Parquet files of the same columns, one after the other. */
export function scanFiles(files: readonly string[]): LazyDataFrame {
  return pl.concat(files.map((file) => pl.scanParquet(file)));
}
