import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { isRunning, type StackState } from './stack-state.ts';

const execute = promisify(execFile);
const CLOCK_MS = 2000;

/**
 * Ends what a stack that was killed left running: only processes that it wrote down and whose command line still names its
 * data folder or its worker. Returns their names.
 */
export async function endLeftovers(state: StackState, marks: readonly string[]): Promise<string[]> {
  const ended: string[] = [];
  for (const [name, { pid, startedAt }] of Object.entries(state.children)) {
    if (!(await isStill(pid, startedAt))) continue;
    const line = await describeProcess(pid, 'command');
    if (!marks.some((mark) => line.includes(mark))) continue;
    process.kill(pid, 'SIGTERM');
    for (let n = 0; n < 100 && isRunning(pid); n += 1) await sleep(50);
    if (isRunning(pid)) process.kill(pid, 'SIGKILL');
    ended.push(name);
  }
  return ended;
}

/** Whether the process that had this id at a time (ISO 8601) runs: one that was started later only has the same number. */
export async function isStill(pid: number, at: string): Promise<boolean> {
  if (!isRunning(pid)) return false;
  const shown = /^(?:(?:(\d+)-)?(\d+):)?(\d+):(\d+)$/.exec((await describeProcess(pid, 'etime')).trim());
  if (shown === null) return true;
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = shown.slice(1).map((part) => Number(part ?? 0));
  const age = ((days * 24 + hours) * 60 + minutes) * 60 + seconds;
  return Date.now() - age * 1000 <= Date.parse(at) + CLOCK_MS;
}

async function describeProcess(pid: number, column: 'command' | 'etime'): Promise<string> {
  try {
    return (await execute('ps', ['-o', `${column}=`, '-ww', '-p', String(pid)])).stdout;
  } catch {
    return '';
  }
}
