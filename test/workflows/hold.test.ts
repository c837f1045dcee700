import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Day } from '../../src/domain/day.ts';
import type { Decision, DecisionRequest, Hold } from '../../src/domain/decision.ts';
import {
  type BackfillResult,
  type DayResult,
  dayWorkflowId,
  messages,
  type Progress,
} from '../../src/domain/pipeline.ts';
import { startBackfill, startDay } from '../../src/operations/start-runs.ts';
import { readCurrent } from '../../src/storage/catalog.ts';
import { keys } from '../../src/storage/keys.ts';
import { readReport } from '../../src/storage/reports.ts';
import { startCommand } from '../support/command.ts';
import { runCommandLine } from '../support/command-line.ts';
import { failureOf } from '../support/failure.ts';
import { landObject, makeGoodDay } from '../support/good-day.ts';
import { createWorld, type World } from '../support/world.ts';

const settings = { QUESTLINE_QUALITY_REVENUE_OUTLIERS_ACTION: 'hold' };
let world: World;

beforeAll(async () => {
  world = await createWorld('hold', settings);
  await world.startWorker();
});
afterAll(() => world.close());

/** A day's file: enough good events, and one purchase of an amount. */
function linesOf(day: string, amount: number, tag = 'a'): Buffer {
  return makeGoodDay(day, tag, { event_type: 'purchase', properties: { amount } });
}

function land(day: string, amount: number, tag = 'a', to: World = world): Promise<void> {
  return landObject(to.store, day, tag, linesOf(day, amount, tag));
}

const handleOf = (day: string, of: World = world) => of.client.workflow.getHandle(dayWorkflowId(day as Day));
const start = (day: string, of: World = world) => startDay(of.client, of.config, { day: day as Day });
const holdOf = (day: string, of: World = world) => handleOf(day, of).query<Hold | null>(messages.hold);

async function untilHeld(
  day: string,
  accepts: (hold: Hold) => boolean = () => true,
  of = world,
): Promise<Hold> {
  for (let n = 0; n < 150; n += 1) {
    const hold = await holdOf(day, of).catch(() => null);
    if (hold !== null && accepts(hold)) return hold;
    await sleep(200);
  }
  throw new Error(`${day} was not held in time`);
}

async function decide(day: string, request: Partial<DecisionRequest>, of = world): Promise<Decision> {
  const { subject } = (await holdOf(day, of)) ?? { subject: 'none' };
  const whole = {
    verdict: 'approved',
    by: 'ann',
    why: 'a new bundle',
    subject,
    ...request,
  } as DecisionRequest;
  return handleOf(day, of).executeUpdate<Decision, [DecisionRequest]>(messages.decide, { args: [whole] });
}

const refusal = async (update: Promise<unknown>) => {
  const error: unknown = await update.then(
    () => null,
    (reason: unknown) => reason,
  );
  return String((error as { cause?: { message: string } } | null)?.cause?.message);
};

