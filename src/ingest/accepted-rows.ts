import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { quote } from '../engine/duckdb.ts';
import { propertyNames, propertyOf, topLevelFields } from '../schema/contract.ts';
import { columnTypes } from '../schema/tables.ts';
import { RowWriter, rowFormatSql } from './row-writer.ts';

const DEFAULT_CHUNK_BYTES = 128 * 1024 ** 2;
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
  private readonly chunkBytes: number;
  private readonly parts: string[] = [];
  private running: Promise<unknown> = Promise.resolve();

  /** The connection is used by nothing else until `write` has ended. */
  constructor(connection: DuckDBConnection, scratch: string, chunkBytes = DEFAULT_CHUNK_BYTES) {
    this.connection = connection;
    this.scratch = scratch;
    this.chunkBytes = chunkBytes;
    this.writer = new RowWriter(this.pathOf(0, 'tsv'));
  }

  /** Whether a chunk is full. */
  get isFull(): boolean {
    return this.writer.bytes >= this.chunkBytes;
  }

  /** Hands the chunk to DuckDB, once that is done with the one before, and begins another. */
  async flush(): Promise<void> {
    const { writer } = this;
    writer.close();
    await this.running;
    const part = this.pathOf(this.parts.length, 'parquet');
    this.parts.push(part);
    this.writer = new RowWriter(this.pathOf(this.parts.length, 'tsv'));
    this.running = this.typeChunk(writer, part);
    this.running.catch(() => {});
  }

  /** Writes all rows as one Parquet file, whose bytes follow from the rows alone. */
  async write(path: string): Promise<void> {
    if (this.parts.length > 0 && this.writer.rows > 0) await this.flush();
    this.writer.close();
    await this.running;
    const source = this.parts.length === 0 ? rowsSql(this.writer) : partsSql(this.parts);
    await this.connection.run(`COPY (${source}) TO ${quote(path)} (${parquetSql})`);
    await rm(this.writer.path);
    for (const part of this.parts) await rm(part);
  }

  private async typeChunk(chunk: RowWriter, part: string): Promise<void> {
    await this.connection.run(`COPY (${rowsSql(chunk)}) TO ${quote(part)} (${partSql})`);
    await rm(chunk.path);
  }

  private pathOf(n: number, suffix: string): string {
    return join(this.scratch, `accepted-${n}.${suffix}`);
  }
}

/** The rows of a text file. A line end within a text is no place to begin at, so those files are not cut for several threads. */
function rowsSql({ path, longest, isQuoted }: RowWriter): string {
  return `SELECT ${selectSql} FROM read_csv(${quote(path)}, columns = ${columnsSql}, ${rowFormatSql},
    max_line_size = ${Math.max(LEAST_LINE_BYTES, longest + 1024)}, parallel = ${!isQuoted})`;
}

function partsSql(parts: readonly string[]): string {
  return `SELECT * FROM read_parquet([${parts.map(quote).join(', ')}])`;
}
