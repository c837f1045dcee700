import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type DuckDBConnection, StatementType } from '@duckdb/node-api';
import type { ObjectRef } from '../domain/object-ref.ts';
import { dayTables, type PublishedTable, publishedTables, wholeTables } from '../domain/tables.ts';
import { parquetSource, quote, withDuckDb } from '../engine/duckdb.ts';
import { emptyTableSql } from '../schema/tables.ts';
import { type CatalogState, readCurrent } from '../storage/catalog.ts';
import type { ObjectCache } from '../storage/object-cache.ts';
import type { ObjectStore } from '../storage/object-store.ts';

/** The query could not be answered; the message is DuckDB's, with the tables that there are. */
export class QueryError extends Error {
  override readonly name = 'QueryError';
}

/** A query's answer; values are what JSON can hold, whole numbers and decimals as numbers where these are exact. */
export interface QueryResult {
  readonly columns: readonly { readonly name: string; readonly numeric: boolean }[];
  readonly rows: readonly (readonly unknown[])[];
}

/** Views over the published tables, by name. */
const views: Readonly<Record<string, { readonly needs: readonly PublishedTable[]; readonly sql: string }>> = {
  events_enriched: {
    needs: ['events_cleaned', 'players'],
    sql: `SELECT e.*, p.acquisition_date, p.acquisition_date AS cohort_date, p.segment,
      p.country AS player_country, p.platform AS player_platform, p.source AS player_source
      FROM events_cleaned e LEFT JOIN players p USING (player_id)`,
  },
};

/**
 * Answers a query over the current snapshot: the tables that it names are copied to the local cache and read from there. SQL
 * can read nothing else: no other file, no network; and write nothing at all. With `csv` the answer is written to that file instead.
 */
export async function queryTables(
  store: ObjectStore,
  cache: ObjectCache,
  sql: string,
  csv: string | null = null,
): Promise<QueryResult> {
  const { state } = await readCurrent(store);
  const named = namesIn(sql);
  const files = new Map<PublishedTable, string[]>();
  for (const table of publishedTables.filter((name) => named.has(name))) {
    files.set(table, await Promise.all(listFiles(state, table).map((ref) => cache.fetch(ref))));
  }
  const folders = [...new Set([...files.values()].flat().map((path) => dirname(path)))];
  if (csv !== null) folders.push(dirname(csv));
  const tempFolder = await mkdtemp(join(tmpdir(), 'questline-query-'));
  try {
    return await withDuckDb({ threads: 2, memoryMb: 2048, tempFolder }, async (connection) => {
      for (const [table, paths] of files)
        await connection.run(`CREATE VIEW ${table} AS ${tableSql(table, paths)}`);
      for (const [name, view] of Object.entries(views)) {
        if (named.has(name)) await connection.run(`CREATE VIEW ${name} AS ${view.sql}`);
      }
      await connection.run(`SET allowed_directories = [${folders.map(quote).join(', ')}]`);
      await connection.run('SET enable_external_access = false');
      await connection.run('SET lock_configuration = true');
      return ask(connection, sql, csv);
    });
  } finally {
    await rm(tempFolder, { recursive: true, force: true });
  }
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
    const known = `Tables: ${[...publishedTables, ...Object.keys(views)].join(', ')}.`;
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

function namesIn(sql: string): Set<string> {
  const words = new Set(sql.toLowerCase().match(/[a-z_]+/g) ?? []);
  for (const [name, { needs }] of Object.entries(views))
    if (words.has(name)) for (const table of needs) words.add(table);
  if (/\b(information_schema|show|duckdb_tables|duckdb_views|duckdb_columns)\b/i.test(sql)) {
    for (const table of publishedTables) words.add(table);
  }
  return words;
}

function listFiles(state: CatalogState | null, table: PublishedTable): ObjectRef[] {
  if (state === null) return [];
  const day = dayTables.find((name) => name === table);
  if (day !== undefined) return [...state.eventDays.values()].map(({ tables }) => tables[day]);
  const whole = wholeTables.find((name) => name === table);
  return whole === undefined ? [] : [state.snapshot.tables[whole]];
}

function tableSql(table: PublishedTable, paths: readonly string[]): string {
  if (paths.length === 0) return emptyTableSql(table);
  return `SELECT * FROM ${parquetSource(paths)}`;
}

function isNumeric(type: string): boolean {
  return /INT|DECIMAL|DOUBLE|FLOAT|REAL/.test(type) && !/\[|STRUCT|MAP/.test(type);
}

function toNumber(value: unknown, type: string): unknown {
  if (typeof value !== 'string' || !isNumeric(type)) return value;
  const digits = value.replace(/\D/g, '').length;
  return digits <= 15 ? Number(value) : value;
}
