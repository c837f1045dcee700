import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { OpenRange } from '../domain/day.ts';
import { publishedTables } from '../domain/tables.ts';
import { copyToParquet, quote, readRows } from '../engine/duckdb.ts';
import type { Table } from '../schema/table.ts';
import { restatements } from '../schema/tables/restatements.ts';
import { metadataOf, tables } from '../schema/tables.ts';
import type { ObjectCache } from '../storage/object-cache.ts';
import type { ObjectStore } from '../storage/object-store.ts';
import { readAsOf } from '../storage/snapshots.ts';
import { type ReadableTable, withTables } from './with-tables.ts';

/** Formats that a table is exported in. */
export const exportFormats = ['csv', 'parquet', 'ndjson'] as const;

/** One of `exportFormats`. */
export type ExportFormat = (typeof exportFormats)[number];

const BYTE_ORDER_MARK = '\uFEFF';
/** Columns that a range of days can be about, the first that a table has. */
const dayColumns = ['date', 'cohort_date', 'entry_date', 'day'];

/** The column that a range of days is about; null for a table that has none. */
export function dayColumnOf(table: ReadableTable): string | null {
  const columns = Object.keys(declarationOf(table).columns);
  return dayColumns.find((name) => columns.includes(name)) ?? null;
}

/**
 * Writes the rows of a table in the current snapshot, or the one whose id `asOf` begins, of `range` if it has days, in the order of its key into a local file; how many there are. CSV is made for
 * spreadsheets: a byte order mark, times in UTC to the millisecond, an apostrophe before a text that begins like a formula.
 */
export async function exportTable(
  store: ObjectStore,
  cache: ObjectCache,
  {
    table,
    range,
    format,
    asOf,
  }: {
    readonly table: ReadableTable;
    readonly range: OpenRange;
    readonly format: ExportFormat;
    readonly asOf?: string | undefined;
  },
  out: string,
): Promise<number> {
  const state = await readAsOf(store, asOf);
  const folder = await mkdtemp(join(tmpdir(), 'questline-export-'));
  const file = join(folder, `export.${format}`);
  try {
    const rows = await withTables(
      state,
      cache,
      new Set([table]),
      [folder],
      (connection) => write(connection, table, selectSql(table, range), format, file),
      range,
    );
    const target = createWriteStream(out);
    if (format === 'csv') target.write(BYTE_ORDER_MARK);
    await pipeline(createReadStream(file), target);
    return rows;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function declarationOf(table: ReadableTable): Table {
  if (table === 'restatements') return restatements;
  return tables[publishedTables.find((name) => name === table) ?? 'events_cleaned'];
}

function selectSql(table: ReadableTable, { from, to }: OpenRange): string {
  const day = dayColumnOf(table);
  const conditions = [
    ...(from === undefined ? [] : [`${day} >= DATE ${quote(from)}`]),
    ...(to === undefined ? [] : [`${day} <= DATE ${quote(to)}`]),
  ];
  const where = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
  const key = declarationOf(table).key.map((name) => `"${name}" NULLS FIRST`);
  return `SELECT * FROM ${table}${where} ORDER BY ${key.join(', ')}`;
}

async function write(
  connection: DuckDBConnection,
  table: ReadableTable,
  sql: string,
  format: ExportFormat,
  file: string,
): Promise<number> {
  if (format === 'parquet') {
    const published = publishedTables.find((name) => name === table);
    return copyToParquet(connection, sql, file, published === undefined ? {} : metadataOf(published));
  }
  const columns = await readRows(connection, `DESCRIBE ${sql}`);
  const shown = columns.map((column) =>
    showSql(String(column['column_name']), String(column['column_type']), format),
  );
  const how = format === 'csv' ? 'FORMAT csv, HEADER' : 'FORMAT json';
  const [copied] = await readRows(
    connection,
    `COPY (SELECT ${shown.join(', ')} FROM (${sql})) TO ${quote(file)} (${how})`,
  );
  return Number(copied?.['Count']);
}

function showSql(name: string, type: string, format: ExportFormat): string {
  const column = `"${name}"`;
  if (type === 'TIMESTAMP WITH TIME ZONE') {
    const pattern = format === 'csv' ? '%Y-%m-%d %H:%M:%S.%g' : '%Y-%m-%dT%H:%M:%S.%fZ';
    return `strftime(${column} AT TIME ZONE 'UTC', '${pattern}') AS ${column}`;
  }
  if (type !== 'VARCHAR' || format !== 'csv') return column;
  return `CASE WHEN regexp_matches(${column}, '^[=+\\-@\\t\\r]') THEN '''' || ${column} ELSE ${column} END AS ${column}`;
}
