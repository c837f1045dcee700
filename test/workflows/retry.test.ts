import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import type { DayResult } from '../../src/domain/pipeline.ts';
import { startDay } from '../../src/operations/start-runs.ts';
import { resolveEndpoints } from '../../src/stack/endpoints.ts';
import { createGate, type Gate } from '../support/gate.ts';
import { landDays } from '../support/synthetic.ts';
import { createWorld, type World } from '../support/world.ts';

let gate: Gate;
let world: World;

beforeAll(async () => {
  const { s3 } = await resolveEndpoints(loadConfig(process.env).config);
  gate = await createGate(s3.endpoint ?? '');
  world = await createWorld('retry', {
    QUESTLINE_S3_ENDPOINT: gate.url,
    QUESTLINE_S3_PATH_STYLE: 'true',
    QUESTLINE_S3_ACCESS_KEY_ID: s3.credentials?.accessKeyId ?? '',
    QUESTLINE_S3_SECRET_ACCESS_KEY: s3.credentials?.secretAccessKey ?? '',
  });
  await world.startWorker();
});
afterAll(async () => {
  gate.open();
  await world.close();
  await gate.close();
});

it('an activity that finds the store gone is tried again, and the day is published', async () => {
  const [day] = await landDays(world.store, world.config, 1);
  if (day === undefined) throw new Error('no day landed');
  gate.shut();
  const handle = await startDay(world.client, world.config, { day });
  let attempt = 0;
  let said = '';
  while (attempt < 3) {
    const { raw } = await handle.describe();
    const pending = raw.pendingActivities?.find(({ lastFailure }) => lastFailure);
    attempt = pending?.attempt ?? 0;
    said = pending?.lastFailure?.message ?? said;
    await sleep(100);
  }
  expect(said).toContain(`no S3 service answers at ${gate.url}`);
  expect((await handle.describe()).status.name).toBe('RUNNING');
  gate.open();
  const { published } = (await handle.result()) as DayResult;
  expect(published).toMatchObject({ outcome: 'committed', eventDays: expect.arrayContaining([day]) });
  const { events } = await handle.fetchHistory();
  const attempts = (events ?? []).map((event) => event.activityTaskStartedEventAttributes?.attempt ?? 0);
  expect(Math.max(...attempts)).toBeGreaterThanOrEqual(3);
});
