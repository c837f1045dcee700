import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { projectRoot } from '../../src/config/load.ts';
import { type Row, readRows } from '../../src/engine/duckdb.ts';

/** What a query answers: `name TYPE` of each column, and the rows. */
export interface SqlAnswer {
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
}

/** The query of a file in `sql/`, as text without its end. */
export async function readSql(table: string): Promise<string> {
  const text = await readFile(join(projectRoot, 'sql', `${table}.sql`), 'utf8');
  return text.trim().replace(/;$/, '');
}

/** Asks a query and tells the columns with it. */
export async function askSql(connection: DuckDBConnection, sql: string): Promise<SqlAnswer> {
  const described = await readRows(connection, `DESCRIBE ${sql}`);
  return {
    columns: described.map((column) => `${String(column['column_name'])} ${String(column['column_type'])}`),
    rows: await readRows(connection, sql),
  };
}
