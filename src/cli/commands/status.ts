import { type Client, WorkflowFailedError } from '@temporalio/client';
import type { Config } from '../../config/schema.ts';
import { hashConfig } from '../../config/table-config.ts';
import { type Day, type DayRange, isDay, listDays } from '../../domain/day.ts';
import { countRejected } from '../../domain/ledger.ts';
import { dayWorkflowId, searchAttributes } from '../../domain/pipeline.ts';
import { type Endpoints, linkToRun } from '../../stack/endpoints.ts';
import { type CatalogState, readCurrent } from '../../storage/catalog.ts';
import type { ArrivalEntry } from '../../storage/catalog-format.ts';
import type { ObjectInfo, ObjectStore } from '../../storage/object-store.ts';
import { describeFailed } from '../describe-failed.ts';
import { rangeOf } from '../options.ts';
import { formatCount, printJson, printTable, say } from '../output.ts';
import { withSession } from '../session.ts';

type State = 'published' | 'changed' | 'running' | 'failed' | 'landed' | 'missing';

interface DayStatus {
  readonly day: Day;
  readonly state: State;
  readonly stage: string | null;
  readonly lines: number | null;
  readonly published: number | null;
  readonly rejected: number | null;
  readonly seconds: number | null;
  readonly link: string | null;
  readonly message: string | null;
}

interface LatestRun {
  readonly runId: string;
  readonly status: string;
  readonly stage: string | null;
  readonly seconds: number | null;
}

/** `questline status`: arrival days by what landed, what was published and what their last run did. */
export async function runStatus(options: {
  readonly from?: Day;
  readonly to?: Day;
  readonly json?: boolean;
}): Promise<void> {
  await withSession(async (session) => {
    const [store, endpoints] = [await session.store(), await session.endpoints()];
    const { state } = await readCurrent(store);
    const raw = await listRawDays(store);
    const client = await session.temporal().catch((error: Error) => {
      say(`! ${error.message}`);
      return null;
    });
    const runs = client === null ? new Map<Day, LatestRun>() : await listLatestRuns(client);
    const known = [...new Set([...(state?.arrivals.keys() ?? []), ...raw.keys(), ...runs.keys()])].sort();
    const range = rangeFor(known, options);
    const days =
      range === null
        ? []
        : listDays(range).filter(
            (day) => options.from !== undefined || options.to !== undefined || known.includes(day),
          );
    const rows = await Promise.all(
      days.map((day) => describeDay(day, { config: session.config, endpoints, client, state, raw, runs })),
    );
    if (options.json === true) return printJson({ snapshot: state?.snapshot.id ?? null, days: rows });
    report(rows, state);
  });
}

function rangeFor(
  known: readonly Day[],
  { from, to }: { readonly from?: Day; readonly to?: Day },
): DayRange | null {
  const first = from ?? known[0] ?? to;
  const last =
    to ??
    (known.at(-1) !== undefined && first !== undefined && (known.at(-1) as Day) >= first
      ? known.at(-1)
      : first);
  return first === undefined || last === undefined ? null : rangeOf(first, last);
}

async function listRawDays(store: ObjectStore): Promise<Map<Day, ObjectInfo[]>> {
  const days = new Map<Day, ObjectInfo[]>();
  for await (const object of store.list('raw/dt=')) {
    const day = object.key.slice('raw/dt='.length, 'raw/dt='.length + 10);
    if (isDay(day)) days.set(day as Day, [...(days.get(day as Day) ?? []), object]);
  }
  return days;
}

