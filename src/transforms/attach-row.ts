import pl, { type LazyDataFrame } from 'nodejs-polars';
import { joinColumns } from './columns.ts';

const constant = pl.lit(0).cast(pl.Int8).alias('constant');

/**
 * Adds the columns of a frame of one row to each row of another. Not by a cross join: nodejs-polars 0.25 loses a filter that
 * follows one when the result is sunk into a file.
 */
export function attachRow(rows: LazyDataFrame, one: LazyDataFrame): LazyDataFrame {
  return rows
    .withColumn(constant)
    .join(one.withColumn(constant), { on: joinColumns('constant'), how: 'left' })
    .drop('constant');
}
