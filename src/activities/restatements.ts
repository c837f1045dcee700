import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { ObjectRef } from '../domain/object-ref.ts';
import type { RestatedCount } from '../domain/pipeline.ts';
import { dayTables, type PublishedTable, wholeTables } from '../domain/tables.ts';
import { copyToParquet, parquetSource, quote, readRows } from '../engine/duckdb.ts';
import { withLentDuckDb } from '../engine/lent-duckdb.ts';
import { duckDbTypes } from '../schema/column.ts';
import { restatementColumns, restatements } from '../schema/tables/restatements.ts';
import { emptyTableSql, metadataOfTable, restatedColumnsOf, tables } from '../schema/tables.ts';
import { uploadFile } from '../storage/bytes.ts';
import type { CatalogState } from '../storage/catalog.ts';
import { keys } from '../storage/keys.ts';
import type { ObjectCache } from '../storage/object-cache.ts';
import { sha256OfFile } from '../storage/sha256.ts';
import type { Candidate } from './candidate.ts';
import { type Dependencies, withScratch } from './dependencies.ts';

/** Restatements as they were stored, and their number. */
export interface RecordedRestatements {
  readonly ref: ObjectRef;
  readonly count: RestatedCount;
}

/**
 * Compares a candidate with its base and stores every value of a day that was complete by then, not null before and different after; a
 * row that is gone has none after. Which tables and columns: `restated` of schema/tables. Null when nothing was restated. The
 * bytes follow from the two states alone.
 */
export async function recordRestatements(
  { store, cache, duckDb, scratchRoot }: Pick<Dependencies, 'store' | 'cache' | 'duckDb' | 'scratchRoot'>,
  candidate: Candidate,
): Promise<RecordedRestatements | null> {
  const { base } = candidate;
  const changed = base === null ? [] : listChanged(base, candidate);
  if (base === null || changed.length === 0) return null;
  return withScratch(scratchRoot, (scratch) =>
    withLentDuckDb({ ...duckDb, tempFolder: join(scratch, 'spill') }, async (connection) => {
      await fillRestated(cache, connection, base, changed);
      const [counted] = await readRows(
        connection,
        'SELECT count(*)::INT AS values, count(DISTINCT day)::INT AS days FROM restated',
      );
      const count = { values: Number(counted?.['values']), days: Number(counted?.['days']) };
      if (count.values === 0) return null;
      const file = join(scratch, 'restatements.parquet');
      const sql = 'FROM restated ORDER BY table_name, day, key, metric';
      await connection.run('SET threads = 1');
      await copyToParquet(connection, sql, file, metadataOfTable('restatements', restatements));
      const name = (await sha256OfFile(file)).slice(0, 24);
      return { ref: await uploadFile(store, keys.restatements(name), file, count.values), count };
    }),
  );
}

interface ChangedTable {
  readonly table: PublishedTable;
  readonly before: readonly ObjectRef[];
  readonly after: readonly ObjectRef[];
}

/** Objects of the base that are not the candidate's, and the candidate's in their place. */
function listChanged(base: CatalogState, candidate: Candidate): ChangedTable[] {
  const whole = wholeTables
    .map((table) => ({
      table,
      before: [base.snapshot.tables[table]],
      after: [candidate.tables[table]],
    }))
    .filter(({ before: [was], after: [is] }) => was?.sha256 !== is?.sha256);
  const days = [...base.eventDays].map(([day, { tables: files }]) => ({
    files,
    now: candidate.eventDays.get(day)?.tables,
  }));
  const byDay = dayTables.map((table) => {
    const changed = days.filter(({ files, now }) => files[table].sha256 !== now?.[table].sha256);
    return {
      table,
      before: changed.map(({ files }) => files[table]),
      after: changed.flatMap(({ now }) => (now === undefined ? [] : [now[table]])),
    };
  });
  return [...byDay, ...whole].filter(
    ({ table, before }) => tables[table].restated !== undefined && before.length > 0,
  );
}

async function fillRestated(
  cache: ObjectCache,
  connection: DuckDBConnection,
  base: CatalogState,
  changed: readonly ChangedTable[],
): Promise<void> {
  const days = [...base.arrivals.keys()].map((day) => `(DATE ${quote(day)})`);
  await connection.run('CREATE TEMP TABLE complete (day DATE)');
  if (days.length > 0) await connection.run(`INSERT INTO complete VALUES ${days.join(', ')}`);
  const columns = Object.entries(restatementColumns).map(
    ([name, { type }]) => `${name} ${duckDbTypes[type]}`,
  );
  await connection.run(`CREATE TEMP TABLE restated (${columns.join(', ')})`);
  for (const { table, before, after } of changed) {
    const files = (refs: readonly ObjectRef[]) => Promise.all(refs.map((ref) => cache.fetch(ref)));
    const [was, is] = [await files(before), await files(after)];
    const now = is.length === 0 ? `(${emptyTableSql(table)})` : parquetSource(is);
    await connection.run(`INSERT INTO restated ${compareSql(table, parquetSource(was), now)}`);
  }
}

/** A column that an earlier version did not have is null before. */
function compareSql(table: PublishedTable, was: string, now: string): string {
  const { key, restated } = tables[table];
  if (restated === undefined) throw new TypeError(`${table} has no values that are restated`);
  const { day, rows, ofSessions = [] } = restated;
  const metrics = restatedColumnsOf(table);
  const differs = (name: string) => `(b."${name}" IS NOT NULL AND b."${name}" IS DISTINCT FROM a."${name}")`;
  const keyText = key.map((name) => `"${name}": b."${name}"`).join(', ');
  const values = metrics.map(
    (name) =>
      `{metric: '${name}', before: b."${name}"::VARCHAR, after: a."${name}"::VARCHAR, of_sessions: ${ofSessions.includes(name)}}`,
  );
  return `SELECT ${quote(table)}, day, key, metric, before, after,
      of_sessions AND day + 1 NOT IN (SELECT day FROM complete) AS sessions_open
    FROM (
      SELECT b."${day}" AS day, to_json({${keyText}})::VARCHAR AS key, unnest([${values.join(', ')}], recursive := true)
      FROM (FROM (${emptyTableSql(table)} UNION ALL BY NAME FROM ${was})
        WHERE ${rows ?? 'true'} AND "${day}" IN (SELECT day FROM complete)) b
      LEFT JOIN ${now} a ON ${key.map((name) => `b."${name}" IS NOT DISTINCT FROM a."${name}"`).join(' AND ')}
      WHERE ${metrics.map(differs).join(' OR ')}
    ) WHERE before IS NOT NULL AND before IS DISTINCT FROM after`;
}