async function listLatestRuns(client: Client): Promise<Map<Day, LatestRun>> {
  const runs = new Map<Day, LatestRun & { readonly startedAt: number }>();
  for await (const run of client.workflow.list({ query: "WorkflowType = 'dayWorkflow'" })) {
    const day = run.workflowId.replace(/^questline-day-/, '');
    const startedAt = run.startTime.getTime();
    if (!isDay(day) || (runs.get(day as Day)?.startedAt ?? 0) >= startedAt) continue;
    const seconds = run.closeTime === undefined ? null : (run.closeTime.getTime() - startedAt) / 1000;
    const stage = run.typedSearchAttributes
      .getAll()
      .find(({ key }) => key.name === searchAttributes.stage)?.value;
    runs.set(day as Day, {
      runId: run.runId,
      status: run.status.name,
      stage: stage === undefined ? null : String(stage),
      seconds,
      startedAt,
    });
  }
  return runs;
}

interface Known {
  readonly config: Config;
  readonly endpoints: Endpoints;
  readonly client: Client | null;
  readonly state: CatalogState | null;
  readonly raw: ReadonlyMap<Day, readonly ObjectInfo[]>;
  readonly runs: ReadonlyMap<Day, LatestRun>;
}

async function describeDay(day: Day, known: Known): Promise<DayStatus> {
  const entry = known.state?.arrivals.get(day);
  const run = known.runs.get(day);
  const state = judge(known.config, entry, known.raw.get(day), run);
  const message =
    state === 'failed' && known.client !== null && run !== undefined
      ? await readFailure(known.client, day, run)
      : null;
  return {
    day,
    state,
    stage: state === 'published' ? 'done' : (run?.stage ?? null),
    lines: entry?.ledger.lines ?? null,
    published: entry?.ledger.accepted ?? null,
    rejected: entry === undefined ? null : countRejected(entry.ledger),
    seconds: run?.seconds ?? null,
    link: run === undefined ? null : linkToRun(known.endpoints.temporal, dayWorkflowId(day), run.runId),
    message,
  };
}

function judge(
  config: Config,
  entry: ArrivalEntry | undefined,
  raw: readonly ObjectInfo[] | undefined,
  run: LatestRun | undefined,
): State {
  if (run?.status === 'RUNNING') return 'running';
  if (run !== undefined && ['FAILED', 'TIMED_OUT', 'TERMINATED', 'CANCELLED'].includes(run.status))
    return 'failed';
  if (entry === undefined) return raw === undefined ? 'missing' : 'landed';
  const pinned = new Map(entry.inputs.map(({ key, etag }) => [key, etag]));
  const same =
    pinned.size === (raw?.length ?? 0) && (raw ?? []).every(({ key, etag }) => pinned.get(key) === etag);
  return same && entry.configHash === hashConfig(config) ? 'published' : 'changed';
}

async function readFailure(client: Client, day: Day, run: LatestRun): Promise<string> {
  try {
    await client.workflow.getHandle(dayWorkflowId(day), run.runId).result();
    return '';
  } catch (error) {
    return error instanceof WorkflowFailedError ? describeFailed(error) : (error as Error).message;
  }
}

function report(rows: readonly DayStatus[], state: CatalogState | null): void {
  if (rows.length === 0)
    return say(
      'No day has landed yet. Land events (npx questline land FILE), or generate some (npx questline generate --help).',
    );
  const count = (n: number | null) => (n === null ? '' : formatCount(n));
  printTable(
    [
      { head: 'day', value: ({ day }) => day },
      { head: 'state', value: (row) => row.state },
      { head: 'stage', value: ({ stage }) => stage ?? '' },
      { head: 'lines', align: 'right', value: ({ lines }) => count(lines) },
      { head: 'published', align: 'right', value: ({ published }) => count(published) },
      { head: 'rejected', align: 'right', value: ({ rejected }) => count(rejected) },
      { head: 'seconds', align: 'right', value: ({ seconds }) => seconds?.toFixed(1) ?? '' },
      { head: 'run', value: ({ link }) => link ?? '' },
    ],
    rows,
  );
  for (const { day, message } of rows) if (message !== null) say(`${day}: ${message}`);
  if (state !== null) say(`snapshot ${state.snapshot.id}, committed ${state.snapshot.committedAt}`);
}
