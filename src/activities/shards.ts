import type { DuckDBConnection } from '@duckdb/node-api';
import { readRows } from '../engine/duckdb.ts';
import { rangesBetween, type ValueRange } from '../transforms/value-range.ts';

/** Rows that one shard takes at most, so that what is done with them at once fits into a worker's memory. */
const SHARD_ROWS = 500_000;

/** Into how many shards so many rows are cut. */
export function shardsFor(rows: number, most = SHARD_ROWS): number {
  return Math.max(1, Math.ceil(rows / most));
}

/**
 * Cuts the distinct values of a text column of a source of rows into ranges of about as many each, in the order of their bytes: what
 * belongs together by the column stays together, and the ranges one after the other are the whole in its order.
 */
export async function cutIntoShards(
  connection: DuckDBConnection,
  source: string,
  column: string,
  shards: number,
): Promise<ValueRange[]> {
  if (shards <= 1) return rangesBetween([]);
  const at = Array.from({ length: shards - 1 }, (_, n) => (n + 1) / shards);
  const [found] = await readRows(
    connection,
    `SELECT quantile_disc(${column}, [${at.join(', ')}]) AS cuts FROM (SELECT DISTINCT ${column} FROM ${source})`,
  );
  return rangesBetween([...new Set((found?.['cuts'] ?? []) as string[])].sort(byBytes));
}

function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** Cuts a list into so many slices of about as many items each, in their order; fewer when there are fewer items. */
export function cutIntoSlices<T>(items: readonly T[], slices: number): T[][] {
  const most = Math.max(1, Math.ceil(items.length / slices));
  return Array.from({ length: Math.ceil(items.length / most) }, (_, n) =>
    items.slice(n * most, (n + 1) * most),
  );
}
