import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { DataFrame, LazyDataFrame } from 'nodejs-polars';
import { expect } from 'vitest';
import { quote, withDuckDb } from '../../../src/engine/duckdb.ts';
import { readSql } from '../../support/sql.ts';

/** Columns with their DuckDB types, and all rows, in order. */
export interface TableContent {
  readonly columns: readonly string[];
  readonly rows: readonly unknown[][];
}

/** A table as DuckDB reads it from the Parquet file that it is published as. */
export function readTable(table: LazyDataFrame): Promise<TableContent> {
  return withTables({ made: table }, (connection) => readAll(connection, 'FROM made'));
}

/** Fails unless the table equals what `sql/<name>.sql` computes over the published tables: columns, types, order and every row. */
export async function expectAsSql(
  name: string,
  table: LazyDataFrame,
  published: Readonly<Record<string, LazyDataFrame>>,
): Promise<TableContent> {
  const sql = await readSql(name);
  return withTables({ ...published, made: table }, async (connection) => {
    const made = await readAll(connection, 'FROM made');
    expect(made).toEqual(await readAll(connection, sql));
    return made;
  });
}

/** What a transform made, and what `sql/<table>.sql` says over the frames under the names of published tables. */
export async function askOracle(
  table: string,
  made: LazyDataFrame,
  inputs: Readonly<Record<string, DataFrame>>,
): Promise<{ readonly published: TableContent; readonly oracle: TableContent }> {
  const sql = await readSql(table);
  const frames = Object.entries(inputs).map(([name, frame]) => [name, frame.lazy()] as const);
  return withTables({ ...Object.fromEntries(frames), made }, async (connection) => ({
    published: await readAll(connection, 'FROM made'),
    oracle: await readAll(connection, sql),
  }));
}

async function withTables<T>(
  tables: Readonly<Record<string, LazyDataFrame>>,
  use: (connection: DuckDBConnection) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'questline-oracle-'));
  try {
    for (const [name, table] of Object.entries(tables)) {
      await table.sinkParquet(join(folder, `${name}.parquet`)).collect();
    }
    return await withDuckDb({ threads: 1, memoryMb: 512 }, async (connection) => {
      for (const name of Object.keys(tables)) {
        const file = quote(join(folder, `${name}.parquet`));
        await connection.run(`CREATE VIEW ${name} AS SELECT * FROM read_parquet(${file})`);
      }
      return use(connection);
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function readAll(connection: DuckDBConnection, sql: string): Promise<TableContent> {
  const reader = await connection.runAndReadAll(sql);
  const types = reader.columnTypes().map(String);
  return {
    columns: reader.columnNames().map((name, n) => `${name} ${types[n]}`),
    rows: reader.getRowsJson(),
  };
}
