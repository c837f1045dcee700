import pl, { type Expr, type LazyDataFrame } from 'nodejs-polars';

/** Values of a text column from `from` on and before `to`, in the order of their bytes; null leaves an end open. */
export interface ValueRange {
  readonly from: string | null;
  readonly to: string | null;
}

/**
 * Values at which the distinct values of a text column are cut into `count` ranges of about as many each, in order: what belongs together
 * by the column stays together, and the ranges one after the other are the whole in its order.
 */
export async function cutByValue(rows: LazyDataFrame, column: string, count: number): Promise<string[]> {
  if (count <= 1) return [];
  const values = (
    await rows
      .select(column)
      .unique()
      .sort({ by: [column] })
      .collect()
  ).getColumn(column);
  const size = Math.max(1, Math.ceil(values.length / count));
  const cuts: string[] = [];
  for (let n = size; n < values.length; n += size) cuts.push(String(values.get(n)));
  return cuts;
}

/** The ranges before, between and after some cuts. */
export function rangesBetween(cuts: readonly string[]): ValueRange[] {
  return [null, ...cuts].map((from, n) => ({ from, to: cuts[n] ?? null }));
}

/** The rows whose value is in a range. */
export function withinRange(rows: LazyDataFrame, column: string, { from, to }: ValueRange): LazyDataFrame {
  const conditions: Expr[] = [];
  if (from !== null) conditions.push(pl.col(column).gtEq(pl.lit(from)));
  if (to !== null) conditions.push(pl.col(column).lt(pl.lit(to)));
  return conditions.reduce((filtered, condition) => filtered.filter(condition), rows);
}
