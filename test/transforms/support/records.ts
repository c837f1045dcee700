import pl, { type LazyDataFrame } from 'nodejs-polars';

/** A row by column; money as a number. */
export type RowRecord = Readonly<Record<string, unknown>>;

/** All rows of a frame, in order. */
export async function recordsOf(frame: LazyDataFrame): Promise<RowRecord[]> {
  const collected = await frame.collect();
  const isMoney = (name: string) => collected.getColumn(name).dtype.toString().includes('Decimal');
  return collected
    .withColumns(...collected.columns.filter(isMoney).map((name) => pl.col(name).cast(pl.Float64)))
    .toRecords();
}
