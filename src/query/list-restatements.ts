import type { RunRef } from '../domain/arrival.ts';
import type { Day, OpenRange } from '../domain/day.ts';
import { quote, type Row, readRows } from '../engine/duckdb.ts';
import type { CatalogState } from '../storage/catalog.ts';
import type { ObjectCache } from '../storage/object-cache.ts';
import { withTables } from './with-tables.ts';

/** A value of a complete day that a commit changed. */
export interface Restatement {
  readonly day: Day;
  readonly table: string;
  /** Columns of the row's key. */
  readonly key: Readonly<Record<string, unknown>>;
  readonly metric: string;
  readonly before: string;
  readonly after: string | null;
  readonly sessionsOpen: boolean;
}

/** A commit that restated something, and as much of it as is shown. */
export interface RestatingCommit {
  readonly snapshot: string;
  readonly committedAt: string;
  /** Null when a rollback committed it. */
  readonly run: RunRef | null;
  readonly arrivals: readonly string[];
  readonly values: number;
  readonly days: number;
  readonly restatements: readonly Restatement[];
}

/** Commits that changed values of complete days of a range, the newest first, with at most `limit` of these values. */
export function listRestatements(
  state: CatalogState | null,
  cache: ObjectCache,
  range: OpenRange,
  limit: number | null,
): Promise<RestatingCommit[]> {
  return withTables(state, cache, new Set(['restatements']), [], async (connection) => {
    const summed = await readRows(connection, commitsSql(range));
    const detailed = await readRows(connection, valuesSql(range, limit));
    return summed.map((row) => toCommit(row, detailed));
  });
}

function whereSql({ from, to }: OpenRange): string {
  const conditions = [
    ...(from === undefined ? [] : [`day >= DATE ${quote(from)}`]),
    ...(to === undefined ? [] : [`day <= DATE ${quote(to)}`]),
  ];
  return conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
}

function commitsSql(range: OpenRange): string {
  return `SELECT snapshot, strftime(committed_at AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%S.%gZ') AS committed_at, workflow_id, run_id, arrivals,
    count(*)::INT AS values, count(DISTINCT day)::INT AS days FROM restatements ${whereSql(range)} GROUP BY ALL ORDER BY snapshot DESC`;
}

function valuesSql(range: OpenRange, limit: number | null): string {
  return `SELECT snapshot, day::VARCHAR AS day, table_name, key, metric, before, after, sessions_open FROM restatements ${whereSql(range)}
    ORDER BY snapshot DESC, day DESC, table_name, key, metric ${limit === null ? '' : `LIMIT ${limit}`}`;
}

function toCommit(row: Row, detailed: readonly Row[]): RestatingCommit {
  const text = (name: string) => String(row[name]);
  const run = row['workflow_id'] === null ? null : { workflowId: text('workflow_id'), runId: text('run_id') };
  return {
    snapshot: text('snapshot'),
    committedAt: text('committed_at'),
    run,
    arrivals: text('arrivals').split(', ').filter(Boolean),
    values: Number(row['values']),
    days: Number(row['days']),
    restatements: detailed.filter(({ snapshot }) => snapshot === row['snapshot']).map(toRestatement),
  };
}

function toRestatement(row: Row): Restatement {
  return {
    day: row['day'] as Day,
    table: String(row['table_name']),
    key: JSON.parse(String(row['key'])) as Readonly<Record<string, unknown>>,
    metric: String(row['metric']),
    before: String(row['before']),
    after: row['after'] as string | null,
    sessionsOpen: row['sessions_open'] === true,
  };
}
