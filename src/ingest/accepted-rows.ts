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
const partSql = 'FORMAT parquet, COMPRESSION uncompressed, DICTIONARY_SIZE_LIMIT 1';

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
 * The accepted rows of an arrival on their way into one Parquet file, in the order of their lines. They are written as text; whenever
 * there is a chunk of it DuckDB turns that into typed rows, while the next one is written.
 */
export class AcceptedRows {
  writer: RowWriter;
  private readonly connection: DuckDBConnection;
  private readonly scratch: string;
  private readonly chunkRows: number;
  private readonly full: RowWriter[] = [];
  private readonly parts: string[] = [];
  private chunks = 0;
  private running: Promise<unknown> = Promise.resolve();

  /** The connection is used by nothing else until `write` has ended. `chunkRows` divides the rows of a row group. */
  constructor(connection: DuckDBConnection, scratch: string, chunkRows = ROW_GROUP_ROWS) {
    this.connection = connection;
    this.scratch = scratch;
    this.chunkRows = chunkRows;
    this.writer = new RowWriter(this.pathOf(0, 'tsv'));
  }

  /** A row was written. */
  endRow(): void {
    if (this.writer.rows < this.chunkRows) return;
    this.full.push(this.writer);
    this.writer.close();
    this.chunks += 1;
    this.writer = new RowWriter(this.pathOf(this.chunks, 'tsv'));
  }

  /** Hands chunks that are full to DuckDB, each once that is done with the one before. */
  async settle(): Promise<void> {
    for (const chunk of this.full.splice(0)) {
      await this.running;
      const part = this.pathOf(this.parts.length, 'parquet');
      this.parts.push(part);
      this.running = this.typeChunk(chunk, part);
      this.running.catch(() => {});
    }
  }

  /** Writes all rows as one Parquet file, whose bytes follow from the rows alone. */
  async write(path: string): Promise<void> {
    if (this.chunks > 0 && this.writer.rows > 0) this.full.push(this.writer);
    this.writer.close();
    await this.settle();
    await this.running;
    const source = this.chunks === 0 ? rowsSql(this.writer) : partsSql(this.parts);
    await this.connection.run(`COPY (${source}) TO ${quote(path)} (${parquetSql})`);
    for (const part of [this.writer.path, ...this.parts]) await rm(part, { force: true });
  }

  private async typeChunk(chunk: RowWriter, part: string): Promise<void> {
    await this.connection.run(`COPY (${rowsSql(chunk)}) TO ${quote(part)} (${partSql})`);
    await rm(chunk.path);
  }

  private pathOf(n: number, suffix: string): string {
    return join(this.scratch, `accepted-${n}.${suffix}`);
  }
}

function rowsSql({ path, longest }: RowWriter): string {
  return `SELECT ${selectSql} FROM read_csv(${quote(path)}, columns = ${columnsSql}, ${rowFormatSql},
    max_line_size = ${Math.max(LEAST_LINE_BYTES, longest + 1024)})`;
}

function partsSql(parts: readonly string[]): string {
  return `SELECT * FROM read_parquet([${parts.map(quote).join(', ')}])`;
}
