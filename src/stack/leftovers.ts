import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { isRunning, type StackState } from './stack-state.ts';

const execute = promisify(execFile);

/**
 * Ends what a stack that was killed left running: only processes that it wrote down and whose command line still names its
 * data folder or its worker. Returns their names.
 */
export async function endLeftovers(state: StackState, marks: readonly string[]): Promise<string[]> {
  const ended: string[] = [];
  for (const [name, { pid }] of Object.entries(state.children)) {
    if (!isRunning(pid)) continue;
    const line = await commandLine(pid);
    if (!marks.some((mark) => line.includes(mark))) continue;
    process.kill(pid, 'SIGTERM');
    for (let n = 0; n < 100 && isRunning(pid); n += 1) await sleep(50);
    if (isRunning(pid)) process.kill(pid, 'SIGKILL');
    ended.push(name);
  }
  return ended;
}

/** Whether a process of this id runs and is a Node. */
export async function isNode(pid: number): Promise<boolean> {
  return isRunning(pid) && (await commandLine(pid)).includes('node');
}

async function commandLine(pid: number): Promise<string> {
  try {
    return (await execute('ps', ['-o', 'command=', '-ww', '-p', String(pid)])).stdout;
  } catch {
    return '';
  }
}
