import { afterAll, beforeAll, expect, it } from 'vitest';
import { scenarioNames } from '../../src/generator/scenarios.ts';
import { readCurrent } from '../../src/storage/catalog.ts';
import type { CommandResult } from '../support/command.ts';
import { runCommandLine } from '../support/command-line.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;

beforeAll(async () => {
  world = await createWorld('scenarios', {
    QUESTLINE_QUALITY_MINIMUM_EVENTS_THRESHOLD: '1000',
    QUESTLINE_GENERATOR_PLAYERS: '1500',
  });
  await world.startWorker();
});
afterAll(() => world.close());

interface Failed {
  readonly name: string;
  readonly value: number;
  readonly threshold: number;
}

/** What each scenario's gate finds: the check that fails, and the range that its value is in. */
const expected: Readonly<Record<string, readonly [check: string, least: number, most: number]>> = {
  'too-few-events': ['minimum_events', 100, 999],
  'missing-session-end': ['required_types', 1, 1],
  'null-flood': ['null_share', 0.24, 0.26],
  'duplicate-storm': ['duplicates', 0.25, 0.27],
  'clock-skew': ['future_events', 0.19, 0.21],
  'currency-bug': ['revenue_outliers', 20, 500],
  'schema-drift': ['schema_drift', 0.35, 0.39],
};
const days = Object.fromEntries(
  scenarioNames.map((name, n) => [name, `2026-01-${String(n + 3).padStart(2, '0')}`]),
);

async function runScenario(name: string): Promise<CommandResult> {
  return runCommandLine(['run', days[name] ?? '', '--generate', '--scenario', name], world.env);
}

async function statusOf(
  day: string,
): Promise<{ state: string; message: string; checks: Record<string, number> }> {
  const { stdout } = await runCommandLine(['status', '--from', day, '--to', day, '--json'], world.env);
  return JSON.parse(stdout).days[0];
}

it.each(scenarioNames.filter((name) => name !== 'truncated-upload'))(
  '%s: exactly its own gate fails, with the value, in the run, status and exit code',
  async (name) => {
    const [check, least, most] = expected[name] ?? ['', 0, 0];
    const day = days[name] ?? '';
    const { code, stderr } = await runScenario(name);
    expect(code).toBe(1);
    expect(stderr).toContain(`DataQualityError: ${day} did not pass its quality gate. ${check}: `);
    const handle = world.client.workflow.getHandle(`questline-day-${day}`);
    const error: unknown = await handle.result().catch((reason: unknown) => reason);
    const { failed } = (error as { cause: { details: { failed: Failed[] }[] } }).cause.details[0] ?? {
      failed: [],
    };
    expect(failed.map((one) => one.name)).toEqual([check]);
    expect(failed[0]?.value).toBeGreaterThanOrEqual(least);
    expect(failed[0]?.value).toBeLessThanOrEqual(most);
    const status = await statusOf(day);
    expect(status).toMatchObject({ state: 'failed', checks: { failed: 1, warned: 0 } });
    expect(stderr).toContain(status.message);
  },
);

it('truncated-upload is not read at all', async () => {
  const { code, stderr } = await runScenario('truncated-upload');
  expect([code, stderr]).toEqual([
    1,
    expect.stringMatching(/UnreadableObject: raw\/dt=.*not a whole gzip archive/),
  ]);
  expect(await statusOf(days['truncated-upload'] ?? '')).toMatchObject({ state: 'failed', checks: null });
});

it('a day without a scenario passes them all, and nothing of the others was published', async () => {
  const { code } = await runCommandLine(['run', '2026-01-20', '--generate'], world.env);
  expect(code).toBe(0);
  expect(await statusOf('2026-01-20')).toMatchObject({
    state: 'published',
    checks: { failed: 0, warned: 0 },
  });
  const { state } = await readCurrent(world.store);
  expect([...(state?.arrivals.keys() ?? [])]).toEqual(['2026-01-20']);
});
