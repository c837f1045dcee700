import { dayOf, daysBetween } from '../../../domain/day.ts';
import { dayWorkflowId } from '../../../domain/pipeline.ts';
import { type LatestRun, listLatestRuns } from '../../../runs/latest-runs.ts';
import { linkToRun } from '../../../stack/endpoints.ts';
import type { Answer } from '../../api/routes.ts';
import type { DashboardDependencies } from '../dependencies.ts';
import type { OpenSnapshot } from '../open-snapshot.ts';
import { linkOf } from './health.ts';
import { spanOf } from './question.ts';

/** Days that the last complete day may be behind today before the numbers are called stale. */
const FRESH_DAYS = 2;
const failures = new Set(['FAILED', 'TIMED_OUT', 'TERMINATED', 'CANCELLED']);

/** What the status line says: how far the numbers go, whether they can be trusted, and what is not in them. */
export async function answerStatus(
  snapshot: OpenSnapshot | null,
  deps: DashboardDependencies,
): Promise<Answer<'status'>> {
  const { config, endpoints } = deps;
  const arrivals = snapshot?.state.arrivals;
  const last = [...(arrivals?.values() ?? [])].at(-1);
  const span = snapshot === null ? null : spanOf(snapshot);
  const checks = last?.checks.filter(({ verdict }) => verdict !== 'skipped') ?? [];
  const document = snapshot?.state.snapshot;
  return {
    snapshot: document?.id ?? null,
    committedAt: document?.committedAt ?? null,
    timezone: 'UTC',
    firstDay: span?.from ?? null,
    lastDay: span?.to ?? null,
    dataThrough: last?.day ?? null,
    stale: last !== undefined && daysBetween(last.day, dayOf(deps.now())) > FRESH_DAYS,
    checks:
      last === undefined
        ? null
        : { passed: checks.filter(({ verdict }) => verdict === 'passed').length, measured: checks.length },
    run: linkOf(endpoints, document?.run ?? null),
    newest: await findNewest(deps),
    canWrite: config.dashboard.writeToken !== null,
    temporalUi:
      endpoints.temporal.uiUrl === null
        ? null
        : `${endpoints.temporal.uiUrl}/namespaces/${endpoints.temporal.namespace}/workflows`,
  };
}

/** The last day whose newest run failed or waits; else one that is under way. Null too when Temporal does not answer. */
async function findNewest({
  connect,
  endpoints,
}: DashboardDependencies): Promise<Answer<'status'>['newest']> {
  const client = await connect();
  const runs = client === null ? null : await listLatestRuns(client).catch(() => null);
  const stateOf = ({ status, verdict }: LatestRun) => {
    if (failures.has(status)) return 'failed' as const;
    if (status !== 'RUNNING') return null;
    return verdict === 'held' ? ('held' as const) : ('running' as const);
  };
  const open = [...(runs ?? [])]
    .flatMap(([day, run]) => {
      const state = stateOf(run);
      return state === null ? [] : [{ day, state, runId: run.runId }];
    })
    .sort((a, b) => (a.day < b.day ? 1 : -1));
  const worst = open.find(({ state }) => state !== 'running') ?? open[0];
  if (worst === undefined) return null;
  const { day, state, runId } = worst;
  return { day, state, run: linkToRun(endpoints.temporal, dayWorkflowId(day), runId) };
}
