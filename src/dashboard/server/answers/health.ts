import type { DuckDBConnection } from '@duckdb/node-api';
import type { Client } from '@temporalio/client';
import { type DayFacts, gatherFacts } from '../../../activities/day-standing.ts';
import type { CheckResult } from '../../../domain/check-result.ts';
import { findCheck } from '../../../domain/checks.ts';
import { type Day, type DayRange, listDays } from '../../../domain/day.ts';
import { countRejected } from '../../../domain/ledger.ts';
import { type DayStatus, describeDayStatus } from '../../../operations/day-status.ts';
import { listRestatements } from '../../../query/list-restatements.ts';
import { type Endpoints, linkToRun } from '../../../stack/endpoints.ts';
import type { CatalogState } from '../../../storage/catalog.ts';
import type { ArrivalEntry } from '../../../storage/catalog-format.ts';
import type { Answer } from '../../api/routes.ts';
import type { DashboardDependencies } from '../dependencies.ts';
import { askTables, type Question, rowsWithin } from './question.ts';

type Standing = Answer<'health'>['days'][number];
type Restated = Answer<'health'>['restatements'][number];

const MOST_RESTATEMENTS = 200;

/** What is known of days beside the tables: what landed, and the runs when Temporal answers. */
export interface LiveFacts extends DayFacts {
  readonly client: Client | null;
}

/** Gathers it; without Temporal, or when it does not answer, there are no runs. */
export async function gatherLive({ config, store, connect }: DashboardDependencies): Promise<LiveFacts> {
  const client = await connect();
  if (client === null) return { ...(await gatherFacts({ config, store, client })), client };
  try {
    return { ...(await gatherFacts({ config, store, client })), client };
  } catch (error) {
    if ((error as Error).name === 'StorageError') throw error;
    return { ...(await gatherFacts({ config, store, client: null })), client: null };
  }
}

/** Can the numbers be trusted: how each day stands, its checks, what was set aside, and what was restated. */
export function answerHealth(question: Question, deps: DashboardDependencies): Promise<Answer<'health'>> {
  const { snapshot, scope } = question;
  return askTables(
    { ...question, scope: { from: scope.from, to: scope.to } },
    ['daily_metrics'],
    async (connection) => {
      const live = await gatherLive(deps);
      const { state } = snapshot;
      const days = listDays(scope);
      const arrivals = days.flatMap((day) => state.arrivals.get(day) ?? []);
      const standings = days.map((day) => describeStanding(day, live, deps));
      const { restatements, values } = await readRestatements(state, scope, deps);
      return {
        temporal: live.client !== null,
        days: await Promise.all(standings),
        unsettled: await listUnsettled(connection, scope),
        checks: trendChecks(arrivals),
        reasons: countReasons(arrivals),
        restatements,
        restatedValues: values,
      };
    },
  );
}

async function listUnsettled(connection: DuckDBConnection, range: DayRange): Promise<Day[]> {
  const rows = await rowsWithin<{ readonly day: Day }>(
    connection,
    range,
    `SELECT date::VARCHAR AS day FROM daily_metrics
    WHERE complete AND NOT settled AND date BETWEEN $from::DATE AND $to::DATE ORDER BY date`,
  );
  return rows.map(({ day }) => day);
}

/** How a day stands, as pages tell it. */
export async function describeStanding(
  day: Day,
  live: LiveFacts,
  { endpoints, store }: DashboardDependencies,
): Promise<Standing> {
  return tellStanding(await describeDayStatus(day, { ...live, endpoints, store }));
}

function tellStanding({ day, state, ledger, eventDay, checks, seconds, link, message }: DayStatus): Standing {
  return {
    day,
    state,
    lines: ledger?.lines ?? null,
    accepted: ledger?.accepted ?? null,
    rejected: ledger === null ? null : countRejected(ledger),
    superseded: ledger?.superseded ?? null,
    kept: eventDay?.kept ?? null,
    duplicates: eventDay === null ? null : eventDay.cameIn - eventDay.kept,
    checks,
    seconds,
    run: link,
    message,
  };
}

/** Restatements of days of a range, the newest first. */
export async function readRestatements(
  state: CatalogState,
  range: { readonly from: Day; readonly to: Day },
  { cache, endpoints }: DashboardDependencies,
): Promise<{ readonly restatements: Restated[]; readonly values: number }> {
  const commits = await listRestatements(state, cache, range, MOST_RESTATEMENTS);
  const restatements = commits.flatMap(({ snapshot, committedAt, run, restatements: values }) =>
    values.map(
      ({ day, table, key, metric, before, after }): Restated => ({
        snapshot,
        committedAt,
        day,
        table,
        key: Object.entries(key)
          .map(([name, value]) => `${name} ${String(value)}`)
          .join(', '),
        metric,
        before,
        after,
        run: linkOf(endpoints, run),
      }),
    ),
  );
  return { restatements, values: commits.reduce((sum, { values }) => sum + values, 0) };
}

/** Link to a run in Web UI; null when there is none or the address is not known. */
export function linkOf(
  { temporal }: Endpoints,
  run: { readonly workflowId: string; readonly runId: string } | null,
): string | null {
  return run === null ? null : linkToRun(temporal, run.workflowId, run.runId);
}

function trendChecks(arrivals: readonly ArrivalEntry[]): Answer<'health'>['checks'] {
  const byName = new Map<string, { readonly day: Day; readonly check: CheckResult }[]>();
  for (const { day, checks } of arrivals)
    for (const check of checks) {
      const known = byName.get(check.name) ?? [];
      known.push({ day, check });
      byName.set(check.name, known);
    }
  return [...byName].flatMap(([name, points]) => {
    const declared = findCheck(name);
    if (declared === null) return [];
    return {
      name,
      definition: declared.title,
      kind: declared.kind,
      comparison: declared.comparison,
      points: points.map(({ day, check: { value, threshold, verdict } }) => ({
        day,
        value,
        threshold,
        verdict,
      })),
    };
  });
}

function countReasons(arrivals: readonly ArrivalEntry[]): Answer<'health'>['reasons'] {
  const counts = new Map<string, { lines: number; days: number; lastDay: Day }>();
  for (const { day, ledger } of arrivals) {
    const aside = Object.entries({ ...ledger.rejected, superseded: ledger.superseded });
    for (const [reason, lines] of aside.filter(([, n]) => n > 0)) {
      const before = counts.get(reason) ?? { lines: 0, days: 0 };
      counts.set(reason, { lines: before.lines + lines, days: before.days + 1, lastDay: day });
    }
  }
  return [...counts]
    .map(([reason, count]) => ({ reason, ...count }))
    .sort((a, b) => b.lines - a.lines || (a.reason < b.reason ? -1 : 1));
}
