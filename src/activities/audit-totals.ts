import type { DuckDBConnection } from '@duckdb/node-api';
import type { Day } from '../domain/day.ts';
import type { ObjectRef } from '../domain/object-ref.ts';
import { dayTables, wholeTables } from '../domain/tables.ts';
import { parquetSource, quote, type Row, readRows } from '../engine/duckdb.ts';
import { acceptedTypes } from '../ingest/accepted-rows.ts';
import { quarantineTypes } from '../ingest/quarantine.ts';
import { type Agreement, agreements, preparedSums } from '../schema/agreements.ts';
import { emptyRowsSql, emptyTableSql } from '../schema/tables.ts';
import type { ArrivalEntry } from '../storage/catalog-format.ts';
import type { ObjectCache } from '../storage/object-cache.ts';
import { type Candidate, type CandidateObjects, touchedEntries } from './candidate.ts';

/** Compares the totals that have to agree (schema/agreements.ts). Answers with those that do not, each with both numbers. */
export async function auditTotals(
  cache: ObjectCache,
  connection: DuckDBConnection,
  candidate: Candidate,
  { arrivals }: CandidateObjects,
): Promise<string[]> {
  await viewTables(cache, connection, candidate);
  await viewArrivals(cache, connection, arrivals);
  await tellLedgers(connection, candidate, arrivals);
  for (const [name, sql] of Object.entries(preparedSums))
    await connection.run(`CREATE TEMP TABLE ${name} AS ${sql}`);
  const faults: string[] = [];
  for (const agreement of agreements) {
    const found = await readRows(connection, compareSql(agreement));
    faults.push(...found.map((row) => describeFault(agreement, row)));
  }
  return faults;
}

async function viewTables(
  cache: ObjectCache,
  connection: DuckDBConnection,
  candidate: Candidate,
): Promise<void> {
  const entries = touchedEntries(candidate);
  for (const table of dayTables) {
    const files = await Promise.all(entries.map(([, { tables }]) => cache.fetch(tables[table])));
    const sql = files.length === 0 ? emptyTableSql(table) : `FROM ${parquetSource(files)}`;
    await connection.run(`CREATE TEMP VIEW ${table} AS ${sql}`);
  }
  for (const table of wholeTables) {
    const file = await cache.fetch(candidate.tables[table]);
    await connection.run(`CREATE TEMP VIEW ${table} AS FROM ${parquetSource([file])}`);
  }
}

async function viewArrivals(
  cache: ObjectCache,
  connection: DuckDBConnection,
  arrivals: ReadonlyMap<Day, ArrivalEntry>,
): Promise<void> {
  const views = [
    { name: 'accepted', types: acceptedTypes, refsOf: ({ accepted }: ArrivalEntry) => accepted },
    { name: 'quarantine', types: quarantineTypes, refsOf: ({ quarantine }: ArrivalEntry) => [quarantine] },
  ];
  for (const { name, types, refsOf } of views) {
    const refs = [...arrivals].flatMap(([day, entry]) => refsOf(entry).map((ref) => [day, ref] as const));
    const files = await fetchByDay(cache, refs);
    await fillTable(connection, `${name}_files`, 'arrival_day DATE, file VARCHAR', files);
    const paths = [...new Set(files.map(([, file]) => file))];
    const source =
      paths.length === 0
        ? `(${emptyRowsSql({ ...types, filename: 'VARCHAR' })})`
        : `read_parquet([${paths.map(quote).join(', ')}], filename = true, hive_partitioning = false)`;
    await connection.run(
      `CREATE TEMP VIEW ${name} AS FROM ${source} rows JOIN ${name}_files files ON files.file = rows.filename`,
    );
  }
}

function fetchByDay(
  cache: ObjectCache,
  refs: readonly (readonly [Day, ObjectRef])[],
): Promise<(readonly [Day, string])[]> {
  return Promise.all(refs.map(async ([day, ref]) => [day, await cache.fetch(ref)] as const));
}

async function tellLedgers(
  connection: DuckDBConnection,
  { eventDays, touched }: Candidate,
  arrivals: ReadonlyMap<Day, ArrivalEntry>,
): Promise<void> {
  await fillTable(
    connection,
    'touched',
    'date DATE',
    [...touched].map((day) => [day]),
  );
  await fillTable(
    connection,
    'event_day_ledger',
    'date DATE, kept BIGINT, player_days BIGINT, sessions BIGINT',
    [...eventDays].map(([day, { ledger, tables }]) => [
      day,
      ledger.kept,
      tables.player_days.rows,
      tables.sessions.rows,
    ]),
  );
  await fillTable(
    connection,
    'arrival_ledger',
    'arrival_day DATE, event_day DATE, rows BIGINT',
    [...arrivals].flatMap(([day, { acceptedByEventDay }]) =>
      Object.entries(acceptedByEventDay).map(([eventDay, rows]) => [day, eventDay, rows]),
    ),
  );
  await fillTable(
    connection,
    'aside_ledger',
    'arrival_day DATE, reason VARCHAR, lines BIGINT',
    [...arrivals].flatMap(([day, { ledger }]) =>
      Object.entries({ ...ledger.rejected, superseded: ledger.superseded }).map(([reason, lines]) => [
        day,
        reason,
        lines,
      ]),
    ),
  );
}

async function fillTable(
  connection: DuckDBConnection,
  name: string,
  columns: string,
  rows: readonly (readonly (string | number)[])[],
): Promise<void> {
  await connection.run(`CREATE TEMP TABLE ${name} (${columns})`);
  const values = rows.map((row) => `(${row.map((value) => quote(String(value))).join(', ')})`);
  if (values.length > 0) await connection.run(`INSERT INTO ${name} VALUES ${values.join(', ')}`);
}

/** Rows `place`, `total`, `one`, `other` of the totals that differ. */
function compareSql({ by, totals, sides: [one, other] }: Agreement): string {
  const on = by.map((name) => `one."${name}" IS NOT DISTINCT FROM other."${name}"`).join(' AND ');
  const join = by.length === 0 ? 'CROSS JOIN' : 'FULL JOIN';
  const at = by.map((name) => `coalesce(one."${name}", other."${name}")::VARCHAR`).join(", ', ', ");
  const pairs = totals.map(
    (name) =>
      `{total: '${name}', one: ${textOf('one', name)}, other: ${textOf('other', name)}, differs: coalesce(one."${name}", 0) <> coalesce(other."${name}", 0)}`,
  );
  return `SELECT place, total, one, other FROM (
    SELECT concat(${at === '' ? "''" : at}) AS place, unnest([${pairs.join(', ')}], recursive := true)
    FROM (${one.sql}) one ${join} (${other.sql}) other ${on === '' ? '' : `ON ${on}`}
  ) WHERE differs ORDER BY place, total`;
}

function textOf(side: string, total: string): string {
  return `coalesce(${side}."${total}"::VARCHAR, 'nothing')`;
}

function describeFault({ by, sides: [one, other] }: Agreement, row: Row): string {
  const of = by.length === 0 ? '' : ` of ${String(row['place'])}`;
  return `${one.of}: ${String(row['total'])}${of} is ${String(row['one'])}, by ${other.of} ${String(row['other'])}`;
}
