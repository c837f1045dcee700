/** Rows that one shard takes at most, so that what is done with them at once fits into a worker's memory. */
const SHARD_ROWS = 500_000;

/** Into how many shards so many rows are cut. */
export function shardsFor(rows: number): number {
  return Math.max(1, Math.ceil(rows / SHARD_ROWS));
}
