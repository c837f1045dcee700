import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import pl, { type LazyDataFrame } from 'nodejs-polars';
import type { Day } from '../domain/day.ts';
import { parquetSource, quote, readRows } from '../engine/duckdb.ts';
import { propertyNames, topLevelFields } from '../schema/contract.ts';
import type { ValueRange } from '../transforms/value-range.ts';
import { cutIntoShards } from './shards.ts';

/** The rows of one event day, from all pieces, each with the day of its arrival as `arrival_day`. */
export interface EventRows {
  readonly count: number;
  /** Those whose event id another one has too, by ranges of ids. */
  readonly shared: readonly LazyDataFrame[];
  /** Those whose event id no other one has, by ranges of players. */
  readonly singles: readonly { readonly players: ValueRange; readonly rows: LazyDataFrame }[];
}

const columns = [...topLevelFields, ...propertyNames].map((name) => `"${name}"`).join(', ');

/**
 * Sorts the rows of an event day into those that share their event id and those that don't, in some shards each. All of it is done by
 * DuckDB, which puts aside on disk what does not fit into its memory.
 */
export async function sortEventRows(
  connection: DuckDBConnection,
  scratch: string,
  pieces: readonly { readonly arrival: Day; readonly files: readonly string[] }[],
  day: Day,
  shards: number,
): Promise<EventRows> {
  const selects = pieces.map(
    ({ arrival, files }) => `SELECT ${columns}, DATE ${quote(arrival)} AS arrival_day
      FROM ${parquetSource(files)} WHERE event_day = DATE ${quote(day)}`,
  );
  await connection.run(`CREATE OR REPLACE TEMP VIEW day_rows AS ${selects.join(' UNION ALL ')}`);
  await connection.run(`CREATE OR REPLACE TEMP TABLE shared_ids AS ${sharedIdsSql}`);
  const [counted] = await readRows(connection, 'SELECT count(*)::DOUBLE AS rows FROM day_rows');
  const shared: LazyDataFrame[] = [];
  for (const range of await cutIntoShards(connection, 'shared_ids', 'event_id', shards)) {
    const file = join(scratch, `shared-${shared.length}.parquet`);
    await copy(connection, `${sharedSql}${whereIn('event_id', range)}`, file);
    shared.push(pl.scanParquet(file));
  }
  const singles: { players: ValueRange; rows: LazyDataFrame }[] = [];
  for (const players of await cutIntoShards(connection, 'day_rows', 'player_id', shards)) {
    const file = join(scratch, `singles-${singles.length}.parquet`);
    await copy(connection, `${singlesSql}${whereIn('player_id', players)}`, file);
    singles.push({ players, rows: pl.scanParquet(file) });
  }
  return { count: Number(counted?.['rows']), shared, singles };
}

/** Ids are compared by their hash first: what ten million of them take fits, where they themselves do not. */
const sharedIdsSql = `SELECT event_id FROM day_rows WHERE hash(event_id) IN (
    SELECT hash(event_id) FROM day_rows GROUP BY 1 HAVING count(*) > 1
  ) GROUP BY event_id HAVING count(*) > 1`;

const sharedSql = 'SELECT * FROM day_rows SEMI JOIN shared_ids USING (event_id)';
const singlesSql = 'SELECT * FROM day_rows ANTI JOIN shared_ids USING (event_id)';

function whereIn(column: string, { from, to }: ValueRange): string {
  const conditions = [
    ...(from === null ? [] : [`${column} >= ${quote(from)}`]),
    ...(to === null ? [] : [`${column} < ${quote(to)}`]),
  ];
  return conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
}

function copy(connection: DuckDBConnection, sql: string, file: string): Promise<unknown> {
  return connection.run(`COPY (${sql}) TO ${quote(file)} (FORMAT parquet, COMPRESSION lz4_raw)`);
}
