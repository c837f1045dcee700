import {
  type ScheduleDescription,
  ScheduleOverlapPolicy,
  type WorkflowExecutionInfo,
} from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listDueDays } from '../../src/activities/list-due-days.ts';
import type { Day } from '../../src/domain/day.ts';
import { type BackfillResult, dayWorkflowId } from '../../src/domain/pipeline.ts';
import { runCommandLine } from '../support/command-line.ts';
import { makeEvent, toLines } from '../support/events.ts';
import { landObject } from '../support/good-day.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;

beforeAll(async () => {
  world = await createWorld('schedule');
});
afterAll(() => world.close());

const schedule = (args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
  runCommandLine(['schedule', ...args], { ...world.env, ...env });
const handle = () => world.client.schedule.getHandle(world.config.schedule.id);
const keptOf = ({ spec, action, policies, state }: ScheduleDescription) => ({
  spec,
  action,
  policies,
  state,
});
const listRuns = async (query: string) => {
  const runs: WorkflowExecutionInfo[] = [];
  for await (const run of world.client.workflow.list({ query })) runs.push(run);
  return runs;
};

/** Starts the runs of nominal times that have passed, as the server does after an outage, and waits for them. */
async function catchUp(from: string, to: string): Promise<void> {
  const before = (await listRuns("WorkflowType = 'dailyWorkflow' AND ExecutionStatus != 'Running'")).length;
  const days = Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000) + 1;
  await handle().backfill({
    start: new Date(`${from}T00:00:00Z`),
    end: new Date(`${to}T23:00:00Z`),
    overlap: ScheduleOverlapPolicy.BUFFER_ALL,
  });
  await expect
    .poll(
      async () => (await listRuns("WorkflowType = 'dailyWorkflow' AND ExecutionStatus != 'Running'")).length,
      {
        timeout: 50_000,
        interval: 200,
      },
    )
    .toBe(before + days);
}

describe('schedule', () => {
  it('applied twice is the same; a pause and its note stay, and a changed configuration is told, then applied', async () => {
    const created = await schedule(['apply']);
    expect(created).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('questline-daily is created.'),
    });
    expect(created.stderr).toContain('! No worker polls its queue');
    expect(created.stderr).not.toContain('differs');
    expect(created.stdout.match(/to come/g)).toHaveLength(10);
    const first = keptOf(await handle().describe());
    await schedule(['apply']);
    expect(keptOf(await handle().describe())).toEqual(first);

    expect((await schedule(['pause'])).code).toBe(2);
    expect((await schedule(['pause', '--note', ' '])).stderr).toContain('--note is empty; expected text');
    await schedule(['pause', '--note', 'looking at 2026-02-03', '--by', 'ann']);
    const later = { QUESTLINE_SCHEDULE_TIME_OF_DAY: '04:15', QUESTLINE_SCHEDULE_OVERLAP: 'skip' };
    const shown = await schedule(['show'], later);
    expect(shown.stderr).toMatch(/paused: looking at 2026-02-03 \(ann, \d{4}-\d\d-\d\dT[\d:]+Z\)/);
    expect(shown.stderr).toContain(
      'It differs from the configuration: timeOfDay is 00:30, in the configuration 04:15; overlap is buffer_all, in the configuration skip. Run',
    );
    const applied = await schedule(['apply'], later);
    expect(applied.stderr).not.toContain('differs');
    const changed = keptOf(await handle().describe());
    expect(changed.state).toMatchObject({ paused: true, note: expect.stringContaining('(ann, ') });
    expect(changed.action).toEqual(first.action);
    expect(changed.policies).toEqual({ ...first.policies, overlap: 'SKIP' });
    expect(changed.spec.calendars?.[0]).toMatchObject({ hour: [{ start: 4 }], minute: [{ start: 15 }] });
    await schedule(['apply']);
    expect(keptOf(await handle().describe())).toEqual({ ...first, state: changed.state });
  });

  it('runs missed nominal times in order, each with its own day, and shows how they ended', async () => {
    await world.startWorker();
    await landObject(
      world.store,
      '2026-02-28',
      'thin',
      toLines([makeEvent({ timestamp: '2026-02-28T10:00:00Z' })]),
    );
    for (const day of ['2026-03-01', '2026-03-02']) await landObject(world.store, day, 'a');
    await catchUp('2026-03-01', '2026-03-04');
    const { last, isPolled } = JSON.parse((await schedule(['show', '--json'])).stdout);
    expect(isPolled).toBe(true);
    expect(last.map(({ nominal, day, state }: Record<string, string>) => [nominal, day, state])).toEqual([
      ['2026-03-01T00:30:00Z', '2026-02-28', 'failed'],
      ['2026-03-02T00:30:00Z', '2026-03-01', 'completed'],
      ['2026-03-03T00:30:00Z', '2026-03-02', 'completed'],
      ['2026-03-04T00:30:00Z', '2026-03-03', 'failed'],
    ]);
    const times = last.map(({ started }: { started: string }) => started);
    expect(times).toEqual([...times].sort());
    const shown = await schedule(['show']);
    expect(shown.stderr).toMatch(/2026-02-28: DayFailed: DataQualityError: .*minimum_events/);
    expect(shown.stderr).toMatch(/2026-03-03: DayFailed: NoRawData: Nothing landed for 2026-03-03/);
    expect(shown.stdout).toMatch(/2026-03-03T00:30:00Z +2026-03-02 +\S+Z +completed +http/);
  });

  it('takes the days of the late window that are missing or changed, and no day whose gate has failed for its data', async () => {
    await landObject(world.store, '2026-03-01', 'late');
    await landObject(world.store, '2026-03-03', 'a');
    await landObject(world.store, '2026-03-04', 'a');
    await catchUp('2026-03-05', '2026-03-05');
    const run = world.client.workflow.getHandle(`${world.config.schedule.id}-2026-03-05T00:30:00Z`);
    const { days } = (await run.result()) as BackfillResult;
    expect(days.map(({ day, state }) => `${day} ${state}`)).toEqual([
      '2026-03-01 published',
      '2026-03-03 published',
      '2026-03-04 published',
    ]);
    expect(await listRuns(`WorkflowId = '${dayWorkflowId('2026-02-28' as Day)}'`)).toHaveLength(1);
    const { config, store, client } = world;
    const due = (source: 'landed' | 'synthetic') => {
      const deps = { config: { ...config, pipeline: { ...config.pipeline, source } }, store, client };
      return listDueDays(deps, { day: '2026-03-07' as Day });
    };
    expect(await due('landed')).toEqual([]);
    expect(await due('synthetic')).toEqual(['2026-03-05', '2026-03-06']);
  });

  it('is resumed with a note, and removed', async () => {
    expect((await schedule(['resume', '--by', 'bob'])).stderr).toContain('is active: resumed (bob, ');
    expect(await handle().describe()).toMatchObject({
      state: { paused: false, note: expect.stringContaining('bob') },
    });
    expect((await schedule(['remove'])).code).toBe(0);
    expect(await schedule(['show'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('There is no schedule'),
    });
  });
});
