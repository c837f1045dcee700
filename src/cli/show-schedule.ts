import type { Client, Connection, ScheduleDescription } from '@temporalio/client';
import proto from '@temporalio/proto';
import { addDays, type Day, dayOf } from '../domain/day.ts';
import { searchAttributes } from '../domain/pipeline.ts';
import { readRun } from '../runs/last-run.ts';
import { linkToRun, type TemporalEndpoint } from '../stack/endpoints.ts';
import { printJson, printTable, say } from './output.ts';
import { listDifferences, planOf, planOnServer } from './schedule-plan.ts';
import type { Session } from './session.ts';

const MOST_RUNS = 10;

/** A run of the schedule, made or to come. Times in ISO 8601 UTC. */
interface ScheduledRun {
  readonly nominal: string;
  readonly day: Day;
  /** Null when it is to come. */
  readonly started: string | null;
  readonly state: string;
  readonly failure: string | null;
  readonly link: string | null;
}

/** Shows what a schedule does: its plan, whether it is paused and why, what is wrong with it, its last and next runs. */
export async function showDescription(
  session: Session,
  client: Client,
  description: ScheduleDescription,
  json: boolean,
): Promise<void> {
  const { scheduleId, state, info } = description;
  const plan = planOnServer(description);
  const differences = listDifferences(plan, planOf(session.config));
  const { temporal } = await session.endpoints();
  const last = await readLastRuns(client, temporal, description);
  const next = info.nextActionTimes.slice(0, MOST_RUNS).map((time) => toCome(time, plan.dayOffset));
  const isPolled = await hasWorker(client, session.config.worker.orchestrationQueue);
  const missed = info.numActionsMissedCatchupWindow;
  const skipped = info.numActionsSkippedOverlap;
  if (json) {
    const note = state.note ?? null;
    return printJson({
      id: scheduleId,
      paused: state.paused,
      note,
      ...plan,
      differences,
      isPolled,
      missed,
      skipped,
      last,
      next,
    });
  }
  say(
    `${scheduleId}: ${state.paused ? `paused: ${state.note ?? 'no note'}` : `active${state.note ? `: ${state.note}` : ''}`}`,
  );
  const { timeOfDay, dayOffset, overlap, catchupHours } = plan;
  say(`daily at ${timeOfDay} UTC, day offset ${dayOffset}, overlap ${overlap}, catch-up ${catchupHours} h`);
  if (differences.length > 0)
    say(`! It differs from the configuration: ${differences.join('; ')}. Run npx questline schedule apply.`);
  if (!isPolled) say('! No worker polls its queue, so its runs wait until one does: npx questline worker');
  if (missed > 0)
    say(`! ${missed} runs were missed for good: the server was away for longer than ${catchupHours} h.`);
  if (skipped > 0)
    say(`! ${skipped} runs were skipped, since the one before was still going (overlap ${overlap}).`);
  printRuns([...last, ...next]);
}

function printRuns(runs: readonly ScheduledRun[]): void {
  printTable(
    [
      { head: 'nominal time', value: ({ nominal }) => nominal },
      { head: 'day', value: ({ day }) => day },
      { head: 'started', value: ({ started }) => started ?? '' },
      { head: 'state', value: ({ state }) => state },
      { head: 'run', value: ({ link }) => link ?? '' },
    ],
    runs,
  );
  for (const { day, failure } of runs) if (failure !== null) say(`${day}: ${failure}`);
}

function toCome(time: Date, dayOffset: number): ScheduledRun {
  const day = addDays(dayOf(time), dayOffset);
  return { nominal: showTime(time), day, started: null, state: 'to come', failure: null, link: null };
}

async function readLastRuns(
  client: Client,
  temporal: TemporalEndpoint,
  description: ScheduleDescription,
): Promise<ScheduledRun[]> {
  const recent = description.info.recentActions.slice(-MOST_RUNS);
  return Promise.all(
    recent.map(async ({ scheduledAt, takenAt, action: { workflow } }) => {
      const { workflowId, firstExecutionRunId } = workflow;
      const run = await readRun(client, workflowId);
      return {
        nominal: showTime(scheduledAt),
        day:
          (await readDay(client, workflowId)) ??
          addDays(dayOf(scheduledAt), planOnServer(description).dayOffset),
        started: showTime(takenAt),
        state: run?.state ?? 'no longer kept',
        failure: run?.state === 'failed' ? (run.failure.split('\n')[0] ?? '') : null,
        link: linkToRun(temporal, workflowId, firstExecutionRunId),
      };
    }),
  );
}

/** The day that a run has said it runs; null before that, and when the run is not kept. */
async function readDay(client: Client, workflowId: string): Promise<Day | null> {
  const described = await client.workflow
    .getHandle(workflowId)
    .describe()
    .catch(() => null);
  const day = described?.typedSearchAttributes
    .getAll()
    .find(({ key }) => key.name === searchAttributes.day)?.value;
  return day === undefined ? null : (String(day) as Day);
}

async function hasWorker(client: Client, queue: string): Promise<boolean> {
  const { pollers } = await (client.connection as Connection).workflowService.describeTaskQueue({
    namespace: client.options.namespace,
    taskQueue: { name: queue },
    taskQueueType: proto.temporal.api.enums.v1.TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
  });
  return (pollers ?? []).length > 0;
}

function showTime(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`;
}
