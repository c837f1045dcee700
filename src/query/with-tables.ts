import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { type Day, isWithin, type OpenRange } from '../domain/day.ts';
import type { ObjectRef } from '../domain/object-ref.ts';
import { dayTables, type PublishedTable, publishedTables, wholeTables } from '../domain/tables.ts';
import { parquetSource, quote, withDuckDb } from '../engine/duckdb.ts';
import { duckDbTypes } from '../schema/column.ts';
import { propertyNames, propertyOf, topLevelFields } from '../schema/contract.ts';
import { columnTypeOf } from '../schema/tables/events-cleaned.ts';
import { emptyTableSql } from '../schema/tables.ts';
import type { CatalogState } from '../storage/catalog.ts';
import type { ObjectCache } from '../storage/object-cache.ts';

/** What can be read beside the published tables: an event with its player, and the rows that `events_cleaned` is made from. */
const furtherTables = ['events_enriched', 'accepted_rows'] as const;

/** Every name that SQL finds. */
export const readableTables = [...publishedTables, ...furtherTables] as const;

/** One of `readableTables`. */
export type ReadableTable = (typeof readableTables)[number];

const LIMITS = { threads: 2, memoryMb: 2048 };
const enrichedSql = `SELECT e.*, p.acquisition_date, p.acquisition_date AS cohort_date, p.segment,
  p.country AS player_country, p.platform AS player_platform, p.source AS player_source
  FROM events_cleaned e LEFT JOIN players p USING (player_id)`;

/**
 * Runs `use` on a DuckDB that has the named tables of a snapshot as views, of tables by day only the days of `range`, and that can read
 * nothing else and write only into the folders `writable`.
 */
export async function withTables<T>(
  state: CatalogState | null,
  cache: ObjectCache,
  named: ReadonlySet<ReadableTable>,
  writable: readonly string[],
  use: (connection: DuckDBConnection) => Promise<T>,
  range: OpenRange = {},
): Promise<T> {
  const views = new Map<ReadableTable, string>();
  const folders = new Set(writable);
  const fetch = async (refs: readonly Pick<ObjectRef, 'key' | 'sha256'>[]) => {
    const paths = await Promise.all(refs.map((ref) => cache.fetch(ref)));
    for (const path of paths) folders.add(dirname(path));
    return paths;
  };
  const isNeeded = (table: PublishedTable) =>
    named.has(table) || (named.has('events_enriched') && (table === 'events_cleaned' || table === 'players'));
  for (const table of publishedTables.filter(isNeeded)) {
    const paths = await fetch(listFiles(state, table, range));
    views.set(table, paths.length === 0 ? emptyTableSql(table) : `SELECT * FROM ${parquetSource(paths)}`);
  }
  if (named.has('events_enriched')) views.set('events_enriched', enrichedSql);
  if (named.has('accepted_rows')) views.set('accepted_rows', await acceptedSql(state, fetch));
  const tempFolder = await mkdtemp(join(tmpdir(), 'questline-query-'));
  try {
    return await withDuckDb({ ...LIMITS, tempFolder }, async (connection) => {
      for (const [name, sql] of views) await connection.run(`CREATE VIEW ${name} AS ${sql}`);
      await connection.run(`SET allowed_directories = [${[...folders].map(quote).join(', ')}]`);
      await connection.run('SET enable_external_access = false');
      await connection.run('SET lock_configuration = true');
      return use(connection);
    });
  } finally {
    await rm(tempFolder, { recursive: true, force: true });
  }
}

function listFiles(state: CatalogState | null, table: PublishedTable, range: OpenRange): ObjectRef[] {
  if (state === null) return [];
  const day = dayTables.find((name) => name === table);
  if (day !== undefined)
    return [...state.eventDays].filter(([at]) => isWithin(at, range)).map(([, { tables }]) => tables[day]);
  const whole = wholeTables.find((name) => name === table);
  return whole === undefined ? [] : [state.snapshot.tables[whole]];
}

async function acceptedSql(
  state: CatalogState | null,
  fetch: (refs: readonly ObjectRef[]) => Promise<readonly string[]>,
): Promise<string> {
  const arrivals = [...(state?.arrivals ?? [])] as [Day, { readonly accepted: readonly ObjectRef[] }][];
  const selects = arrivals.map(
    async ([day, { accepted }]) =>
      `SELECT *, DATE ${quote(day)} AS arrival_day FROM ${parquetSource(await fetch(accepted))}`,
  );
  return selects.length === 0 ? emptyAcceptedSql() : (await Promise.all(selects)).join(' UNION ALL ');
}

function emptyAcceptedSql(): string {
  const columns = [
    ...topLevelFields.map((name) => [name, name === 'timestamp' ? 'TIMESTAMP' : 'VARCHAR']),
    ['event_day', 'DATE'],
    ...propertyNames.map((name) => [name, duckDbTypes[columnTypeOf[propertyOf(name).kind]]]),
    ['arrival_day', 'DATE'],
  ];
  return `SELECT ${columns.map(([name, type]) => `NULL::${type} AS "${name}"`).join(', ')} WHERE false`;
}
