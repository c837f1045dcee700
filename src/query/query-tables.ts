import { dirname } from 'node:path';
import { type DuckDBConnection, StatementType } from '@duckdb/node-api';
import { quote } from '../engine/duckdb.ts';
import type { ObjectCache } from '../storage/object-cache.ts';
import type { ObjectStore } from '../storage/object-store.ts';
import { readAsOf } from '../storage/snapshots.ts';
import { type ReadableTable, readableTables, withTables } from './with-tables.ts';

/** The query could not be answered; the message is DuckDB's, with the tables that there are. */
export class QueryError extends Error {
  override readonly name = 'QueryError';
}

/** A query's answer; values are what JSON can hold, whole numbers and decimals as numbers where these are exact. */
export interface QueryResult {
  readonly columns: readonly { readonly name: string; readonly numeric: boolean }[];
  readonly rows: readonly (readonly unknown[])[];
}

/**
 * Answers a query over the current snapshot, or the one whose id `asOf` begins: the tables that it names are copied to the local cache and read from there. SQL
 * can read nothing else: no other file, no network; and write nothing at all. With `csv` the answer is written to that file instead.
 */
export async function queryTables(
  store: ObjectStore,
  cache: ObjectCache,
  sql: string,
  csv: string | null = null,
  asOf?: string,
): Promise<QueryResult> {
  const state = await readAsOf(store, asOf);
  const written = csv === null ? [] : [dirname(csv)];
  return withTables(state, cache, namesIn(sql), written, (connection) => ask(connection, sql, csv));
}

async function ask(connection: DuckDBConnection, sql: string, csv: string | null): Promise<QueryResult> {
  const body = sql.trim().replace(/;\s*$/, '');
  try {
    await refuseOtherStatements(connection, body);
    if (csv !== null) {
      await connection.run(`COPY (${body}) TO ${quote(csv)} (FORMAT csv, HEADER)`);
      return { columns: [], rows: [] };
    }
    const reader = await connection.runAndReadAll(body);
    const types = reader.columnTypes().map((type) => type.toString());
    const columns = reader.columnNames().map((name, n) => ({ name, numeric: isNumeric(types[n] ?? '') }));
    const rows = reader.getRowsJson().map((row) => row.map((value, n) => toNumber(value, types[n] ?? '')));
    return { columns, rows };
  } catch (error) {
    const known = `Tables: ${readableTables.join(', ')}.`;
    throw new QueryError(`${(error as Error).message.trim()}\n${known}`, { cause: error });
  }
}

/** Lets pass one query and nothing that writes; a PIVOT comes as a type that is created and a query. */
async function refuseOtherStatements(connection: DuckDBConnection, sql: string): Promise<void> {
  if (sql === '') throw new Error('The query is empty.');
  const statements = await connection.extractStatements(sql);
  const last = statements.count - 1;
  if (last > 0 && sql.includes(';')) throw new Error('One query at a time, please.');
  for (let n = 0; n <= last; n += 1) {
    const statement = await statements.prepare(n);
    const type = statement.statementType;
    if (type !== (n < last ? StatementType.CREATE : StatementType.SELECT)) {
      throw new Error(
        `${StatementType[type]} is not a query. Ask with SELECT, FROM, WITH, PIVOT, DESCRIBE, SHOW or SUMMARIZE.`,
      );
    }
    if (n < last) await statement.run();
  }
}

function namesIn(sql: string): Set<ReadableTable> {
  const isEvery = /\b(information_schema|show|duckdb_tables|duckdb_views|duckdb_columns)\b/i.test(sql);
  const words = new Set(sql.toLowerCase().match(/[a-z_]+/g) ?? []);
  return new Set(readableTables.filter((name) => isEvery || words.has(name)));
}

function isNumeric(type: string): boolean {
  return /INT|DECIMAL|DOUBLE|FLOAT|REAL/.test(type) && !/\[|STRUCT|MAP/.test(type);
}

function toNumber(value: unknown, type: string): unknown {
  if (typeof value !== 'string' || !isNumeric(type)) return value;
  const digits = value.replace(/\D/g, '').length;
  return digits <= 15 ? Number(value) : value;
}
