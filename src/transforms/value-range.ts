import pl, { type Expr, type LazyDataFrame } from 'nodejs-polars';

/** Values of a text column from `from` on and before `to`, in the order of their bytes; null leaves an end open. */
export interface ValueRange {
  readonly from: string | null;
  readonly to: string | null;
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
