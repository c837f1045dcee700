import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { withLock } from '../../../infra/bootstrap/lock.mjs';
import { projectRoot } from '../../../src/config/load.ts';

let folder: string;
let lock: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'questline-lock-'));
  lock = join(folder, 'the.lock');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A process that takes the lock, notes its way in and out, and stays inside for a while. */
function contend(log: string, stayMs: number) {
  const script = `
    import { appendFileSync } from 'node:fs';
    import { withLock } from '${projectRoot}/infra/bootstrap/lock.mjs';
    await withLock('${lock}', async () => {
      appendFileSync('${log}', 'in\\n');
      await new Promise((resolve) => setTimeout(resolve, ${stayMs}));
      appendFileSync('${log}', 'out\\n');
    });`;
  return spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'inherit' });
}

it('lets one in at a time, whoever comes, also when the one before has died inside', async () => {
  const log = join(folder, 'log');
  const dead = contend(log, 60_000);
  while ((await readFile(log, 'utf8').catch(() => '')) === '') await sleep(10);
  dead.kill('SIGKILL');
  await once(dead, 'exit');
  await writeFile(log, '');
  const others = Array.from({ length: 8 }, () => contend(log, 20));
  await Promise.all(others.map((child) => once(child, 'exit')));
  expect((await readFile(log, 'utf8')).trim().split('\n')).toEqual(
    Array.from({ length: 8 }, () => ['in', 'out']).flat(),
  );
  await expect(stat(lock)).rejects.toThrow('ENOENT');
});

it('says once who it is waiting for', async () => {
  const waitedFor: number[] = [];
  const order: string[] = [];
  const first = withLock(lock, async () => {
    await sleep(400);
    order.push('first');
  });
  await sleep(50);
  await withLock(lock, async () => void order.push('second'), { onWait: (pid) => void waitedFor.push(pid) });
  await first;
  expect(order).toEqual(['first', 'second']);
  expect(waitedFor).toEqual([process.pid]);
});

it('is given back when the work fails', async () => {
  await expect(withLock(lock, async () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await withLock(lock, async () => 'free')).toBe('free');
});

it('waits for a holder on another machine that is alive, by its touch', async () => {
  await appendFile(lock, JSON.stringify({ pid: 2 ** 22 + 1, host: `not-${hostname()}`, at: 1 }));
  const waiting = withLock(lock, async () => 'in');
  expect(await Promise.race([waiting, sleep(500).then(() => 'waiting')])).toBe('waiting');
  await rm(lock);
  expect(await waiting).toBe('in');
});