describe('a day whose failed checks hold it', () => {
  const day = '2031-05-01';

  it('waits, says so wherever one looks, and publishes nothing', async () => {
    const before = (await readCurrent(world.store)).etag;
    await land(day, 5000);
    const run = await runCommandLine(['run', day], world.env);
    expect([run.code, run.stdout]).toEqual([3, expect.stringMatching(/2031-05-01\s+held\s+123\s+123\s+0/)]);
    expect(run.stderr).toMatch(
      /revenue_outliers: 1 purchases above the limit \[above 1000\], at most 0 allowed/,
    );
    const hold = await untilHeld(day);
    expect(Date.parse(hold.until) - Date.now()).toBeGreaterThan(71 * 3_600_000);
    const status = await runCommandLine(['status', '--from', day, '--to', day, '--json'], world.env);
    expect(JSON.parse(status.stdout).days).toEqual([
      expect.objectContaining({
        state: 'held',
        stage: 'gate',
        report: hold.report,
        ledger: { lines: 123, accepted: 123, rejected: {}, superseded: 0 },
        message: expect.stringContaining('on hold until'),
      }),
    ]);
    const { currentDetails } = await handleOf(day).query<{ currentDetails: string }>(
      '__temporal_workflow_metadata',
    );
    expect(currentDetails).toMatch(/\| 2031-05-01 \| held \| 123 .*questline approve 2031-05-01/);
    expect(currentDetails).toContain('| ✗ | revenue_outliers above 1000 | 1 | ≤ 0 | error, hold |');
    expect((await readReport(world.store, hold.report))?.verdict).toBe('held');
    expect((await readCurrent(world.store)).etag).toBe(before);
  });

  it('takes no decision without a person, a reason or a verdict, nor about other data', async () => {
    expect(await refusal(decide(day, { by: ' ' }))).toBe('by is " "; expected text: who decides, and why.');
    expect(await refusal(decide(day, { why: '' }))).toBe('why is ""; expected text: who decides, and why.');
    expect(await refusal(decide(day, { verdict: 'maybe' as 'approved' }))).toMatch(
      /^verdict is "maybe"; expected/,
    );
    expect(await refusal(decide(day, { subject: 'other' }))).toMatch(/is on hold for other data/);
    expect(await holdOf(day)).not.toBeNull();
  });

  it('looks again when more has landed: the hold is for that, and an older view of it is refused', async () => {
    const old = await untilHeld(day);
    await land(day, 7000, 'b');
    await start(day);
    const hold = await untilHeld(day, ({ subject }) => subject !== old.subject);
    expect(hold.failed[0]).toContain('2 purchases above the limit');
    expect(await refusal(decide(day, { subject: old.subject }))).toMatch(/is on hold for other data/);
    await start(day);
    expect(await untilHeld(day)).toEqual(hold);
  });

  it('is published when it is approved, with the decision in its snapshot and report', async () => {
    const approved = await runCommandLine(
      ['approve', day, '--by', 'ann', '--why', 'a bundle | of 5,000', '--json'],
      world.env,
    );
    expect([approved.code, JSON.parse(approved.stdout)]).toEqual([
      0,
      { day, verdict: 'approved', by: 'ann', why: 'a bundle | of 5,000', at: expect.any(String) },
    ]);
    const { state } = await readCurrent(world.store);
    const entry = state?.arrivals.get(day as Day);
    expect(entry?.decision).toMatchObject({ verdict: 'approved', by: 'ann' });
    const report = await readReport(world.store, entry?.report ?? '');
    expect([report?.verdict, report?.record.decision]).toEqual(['approved', entry?.decision]);
    const shown = await runCommandLine(['report', day], world.env);
    expect(shown.stdout).toContain(`approved by ann at ${entry?.decision?.at}: a bundle | of 5,000`);
  });

  it('is not decided twice, and holds again by itself on an exact rerun only', async () => {
    const again = await runCommandLine(['approve', day, '--by', 'bob', '--why', 'me too'], world.env);
    expect([again.code, again.stderr]).toEqual([
      1,
      expect.stringMatching(
        /2031-05-01 is not on hold, so there is nothing to decide\. Its last run has ended: passed/,
      ),
    ]);
    const { etag } = await readCurrent(world.store);
    const { published } = (await (await start(day)).result()) as DayResult;
    expect(published?.outcome).toBe('unchanged');
    expect((await readCurrent(world.store)).etag).toBe(etag);
    await land(day, 9000, 'c');
    await start(day);
    expect((await untilHeld(day)).failed[0]).toContain('3 purchases');
    expect((await readCurrent(world.store)).etag).toBe(etag);
  });

  it('fails when it is rejected, with who and why, and at once when it is run again', async () => {
    const rejected = await runCommandLine(
      ['reject', day, '--by', 'bob', '--why', 'cents as dollars'],
      world.env,
    );
    expect(rejected.code).toBe(0);
    const { type, message } = await failureOf(handleOf(day).result());
    expect(type).toBe('DataQualityError');
    expect(message).toMatch(
      /^2031-05-01 was rejected by bob at .*: cents as dollars\. Its quality gate had said: revenue_/,
    );
    expect((await failureOf((await start(day)).result())).message).toContain('rejected by bob');
    const { state } = await readCurrent(world.store);
    expect(state?.arrivals.get(day as Day)?.decision).toMatchObject({ by: 'ann' });
  });
});

