import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type OwnStack, ownStack } from '../../infra/own-stack.ts';
import { choosePort } from '../../src/stack/ports.ts';
import { cpuSecondsOf } from './processes.ts';
import type { Totals } from './rivals.ts';
import { type Latency, latencyBetween, readSums } from './sdk-metrics.ts';
import { readStages, type StageShares } from './worker-log.ts';

/** Processor seconds by process; null where the system does not tell. */
export type CpuSeconds = Readonly<Record<string, number | null>>;

/** What a command took, and which part of it the worker and the servers had. */
export interface Measured extends StageShares {
  readonly wallSeconds: number;
  readonly cpuSeconds: CpuSeconds;
  /** Of workflow tasks: how many, from schedule to start, and of their execution in the worker. */
  readonly workflowTaskWait: Latency;
  readonly workflowTaskRun: Latency;
  /** Of the activities of the compute queue, from schedule to start: waiting for a slot, and Temporal's own time. */
  readonly activityWait: Latency;
}

/** What a first-time user waits for, with servers and data of its own. */
export interface QuestlineTimes {
  readonly lines: number;
  readonly startSeconds: number;
  readonly generateSeconds: number;
  readonly backfill: Measured;
  readonly again: Measured;
  readonly startAgainSeconds: number;
  readonly totals: Totals;
}

/** The sums that the plain scripts print of their tables. */
const totalsSql = `SELECT sum(events)::DOUBLE AS events, sum(dau)::DOUBLE AS dau, sum(revenue)::DOUBLE AS revenue,
  sum(ad_revenue)::DOUBLE AS "adRevenue", sum(new_players)::DOUBLE AS "newPlayers",
  (SELECT sum(retained)::DOUBLE FROM retention_cohorts WHERE kind = 'classic' AND day_n = 1) AS "retainedOnDay1" FROM daily_metrics`;

/** Starts from nothing, generates a range, runs it, runs it again, and starts again over the data. */
export async function measureQuestline(
  range: readonly string[],
  told: (what: string, seconds: number) => void,
): Promise<QuestlineTimes> {
  const metrics = `127.0.0.1:${(await choosePort(0)).port}`;
  const stack = await ownStack({ QUESTLINE_METRICS_PROMETHEUS_ADDRESS: metrics });
  const clock = async <T>(what: string, work: () => Promise<T>) => {
    const began = performance.now();
    const result = await work();
    const seconds = (performance.now() - began) / 1000;
    told(what, seconds);
    return { result, seconds };
  };
  const backfill = () => measureBackfill(stack, metrics, range);
  try {
    const started = await clock('start, empty', stack.start);
    const generated = await clock('generate 30 days', () => stack.run('generate', ...range, '--json'));
    const { days } = JSON.parse(generated.result) as { readonly days: readonly { readonly lines: number }[] };
    const first = await clock('backfill 30 landed days', backfill);
    const again = await clock('the same backfill again', backfill);
    const [totals] = JSON.parse(await stack.run('query', totalsSql, '--format', 'json')) as [Totals];
    await started.result();
    const startedAgain = await clock('start, with 30 days', stack.start);
    await startedAgain.result();
    return {
      lines: days.reduce((sum, { lines }) => sum + lines, 0),
      startSeconds: started.seconds,
      generateSeconds: generated.seconds,
      backfill: first.result,
      again: again.result,
      startAgainSeconds: startedAgain.seconds,
      totals,
    };
  } finally {
    await stack.remove();
  }
}

async function measureBackfill(
  { run, env }: OwnStack,
  metrics: string,
  range: readonly string[],
): Promise<Measured> {
  const folder = env['QUESTLINE_EMBEDDED_DATA_DIR'] ?? '';
  const [sumsBefore, cpuBefore] = [await readSums(metrics), await readCpu(folder)];
  const from = Date.now();
  await run('backfill', ...range, '--json');
  const to = Date.now();
  const [sums, cpu] = [await readSums(metrics), await readCpu(folder)];
  const cpuSeconds = Object.entries(cpu).map(([name, seconds]) => {
    const before = cpuBefore[name] ?? null;
    return [name, seconds === null || before === null ? null : seconds - before] as const;
  });
  const latency = (name: string, queue: string) =>
    latencyBetween(sumsBefore, sums, name, `questline-${queue}`);
  return {
    wallSeconds: (to - from) / 1000,
    cpuSeconds: Object.fromEntries(cpuSeconds),
    workflowTaskWait: latency('workflow_task_schedule_to_start_latency', 'orchestration'),
    workflowTaskRun: latency('workflow_task_execution_latency', 'orchestration'),
    activityWait: latency('activity_schedule_to_start_latency', 'compute'),
    ...(await readStages(join(folder, 'logs', 'worker.jsonl'), from, to)),
  };
}

async function readCpu(folder: string): Promise<CpuSeconds> {
  const state = JSON.parse(await readFile(join(folder, 'stack.json'), 'utf8')) as {
    children: Record<string, { pid: number }>;
  };
  const read = Object.entries(state.children).map(
    async ([name, { pid }]) => [name, await cpuSecondsOf(pid)] as const,
  );
  return Object.fromEntries(await Promise.all(read));
}
