import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { sum } from '../domain/ledger.ts';
import { quote } from '../engine/duckdb.ts';
import { duckDbTypes } from '../schema/column.ts';
import { propertyNames, propertyOf, topLevelFields } from '../schema/contract.ts';
import { columnTypeOf } from '../schema/tables/events-cleaned.ts';
import { RowWriter, rowFormatSql } from './row-writer.ts';

/** What DuckDB puts into a row group if it can: chunks of as many rows come out in the row groups that all rows at once would. */
const ROW_GROUP_ROWS = 122_880;
/** Row groups of a part. */
const PART_CHUNKS = 4;
const LEAST_LINE_BYTES = 2_097_152;
/** Beyond so many distinct texts a column chunk is not worth a dictionary: most of them are ids. */
const parquetSql = 'FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, DICTIONARY_SIZE_LIMIT 5000';

const properties = Object.fromEntries(
  propertyNames.map((name) => [name, duckDbTypes[columnTypeOf[propertyOf(name).kind]]]),
);
const written = {
  ...Object.fromEntries(topLevelFields.map((name) => [name, 'VARCHAR'])),
  timestamp: 'TIMESTAMP',
  ...properties,
};
const columnsSql = `{${Object.entries(written)
  .map(([name, type]) => `${name}: '${type}'`)
  .join(', ')}}`;

/** DuckDB type of every column of an accepted row, in the order of the accepted object. */
export const acceptedTypes: Readonly<Record<string, string>> = {
  ...Object.fromEntries(topLevelFields.map((name) => [name, 'VARCHAR'])),
  timestamp: 'TIMESTAMP',
  event_day: 'DATE',
  ...properties,
};

/** Every column of an accepted row, in the order of the accepted object. */
export const acceptedColumns = Object.keys(acceptedTypes);
const selectSql = acceptedColumns
  .map((name) => (name === 'event_day' ? 'timestamp::DATE AS event_day' : `"${name}"`))
  .join(', ');

/** Some accepted rows, in the order of their lines, as a Parquet file. */
export interface AcceptedPart {
  readonly file: string;
  readonly rows: number;
}

interface Chunk {
  readonly path: string;
  readonly rows: number;
  readonly longest: number;
}

/**
 * The accepted rows of an arrival on their way into Parquet files, in the order of their lines: parts of as many rows each, but for the
 * last, whose bytes follow from the rows alone. Rows are collected as text, in chunks that come out as a row group each; a part is
 * written while the next is collected.
 */
export class AcceptedRows {
  writer: RowWriter;
  private readonly scratch: string;
  private readonly connecting: Promise<DuckDBConnection>;
  private readonly parts: AcceptedPart[] = [];
  private chunks: Chunk[] = [];
  private begun = 0;
  private writing: Promise<void> = Promise.resolve();

  /** Parts are written into the folder `scratch` by the connection, on which nothing else may run. */
  constructor(scratch: string, connecting: Promise<DuckDBConnection>) {
    this.scratch = scratch;
    this.connecting = connecting;
    this.writer = this.beginChunk();
  }

  /** A row was written. */
  endRow(): void {
    if (this.writer.rows < ROW_GROUP_ROWS) return;
    this.endChunk();
    this.writer = this.beginChunk();
    if (this.chunks.length === PART_CHUNKS) this.endPart();
  }

  /** Waits until no more than one part is still to be written; fails as its writing failed. */
  async keepUp(): Promise<void> {
    if (this.begun - this.parts.length > 1) await this.writing;
  }

  /** Writes what is left; all parts, one at least. */
  async finish(): Promise<readonly AcceptedPart[]> {
    this.endChunk();
    if (this.begun === 0 || this.chunks.some(({ rows }) => rows > 0)) this.endPart();
    await this.writing;
    return this.parts;
  }

  /** Closes what is open, once nothing is being written. */
  async close(): Promise<void> {
    this.writer.close();
    await this.writing.catch(() => {});
  }

  private beginChunk(): RowWriter {
    return new RowWriter(join(this.scratch, `accepted-${this.begun}-${this.chunks.length}.tsv`));
  }

  private endChunk(): void {
    const { path, rows, longest } = this.writer;
    this.writer.close();
    this.chunks.push({ path, rows, longest });
  }

  private endPart(): void {
    const { chunks, begun } = this;
    this.chunks = [];
    this.begun += 1;
    const file = join(this.scratch, `accepted-${begun}.parquet`);
    this.writing = this.writePart(this.writing, chunks, file);
    this.writing.catch(() => {});
  }

  private async writePart(before: Promise<void>, chunks: readonly Chunk[], file: string): Promise<void> {
    await before;
    await copyToParquet(await this.connecting, chunks, file);
    this.parts.push({ file, rows: sum(chunks.map(({ rows }) => rows)) });
  }
}

async function copyToParquet(
  connection: DuckDBConnection,
  chunks: readonly Chunk[],
  file: string,
): Promise<void> {
  const files = chunks.map(({ path }) => quote(path));
  const longest = Math.max(...chunks.map((chunk) => chunk.longest));
  await connection.run(`COPY (
    SELECT ${selectSql} FROM read_csv([${files.join(', ')}], columns = ${columnsSql}, ${rowFormatSql},
      max_line_size = ${Math.max(LEAST_LINE_BYTES, longest + 1024)})
  ) TO ${quote(file)} (${parquetSql})`);
  for (const { path } of chunks) await rm(path);
}
