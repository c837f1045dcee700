import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { quote } from '../engine/duckdb.ts';
import { propertyNames, propertyOf, topLevelFields } from '../schema/contract.ts';
import { columnTypes } from '../schema/tables.ts';
import { RowWriter, rowFormatSql } from './row-writer.ts';

/** What DuckDB puts into a row group if it can: chunks of as many rows come out in the row groups that all rows at once would. */
const ROW_GROUP_ROWS = 122_880;
const LEAST_LINE_BYTES = 2_097_152;
/** Beyond so many distinct texts a column chunk is not worth a dictionary: most of them are ids. */
const parquetSql = 'FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, DICTIONARY_SIZE_LIMIT 5000';

const properties = Object.fromEntries(
  propertyNames.map((name) => [name, columnTypes[propertyOf(name).kind]]),
);
const written = {
  ...Object.fromEntries(topLevelFields.map((name) => [name, 'VARCHAR'])),
  timestamp: 'TIMESTAMP',
  ...properties,
};
const columnsSql = `{${Object.entries(written)
  .map(([name, type]) => `${name}: '${type}'`)
  .join(', ')}}`;

/** Every column of an accepted row, in the order of the accepted object. */
export const acceptedColumns = [...topLevelFields, 'event_day', ...propertyNames];
const selectSql = acceptedColumns
  .map((name) => (name === 'event_day' ? 'timestamp::DATE AS event_day' : `"${name}"`))
  .join(', ');

/**
 * The accepted rows of an arrival on their way into one Parquet file, in the order of their lines. They are collected as text, in
 * chunks that come out as a row group each.
 */
export class AcceptedRows {
  writer: RowWriter;
  private readonly scratch: string;
  private readonly chunks: { readonly path: string; readonly longest: number }[] = [];

  constructor(scratch: string) {
    this.scratch = scratch;
    this.writer = this.beginChunk();
  }

  /** A row was written. */
  endRow(): void {
    if (this.writer.rows < ROW_GROUP_ROWS) return;
    this.endChunk();
    this.writer = this.beginChunk();
  }

  /** Writes all rows as one Parquet file, whose bytes follow from the rows alone. */
  async write(connection: DuckDBConnection, path: string): Promise<void> {
    this.endChunk();
    const files = this.chunks.map((chunk) => quote(chunk.path));
    const longest = Math.max(...this.chunks.map((chunk) => chunk.longest));
    await connection.run(`COPY (
      SELECT ${selectSql} FROM read_csv([${files.join(', ')}], columns = ${columnsSql}, ${rowFormatSql},
        max_line_size = ${Math.max(LEAST_LINE_BYTES, longest + 1024)})
    ) TO ${quote(path)} (${parquetSql})`);
    for (const chunk of this.chunks) await rm(chunk.path);
  }

  /** Closes what is open; nothing is lost that was written. */
  close(): void {
    this.writer.close();
  }

  private beginChunk(): RowWriter {
    return new RowWriter(join(this.scratch, `accepted-${this.chunks.length}.tsv`));
  }

  private endChunk(): void {
    const { path, longest } = this.writer;
    this.writer.close();
    this.chunks.push({ path, longest });
  }
}
