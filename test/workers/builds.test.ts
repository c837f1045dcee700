import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import type { Day } from '../../src/domain/day.ts';
import type { Hold } from '../../src/domain/decision.ts';
import { dayWorkflowId, messages } from '../../src/domain/pipeline.ts';
import { startDay } from '../../src/operations/start-runs.ts';
import { type RunningWorker, startWorker } from '../../src/workers/run-worker.ts';
import { runCommandLine } from '../support/command-line.ts';
import { makeEvent, toLines } from '../support/events.ts';
import { landObject } from '../support/good-day.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;
const workers = new Map<string, RunningWorker>();

beforeAll(async () => {
  world = await createWorld('builds', {
    QUESTLINE_QUALITY_REVENUE_OUTLIERS_ACTION: 'hold',
    QUESTLINE_WORKER_DEPLOYMENT: 'test-builds',
  });
});
afterAll(async () => {
  for (const worker of workers.values()) worker.stop();
  await Promise.all([...workers.values()].map(({ ended }) => ended));
  await world.close();
});

async function startBuild(buildId: string): Promise<void> {
  const { config } = loadConfig({ ...world.env, QUESTLINE_WORKER_BUILD_ID: buildId });
  workers.set(buildId, await startWorker(config, pino({ level: 'silent' })));
}

const builds = (...args: string[]) => runCommandLine(['builds', ...args], world.env);

async function promote(buildId: string): Promise<void> {
  let answer = await builds('promote', buildId);
  for (let n = 0; answer.code !== 0 && n < 50; n += 1) {
    await sleep(200);
    answer = await builds('promote', buildId);
  }
  expect(answer.stderr).toContain(`New runs begin on ${buildId}.`);
}

async function buildOf(day: Day): Promise<string | undefined> {
  const { raw } = await world.client.workflow.getHandle(dayWorkflowId(day)).describe();
  return raw.workflowExecutionInfo?.versioningInfo?.deploymentVersion?.buildId ?? undefined;
}

it('a day that is under way stays with the build that it began on, and later ones begin on the promoted one', async () => {
  const none = await builds();
  expect([none.code, none.stderr]).toEqual([
    1,
    expect.stringContaining('No worker of test-builds has named its build'),
  ]);
  await startBuild('blue');
  await promote('blue');
  const wrong = await builds('promote', 'grey');
  expect([wrong.code, wrong.stderr]).toEqual([
    1,
    expect.stringMatching(/There is no build "grey"\. Known are blue;/),
  ]);
  const [held, later] = ['2035-01-01', '2035-01-02'] as Day[] as [Day, Day];
  await landObject(world.store, held, 'good');
  const dear = makeEvent({
    event_id: 'dear',
    event_type: 'purchase',
    timestamp: `${held}T10:00:00Z`,
    properties: { amount: 5000 },
  });
  await landObject(world.store, held, 'dear', toLines([dear]));
  const run = await startDay(world.client, world.config, { day: held });
  while ((await run.query<Hold | null>(messages.hold)) === null) await sleep(200);
  await startBuild('green');
  await promote('green');
  await landObject(world.store, later, 'good');
  await (await startDay(world.client, world.config, { day: later })).result();
  expect([await buildOf(held), await buildOf(later)]).toEqual(['blue', 'green']);
  const states = JSON.parse((await builds('--json')).stdout) as { buildId: string; state: string }[];
  expect(Object.fromEntries(states.map(({ buildId, state }) => [buildId, state]))).toEqual({
    blue: 'draining',
    green: 'current',
  });
  const approved = await runCommandLine(['approve', held, '--by', 'ann', '--why', 'a bundle'], world.env);
  expect(approved.stderr).toContain(`${held} is published`);
  expect(await buildOf(held)).toBe('blue');
});
