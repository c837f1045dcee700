import type { RunRef } from '../../domain/arrival.ts';
import type { Day, OpenRange } from '../../domain/day.ts';
import { quote, type Row, readRows } from '../../engine/duckdb.ts';
import { withTables } from '../../query/with-tables.ts';
import { linkToRun, type TemporalEndpoint } from '../../stack/endpoints.ts';
import { readCurrent } from '../../storage/catalog.ts';
import { rangeOf } from '../options.ts';
import { countOf, printJson, printLine, printTable, say, showText } from '../output.ts';
import { openCache, withSession } from '../session.ts';

interface RestatementOptions extends OpenRange {
  readonly limit?: number;
  readonly json?: boolean;
}

/** A value of a complete day that a commit changed. */
interface Restatement {
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
interface RestatingCommit {
  readonly snapshot: string;
  readonly committedAt: string;
  /** Null when a rollback committed it. */
  readonly run: RunRef | null;
  readonly link: string | null;
  readonly arrivals: readonly string[];
  readonly values: number;
  readonly days: number;
  readonly restatements: readonly Restatement[];
}

const SHOWN_VALUES = 20;
const KEY_WIDTH = 60;

/** `questline status --restatements`: what commits changed of days that were complete, the newest commit first. */
export async function showRestatements(options: RestatementOptions): Promise<void> {
  const { from, to, json = false } = options;
  if (from !== undefined && to !== undefined) rangeOf(from, to);
  await withSession(async ({ config, endpoints, store }) => {
    const bucket = await store();
    const { state } = await readCurrent(bucket);
    const limit = options.limit ?? (json ? null : SHOWN_VALUES);
    const { temporal } = await endpoints();
    const commits = await withTables(
      state,
      openCache(config, bucket),
      new Set(['restatements']),
      [],
      async (connection) => {
        const [summed, detailed] = [
          await readRows(connection, commitsSql(options)),
          await readRows(connection, valuesSql(options, limit)),
        ];
        return summed.map((row) => toCommit(row, detailed, temporal));
      },
    );
    if (json) printJson({ snapshot: state?.snapshot.id ?? null, commits });
    else report(commits);
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

function toCommit(row: Row, detailed: readonly Row[], temporal: TemporalEndpoint): RestatingCommit {
  const text = (name: string) => String(row[name]);
  const run = row['workflow_id'] === null ? null : { workflowId: text('workflow_id'), runId: text('run_id') };
  return {
    snapshot: text('snapshot'),
    committedAt: text('committed_at'),
    run,
    link: run === null ? null : linkToRun(temporal, run.workflowId, run.runId),
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

function report(commits: readonly RestatingCommit[]): void {
  if (commits.length === 0) return say('No value of a complete day was changed by a later publish.');
  const shown = commits.filter(({ restatements }) => restatements.length > 0);
  for (const commit of shown) {
    printLine(`${commit.committedAt}  ${commit.snapshot}  ${describeCommit(commit)}`);
    if (commit.link !== null) printLine(`run ${commit.link}`);
    printTable<Restatement>(
      [
        { head: 'day', value: ({ day }) => day },
        { head: 'table', value: ({ table }) => table },
        { head: 'key', value: (one) => describeKey(one) },
        { head: 'metric', value: ({ metric }) => metric },
        { head: 'before', align: 'right', value: ({ before }) => before },
        { head: 'after', align: 'right', value: ({ after }) => after ?? '(none)' },
        { head: '', value: ({ sessionsOpen }) => (sessionsOpen ? 'sessions were still open' : '') },
      ],
      commit.restatements,
    );
    printLine('');
  }
  sayRest(commits, shown);
}

function describeCommit({ values, days, arrivals, run }: RestatingCommit): string {
  const range = arrivals.length > 1 ? `${arrivals[0]} to ${arrivals.at(-1)}` : arrivals[0];
  if (run === null) return `${countOf(values, 'value')} of ${countOf(days, 'day')}, by a rollback`;
  const by =
    range === undefined
      ? 'no arrival, only other rules'
      : `${countOf(arrivals.length, 'arrival')} (${range})`;
  return `${countOf(values, 'value')} of ${countOf(days, 'day')}, by ${by}`;
}

/** The key without the day, which stands beside it. */
function describeKey({ key, day }: Restatement): string {
  const rest = Object.entries(key).filter(([name, value]) => value !== day || !name.endsWith('date'));
  return showText(rest.map(([name, value]) => `${name} ${String(value)}`).join(', '), KEY_WIDTH);
}

function sayRest(commits: readonly RestatingCommit[], shown: readonly RestatingCommit[]): void {
  const total = commits.reduce((sum, { values }) => sum + values, 0);
  const printed = shown.reduce((sum, { restatements }) => sum + restatements.length, 0);
  if (total === printed) return;
  say(
    `${countOf(total - printed, 'more value')} of ${countOf(commits.length, 'commit')}: --limit ${10 * printed} shows more, --json all; or npx questline query "from restatements".`,
  );
}
