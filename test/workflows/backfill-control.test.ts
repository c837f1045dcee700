import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { BackfillForecast } from '../../src/activities/forecast-backfill.ts';
import { addDays, type Day } from '../../src/domain/day.ts';
import type { BackfillResult, DayState, Progress } from '../../src/domain/pipeline.ts';
import { startBackfill } from '../../src/operations/start-runs.ts';
import { readCurrent } from '../../src/storage/catalog.ts';
import { keys } from '../../src/storage/keys.ts';
import { runCommandLine } from '../support/command-line.ts';
import { makeEvent, toLines } from '../support/events.ts';
import { landDays } from '../support/synthetic.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;
let days: Day[];

beforeAll(async () => {
  world = await createWorld('backfill-control', { QUESTLINE_WORKER_COMPUTE_SLOTS: '4' });
  await world.startWorker();
  days = await landDays(world.store, world.config, 8);
});
afterAll(() => world.close());

function start(): Promise<WorkflowHandle> {
  const [from, to] = [days[0] as Day, days.at(-1) as Day];
  return startBackfill(world.client, world.config, { from, to, concurrency: 1 });
}

/** Days in a state; none while the run has not yet chosen its days and so answers nothing. */
async function count(handle: WorkflowHandle, state: DayState): Promise<number> {
  const progress = await handle.query<Progress>('progress').catch((error: Error) => {
    if (error.name === 'QueryNotRegisteredError') return null;
    throw error;
  });
  return progress?.days.filter((day) => day.state === state).length ?? 0;
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(50);
}

it('paused takes no further day, cancelled ends with what is at work and publishes nothing', async () => {
  const handle = await start();
  await until(async () => (await count(handle, 'accepted')) > 0);
  const paused = await runCommandLine(
    ['backfill', 'pause', '--by', 'ada', '--why', 'the cluster is needed'],
    world.env,
  );
  expect(paused.stderr).toMatch(/: 1 days at once, paused by ada at .*: the cluster is needed/);
  const again = await runCommandLine(['backfill', 'pause', '--why', 'again'], world.env);
  expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('was paused already, by ada at ')]);
  await until(async () => (await count(handle, 'accepting')) === 0);
  const waiting = await count(handle, 'waiting');
  expect(waiting).toBeGreaterThan(0);
  await sleep(700);
  expect(await count(handle, 'waiting')).toBe(waiting);
  const cancelled = await runCommandLine(['backfill', 'cancel'], world.env);
  expect([cancelled.code, cancelled.stderr]).toEqual([0, expect.stringContaining('is cancelled.')]);
  expect((await handle.describe()).status.name).toBe('CANCELLED');
  expect((await readCurrent(world.store)).state).toBeNull();
  const nothing = await runCommandLine(['backfill', 'resume'], world.env);
  expect([nothing.code, nothing.stderr]).toEqual([1, expect.stringContaining('No backfill runs.')]);
});

it('goes on from what was made, takes as many days at once as it is told, and joins a second start', async () => {
  const handle = await start();
  expect((await start()).workflowId).toBe(handle.workflowId);
  await runCommandLine(['backfill', 'pause', '--why', 'a look at it'], world.env);
  const changed = await runCommandLine(['backfill', 'concurrency', '3', '--json'], world.env);
  expect(JSON.parse(changed.stdout)).toMatchObject({ concurrency: 3, paused: { why: 'a look at it' } });
  const refused = await runCommandLine(
    ['backfill', 'resume', '--from', days[0] as Day, '--to', days[1] as Day],
    world.env,
  );
  expect([refused.code, refused.stderr]).toEqual([
    1,
    expect.stringContaining(`does not run. These run: ${handle.workflowId}.`),
  ]);
  let most = 0;
  const watching = (async () => {
    while ((await handle.describe()).status.name === 'RUNNING')
      most = Math.max(most, await count(handle, 'accepting'));
  })();
  await runCommandLine(['backfill', 'resume'], world.env);
  const { days: outcomes } = (await handle.result()) as BackfillResult;
  await watching;
  expect(outcomes.map(({ state }) => state)).toEqual(days.map(() => 'published'));
  expect(most).toBe(3);
});

it('takes only the days that are missing, failed or changed, and says before what it would do', async () => {
  const [first, last] = [days[0] as Day, days.at(-1) as Day];
  const unlanded = addDays(last, 1);
  const ask = (only: string, ...more: string[]) =>
    runCommandLine(['backfill', '--from', first, '--to', unlanded, '--only', only, ...more], world.env);
  const forecastOf = async (only: string) =>
    JSON.parse((await ask(only, '--dry-run', '--json')).stdout) as BackfillForecast;
  const whatOf = async (only: string) =>
    (await forecastOf(only)).days.map(({ day, standing, will }) => [day, standing, will]);
  expect(await whatOf('missing')).toEqual([[unlanded, 'missing', 'fail']]);
  expect(await whatOf('changed')).toEqual([]);
  const nothing = await ask('changed');
  expect([nothing.code, nothing.stderr]).toEqual([0, expect.stringContaining('Nothing to do: no day from ')]);
  const failing = await ask('missing');
  expect([failing.code, failing.stderr]).toEqual([1, expect.stringContaining('1 of 1 days failed.')]);
  expect(await whatOf('failed')).toEqual([[unlanded, 'failed', 'fail']]);
  const changed = days[3] as Day;
  const event = makeEvent({ timestamp: `${changed}T12:00:00Z` });
  await world.store.write(keys.rawObject(changed, 'late.ndjson'), Buffer.from(toLines([event])));
  const forecast = await forecastOf('changed');
  expect(forecast).toMatchObject({ isLeast: true, removed: [], seconds: expect.any(Number) });
  expect(forecast.days.map(({ day, will }) => [day, will])).toEqual([[changed, 'read']]);
  expect(forecast.builds).toContain(changed);
  const table = await ask('changed', '--dry-run');
  expect(table.stdout).toMatch(new RegExp(`${changed} +changed +2 .*read its lines`));
  expect((await readCurrent(world.store)).state?.snapshot.sequence).toBe(1);
  const run = await ask('changed', '--json');
  expect((JSON.parse(run.stdout) as BackfillResult).days.map(({ day, state }) => [day, state])).toEqual([
    [changed, 'published'],
  ]);
  expect(await whatOf('changed')).toEqual([]);
});

it('refuses a number of days at once that is none, whoever starts it', async () => {
  const refused = await world.client.workflow
    .execute('backfillWorkflow', {
      workflowId: 'wrong-concurrency',
      taskQueue: world.config.worker.orchestrationQueue,
      args: [{ from: days[0], to: days[1], concurrency: 'eight' }],
    })
    .catch((error: { readonly cause?: Error }) => error.cause);
  expect(refused).toMatchObject({
    message: expect.stringContaining('concurrency is "eight"; expected a whole number from 1 to 50.'),
  });
});
