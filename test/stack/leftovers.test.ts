import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { endLeftovers, isStill } from '../../src/stack/leftovers.ts';

const now = () => new Date().toISOString();
const longAgo = '2026-01-01T00:00:00.000Z';

function sleeper(mark: string) {
  return spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)', mark], { stdio: 'ignore' });
}

it('a process that was started after a time is not the one that had its id then', async () => {
  expect(await isStill(process.pid, now())).toBe(true);
  expect(await isStill(process.pid, longAgo)).toBe(false);
  expect(await isStill(2 ** 22 + 1, now())).toBe(false);
});

it('ends what a stack left running, and neither a stranger nor a process that only has the same id', async () => {
  const [left, stranger, later] = [sleeper('/data/one'), sleeper('/data/two'), sleeper('/data/one')];
  const pidOf = ({ pid = 0 }) => pid;
  const state = {
    pid: 1,
    active: true,
    startedAt: longAgo,
    ports: {},
    children: {
      left: { pid: pidOf(left), startedAt: now() },
      stranger: { pid: pidOf(stranger), startedAt: now() },
      later: { pid: pidOf(later), startedAt: longAgo },
    },
  };
  try {
    expect(await endLeftovers(state, ['/data/one'])).toEqual(['left']);
    if (left.exitCode === null && left.signalCode === null) await once(left, 'exit');
    expect([stranger.exitCode, stranger.signalCode, later.exitCode, later.signalCode]).toEqual([
      null,
      null,
      null,
      null,
    ]);
  } finally {
    for (const child of [left, stranger, later]) child.kill('SIGKILL');
  }
});
