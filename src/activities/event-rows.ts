import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import pl, { type LazyDataFrame } from 'nodejs-polars';
import type { Day } from '../domain/day.ts';
import { parquetSource, quote, readRows } from '../engine/duckdb.ts';
import { propertyNames, topLevelFields } from '../schema/contract.ts';

/** The rows of one event day, from all pieces, each with the day of its arrival as `arrival_day`. */
export interface EventRows {
  readonly count: number;
  /** Those whose event id another one has too. */
  readonly shared: LazyDataFrame;
  /** Values at which the distinct players are cut into `shards` ranges of about as many. */
  cutByPlayer(shards: number): Promise<string[]>;
  /** Those whose event id no other one has, by the ranges between the cuts. */
  splitSingles(cuts: readonly string[]): Promise<LazyDataFrame[]>;
}

const columns = [...topLevelFields, ...propertyNames].map((name) => `"${name}"`).join(', ');

/** Opens the rows of an event day. All of it is done by DuckDB, which puts aside on disk what does not fit into its memory. */
export async function openEventRows(
  connection: DuckDBConnection,
  scratch: string,
  pieces: readonly { readonly arrival: Day; readonly files: readonly string[] }[],
  day: Day,
): Promise<EventRows> {
  const selects = pieces.map(
    ({ arrival, files }) => `SELECT ${columns}, DATE ${quote(arrival)} AS arrival_day
      FROM ${parquetSource(files)} WHERE event_day = DATE ${quote(day)}`,
  );
  await connection.run(`CREATE OR REPLACE TEMP VIEW day_rows AS ${selects.join(' UNION ALL ')}`);
  await connection.run(`CREATE OR REPLACE TEMP TABLE shared_ids AS ${sharedIdsSql}`);
  const [counted] = await readRows(connection, 'SELECT count(*)::DOUBLE AS rows FROM day_rows');
  const shared = join(scratch, 'shared.parquet');
  await copy(connection, 'SELECT * FROM day_rows SEMI JOIN shared_ids USING (event_id)', shared);
  return {
    count: Number(counted?.['rows']),
    shared: pl.scanParquet(shared),
    cutByPlayer: (shards) => cutByPlayer(connection, shards),
    splitSingles: (cuts) => splitSingles(connection, scratch, cuts),
  };
}

/** Ids are compared by their hash first: what ten million of them take fits, where they themselves do not. */
const sharedIdsSql = `SELECT event_id FROM day_rows WHERE hash(event_id) IN (
    SELECT hash(event_id) FROM day_rows GROUP BY 1 HAVING count(*) > 1
  ) GROUP BY event_id HAVING count(*) > 1`;

const singlesSql = 'SELECT * FROM day_rows ANTI JOIN shared_ids USING (event_id)';

async function cutByPlayer(connection: DuckDBConnection, shards: number): Promise<string[]> {
  if (shards <= 1) return [];
  const at = Array.from({ length: shards - 1 }, (_, n) => (n + 1) / shards);
  const [found] = await readRows(
    connection,
    `SELECT quantile_disc(player_id, [${at.join(', ')}]) AS cuts FROM (SELECT DISTINCT player_id FROM day_rows)`,
  );
  return [...new Set((found?.['cuts'] ?? []) as string[])].sort(byBytes);
}

async function splitSingles(
  connection: DuckDBConnection,
  scratch: string,
  cuts: readonly string[],
): Promise<LazyDataFrame[]> {
  const files: string[] = [];
  for (let n = 0; n <= cuts.length; n += 1) {
    const file = join(scratch, `singles-${n}.parquet`);
    const conditions = [
      ...(n > 0 ? [`player_id >= ${quote(cuts[n - 1] as string)}`] : []),
      ...(n < cuts.length ? [`player_id < ${quote(cuts[n] as string)}`] : []),
    ];
    const where = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
    await copy(connection, `${singlesSql}${where}`, file);
    files.push(file);
  }
  return files.map((file) => pl.scanParquet(file));
}

function copy(connection: DuckDBConnection, sql: string, file: string): Promise<unknown> {
  return connection.run(`COPY (${sql}) TO ${quote(file)} (FORMAT parquet, COMPRESSION lz4_raw)`);
}

function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