describe('a held day', () => {
  it('that was never run, or is not held, can’t be decided about', async () => {
    const never = await runCommandLine(['approve', '2031-06-30', '--by', 'a', '--why', 'b'], world.env);
    expect([never.code, never.stderr]).toEqual([1, expect.stringContaining('it was never run')]);
    const blank = await runCommandLine(['reject', '2031-06-30', '--by', ' ', '--why', 'b'], world.env);
    expect([blank.code, blank.stderr]).toEqual([2, expect.stringContaining('--by is empty')]);
    expect((await runCommandLine(['approve', '2031-06-30', '--by', 'a'], world.env)).code).toBe(2);
  });

  it('in a backfill is told, does not keep the others, and publishes itself when approved', async () => {
    const [first, second, third] = ['2031-05-11', '2031-05-12', '2031-05-13'] as const;
    await land(first, 10);
    await land(second, 3000);
    await land(third, 10);
    const backfill = await runCommandLine(
      ['backfill', '--from', '2031-05-11', '--to', '2031-05-13', '--json'],
      world.env,
    );
    expect(backfill.code).toBe(3);
    const { days } = JSON.parse(backfill.stdout) as BackfillResult;
    expect(days.map(({ state }) => state)).toEqual(['published', 'held', 'published']);
    expect(days[1]).toMatchObject({
      lines: 123,
      accepted: 123,
      failure: expect.stringContaining('questline approve'),
    });
    expect((await readCurrent(world.store)).state?.arrivals.has(second as Day)).toBe(false);

    const again = await startBackfill(world.client, world.config, {
      from: '2031-05-12' as Day,
      to: '2031-05-13' as Day,
    });
    const result = (await again.result()) as BackfillResult;
    expect(result.days.map(({ state }) => state)).toEqual(['held', 'published']);

    expect((await runCommandLine(['approve', second, '--by', 'ann', '--why', 'ok'], world.env)).code).toBe(0);
    const { published } = (await handleOf(second).result()) as DayResult;
    expect(published?.outcome).toBe('committed');
    expect((await readCurrent(world.store)).state?.arrivals.get(second as Day)?.decision?.by).toBe('ann');
  });

  it('whose checks fail as well as hold fails at once', async () => {
    const day = '2031-05-20';
    const thin = linesOf(day, 5000).toString().split('\n').slice(-4).join('\n');
    await world.store.write(keys.rawObject(day as Day, 'thin.ndjson'), Buffer.from(thin));
    const { type, message } = await failureOf((await start(day)).result());
    expect(type).toBe('DataQualityError');
    expect(message).toContain('minimum_events: 3 accepted events, at least 100 needed; revenue_outliers: 1');
  });
});

describe('a hold that nobody decides', () => {
  it('fails at its deadline, and is held anew by the next run', async () => {
    const hasty = await createWorld('hold-deadline', { ...settings, QUESTLINE_QUALITY_HOLD_HOURS: '0.001' });
    try {
      await hasty.startWorker();
      const day = '2031-07-01';
      await land(day, 5000, 'a', hasty);
      const handle = await start(day, hasty);
      const { type, message } = await failureOf(handle.result());
      expect(type).toBe('DataQualityError');
      expect(message).toMatch(/^2031-07-01 was on hold until .*, and nobody decided\. revenue_outliers: 1 /);
      const late = await runCommandLine(['approve', day, '--by', 'ann', '--why', 'late'], hasty.env);
      expect([late.code, late.stderr]).toEqual([1, expect.stringMatching(/not on hold.*nobody decided/s)]);
      await start(day, hasty);
      await untilHeld(day, () => true, hasty);
      expect((await readCurrent(hasty.store)).state).toBeNull();
      await failureOf(handleOf(day, hasty).result());
    } finally {
      await hasty.close();
    }
  });
});

describe('a worker that is killed while a day is held', () => {
  it('leaves it held, and the next one goes on', async () => {
    const lonely = await createWorld('hold-killed', settings);
    const folder = await mkdtemp(join(tmpdir(), 'questline-hold-'));
    const startWorker = async (name: string) => {
      const ready = join(folder, name);
      const worker = startCommand(['worker', '--ready-file', ready], {
        ...lonely.env,
        QUESTLINE_LOGGING_LEVEL: 'info',
      });
      await worker.until('worker is polling');
      return worker;
    };
    try {
      const day = '2031-08-01';
      await land(day, 5000, 'a', lonely);
      const first = await startWorker('first');
      await start(day, lonely);
      const hold = await untilHeld(day, () => true, lonely);
      first.child.kill('SIGKILL');
      await once(first.child, 'close').catch(() => {});
      expect((await handleOf(day, lonely).describe()).status.name).toBe('RUNNING');
      const second = await startWorker('second');
      expect(await untilHeld(day, () => true, lonely)).toEqual(hold);
      const progress = await handleOf(day, lonely).query<Progress>('progress');
      expect(progress.days[0]?.state).toBe('held');
      await decide(day, {}, lonely);
      const { published } = (await handleOf(day, lonely).result()) as DayResult;
      expect(published?.outcome).toBe('committed');
      second.child.kill('SIGTERM');
      await second.ended;
    } finally {
      await lonely.close();
      await rm(folder, { recursive: true, force: true });
    }
  });
});
