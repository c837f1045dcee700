import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { type Day, isWithin, type OpenRange } from '../domain/day.ts';
import type { ObjectRef } from '../domain/object-ref.ts';
import { dayTables, type PublishedTable, publishedTables, wholeTables } from '../domain/tables.ts';
import { parquetSource, quote, withDuckDb } from '../engine/duckdb.ts';
import { acceptedTypes } from '../ingest/accepted-rows.ts';
import { restatements } from '../schema/tables/restatements.ts';
import { emptyRowsSql, emptyTableSql, typesOf } from '../schema/tables.ts';
import type { CatalogState } from '../storage/catalog.ts';
import type { ObjectCache } from '../storage/object-cache.ts';
import { walkHistory } from '../storage/snapshots.ts';

/**
 * What can be read beside the published tables: an event with its player, the rows that `events_cleaned` is made from, and what
 * the commits up to the snapshot restated.
 */
const furtherTables = ['events_enriched', 'accepted_rows', 'restatements'] as const;

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
  if (named.has('restatements')) views.set('restatements', await restatementsSql(state, cache, fetch));
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
  return selects.length === 0
    ? emptyRowsSql({ ...acceptedTypes, arrival_day: 'DATE' })
    : (await Promise.all(selects)).join(' UNION ALL ');
}

async function restatementsSql(
  state: CatalogState | null,
  cache: ObjectCache,
  fetch: (refs: readonly ObjectRef[]) => Promise<readonly string[]>,
): Promise<string> {
  if (state === null) return emptyRowsSql(typesOf(restatements));
  const commits: string[] = [];
  const files = new Set<string>();
  for await (const snapshot of walkHistory(cache.store, state.snapshot)) {
    const { id, committedAt, cause, run, restatements: ref } = snapshot;
    if (ref === null) continue;
    const [file = ''] = await fetch([ref]);
    files.add(file);
    const values = [file, id, committedAt, cause.join(', ')].map(quote);
    const ids = run === null ? ['NULL', 'NULL'] : [run.workflowId, run.runId].map(quote);
    commits.push(`(${[...values, ...ids].join(', ')})`);
  }
  if (files.size === 0) return emptyRowsSql(typesOf(restatements));
  const source = `read_parquet([${[...files].map(quote).join(', ')}], filename = true, hive_partitioning = false)`;
  return `SELECT ${Object.keys(restatements.columns).join(', ')} FROM ${source}
    JOIN (SELECT file, snapshot, committed_at::TIMESTAMPTZ AS committed_at, arrivals, workflow_id::VARCHAR AS workflow_id, run_id::VARCHAR AS run_id
      FROM (VALUES ${commits.join(', ')}) commits(file, snapshot, committed_at, arrivals, workflow_id, run_id)) ON file = filename`;
}
