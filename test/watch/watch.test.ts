import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { addDays, type Day } from '../../src/domain/day.ts';
import { dayWorkflowId } from '../../src/domain/pipeline.ts';
import { readCurrent } from '../../src/storage/catalog.ts';
import { keys } from '../../src/storage/keys.ts';
import { type RunningCommand, startCommand } from '../support/command.ts';
import { runCommandLine } from '../support/command-line.ts';
import { makeEvent, toLines } from '../support/events.ts';
import { createGate } from '../support/gate.ts';
import { landObject, makeGoodDay } from '../support/good-day.ts';
import { limitedTo } from '../support/limited-credentials.ts';
import { itSlowly } from '../support/slow.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;
let watch: RunningCommand | null = null;

beforeAll(async () => {
  world = await createWorld('watch', { QUESTLINE_QUALITY_REVENUE_OUTLIERS_ACTION: 'hold' });
  await world.startWorker();
});
afterEach(async () => {
  if (watch === null) return;
  watch.child.kill('SIGINT');
  expect(await watch.ended).toMatchObject({
    code: 0,
    stderr: expect.stringContaining('The watch has ended'),
  });
  watch = null;
});
afterAll(() => world.close());

async function startWatch(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<RunningCommand> {
  watch = startCommand(['watch', '--quiet', '1', ...args], { ...world.env, ...env });
  await watch.until(/Z {2}(?:poll|listening|no notif|the service)/);
  return watch;
}

const saidBy = ({ output }: RunningCommand, what: string) =>
  output.text.split('\n').filter((line) => line.includes(what));
const inputsOf = async (day: string) =>
  (await readCurrent(world.store)).state?.arrivals
    .get(day as Day)
    ?.inputs.map(({ key }) => key.split('/').at(-1));

describe('a watch', () => {
  itSlowly('hears of objects from MinIO, and runs their day when nothing more lands for it', async () => {
    const running = await startWatch(['--poll', '600']);
    const day = '2033-05-01';
    for (let n = 0; n < 8; n += 1) await landObject(world.store, day, `part-${n}`);
    const landedAt = Date.now();
    await running.until(`${day}  run started: 8 new objects  http`);
    expect(Date.now() - landedAt).toBeGreaterThan(800);
    expect(Date.now() - landedAt).toBeLessThan(2500);
    await running.until(new RegExp(`${day}  published: 976 lines, 0 rejected, after [0-9.]+ s`));
    const { searchAttributes } = await world.client.workflow.getHandle(dayWorkflowId(day as Day)).describe();
    expect(searchAttributes['QuestlineTrigger']).toEqual(['landing']);
  });

  itSlowly(
    'polls where it may not listen, and runs a published day again for what is new, replaced or gone',
    async () => {
      const rights = ['s3:ListBucket', 's3:GetObject'];
      const limited = await limitedTo('test-watch', world.endpoints.s3, rights);
      const running = await startWatch(['--poll', '1'], limited);
      expect(running.output.text).toMatch(
        /no notifications \(Access Denied\.\): polling the last 14 days every 1 s/,
      );
      const day = '2033-05-02';
      for (const name of ['a', 'b', 'c']) {
        await landObject(world.store, day, name);
        await sleep(700);
      }
      await running.until(`${day}  run started: 3 new objects`);
      await running.until(`${day}  published: 366 lines`);
      await landObject(world.store, day, 'd');
      await landObject(world.store, day, 'a', toLines([makeEvent({ timestamp: `${day}T10:00:00Z` })]));
      await world.store.remove(keys.rawObject(day as Day, 'b.ndjson'));
      await running.until(`${day}  run started: 1 new, 1 replaced, 1 removed objects`);
      await running.until(`${day}  published: 245 lines`);
      expect(await inputsOf(day)).toEqual(['a.ndjson', 'c.ndjson', 'd.ndjson']);
      expect(saidBy(running, 'run started')).toHaveLength(2);
    },
  );

  itSlowly(
    'leaves a day alone whose gate has failed for these very objects, until another lands',
    async () => {
      const running = await startWatch(['--poll', '1']);
      const day = '2033-05-05';
      await landObject(world.store, day, 'thin', toLines([makeEvent({ timestamp: `${day}T10:00:00Z` })]));
      await running.until(
        new RegExp(`${day}  failed after .*DataQualityError.*minimum_events.*questline report ${day}`),
      );
      await sleep(3000);
      expect(saidBy(running, day)).toHaveLength(2);
      const again = await runCommandLine(['watch', '--once', '--quiet', '1', '--json'], world.env);
      expect(again.code).toBe(0);
      expect(
        again.stdout
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line)),
      ).toEqual([
        expect.objectContaining({ event: 'left', from: day, text: expect.stringContaining('not run again') }),
      ]);
      await landObject(world.store, day, 'rest');
      await running.until(`${day}  run started: 2 new objects`);
      await running.until(`${day}  published: 123 lines`);
    },
  );

  itSlowly('lets a day on hold look again, and publishes player profiles that have landed', async () => {
    const day = '2033-05-09';
    const purchase = makeEvent({
      event_type: 'purchase',
      timestamp: `${day}T10:00:00Z`,
      properties: { amount: 5000 },
    });
    await landObject(world.store, day, 'dear', Buffer.concat([makeGoodDay(day), toLines([purchase])]));
    const running = await startWatch(['--poll', '1']);
    await running.until(`${day}  on hold: a person decides (npx questline report ${day})`);
    await landObject(world.store, day, 'more');
    await running.until(`${day}  its run looks again: 2 new objects`);
    await expect
      .poll(
        async () => (await runCommandLine(['approve', day, '--by', 'ann', '--why', 'so'], world.env)).code,
        { timeout: 30_000, interval: 500 },
      )
      .toBe(0);
    await running.until(`${day}  published: 245 lines`);
    const profile = { player_id: 'p-1', country: 'DE', platform: 'ios', acquisition_source: 'organic' };
    await world.store.write(`${keys.profiles}one.ndjson`, toLines([profile]));
    await running.until(`${day}  run started, to publish player profiles: 1 new object`);
    await running.until(new RegExp(`profiles.*\n.*${day}  published: 245 lines`));
    await sleep(2500);
    expect(saidBy(running, 'profiles')).toHaveLength(1);
    const { state } = await readCurrent(world.store);
    expect(state?.snapshot.profiles.map(({ key }) => key)).toEqual([`${keys.profiles}one.ndjson`]);
  });

  it('looks once, takes what has been quiet, gives a backlog to a backfill, and ends', async () => {
    const days = Array.from({ length: 5 }, (_, n) => addDays('2033-06-01' as Day, n));
    await Promise.all([...days, '2033-06-10'].map((day) => landObject(world.store, day, 'a')));
    const early = await runCommandLine(['watch', '--once', '--quiet', '600'], world.env);
    expect(early).toMatchObject({ code: 0, stdout: '' });
    expect(early.stderr).toContain(
      '6 days to look at again, not quiet yet or waiting for room: 2033-06-01, ',
    );
    await sleep(1500);
    const from = await runCommandLine(['watch', '--once', '--quiet', '1', '--from', '2034-01-01'], world.env);
    expect(from).toMatchObject({ code: 0, stdout: '', stderr: '' });
    const once = await runCommandLine(['watch', '--once', '--quiet', '1'], world.env);
    expect(once.stdout).toMatch(/2033-06-01 to 2033-06-05 {2}backfill of 5 days started: 5 new objects/);
    expect(once.stdout).toMatch(/2033-06-10 {2}run started: 1 new object /);
    const twice = await runCommandLine(['watch', '--once', '--quiet', '1'], world.env);
    expect(twice.stdout).not.toContain('started');
    await world.client.workflow.getHandle('questline-backfill-2033-06-01-2033-06-05').result();
    await world.client.workflow.getHandle(dayWorkflowId('2033-06-10' as Day)).result();
    expect(await inputsOf('2033-06-04')).toEqual(['a.ndjson']);
  });

  itSlowly('goes through Temporal and S3 being away, saying so once, and has missed nothing', async () => {
    const temporal = await createGate(`http://${world.endpoints.temporal.address}`);
    const s3 = await createGate(world.endpoints.s3.endpoint ?? '');
    const running = await startWatch(['--poll', '1'], {
      ...(await limitedTo('test-watch', world.endpoints.s3)),
      QUESTLINE_TEMPORAL_ADDRESS: new URL(temporal.url).host,
      QUESTLINE_S3_ENDPOINT: s3.url,
    });
    await sleep(1500);
    s3.shut();
    await running.until('S3 does not answer, trying again');
    await landObject(world.store, '2033-07-01', 'a');
    temporal.shut();
    s3.open();
    await running.until('Temporal does not answer, trying again');
    temporal.open();
    await running.until('2033-07-01  run started: 1 new object');
    await running.until('Temporal answers again');
    await running.until('2033-07-01  published: 122 lines');
    expect(saidBy(running, 'does not answer')).toHaveLength(2);
    await Promise.all([temporal.close(), s3.close()]);
  });
});
