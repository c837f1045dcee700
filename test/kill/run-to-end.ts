import { setTimeout as sleep } from 'node:timers/promises';
import { WorkflowFailedError, type WorkflowHandle } from '@temporalio/client';

const AGAIN_MS = 300;

/** Starts a run, or joins it, as often as Temporal goes away, until it has ended; a run that fails is an error. */
export async function runToEnd<T>(start: () => Promise<WorkflowHandle>, deadlineMs: number): Promise<T> {
  const until = Date.now() + deadlineMs;
  for (;;) {
    const left = until - Date.now();
    try {
      const handle = await start();
      return (await Promise.race([handle.result(), expire(left)])) as T;
    } catch (error) {
      if (error instanceof WorkflowFailedError || left <= 0 || error instanceof LateError) throw error;
      await sleep(AGAIN_MS);
    }
  }
}

class LateError extends Error {
  override readonly name = 'LateError';
}

async function expire(ms: number): Promise<never> {
  await sleep(Math.max(0, ms), undefined, { ref: false });
  throw new LateError('The run did not end in time.');
}
