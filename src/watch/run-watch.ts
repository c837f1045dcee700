import { StorageError } from '../storage/object-store.ts';
import type { TellEvent } from './watch-event.ts';
import type { Watcher } from './watcher.ts';

/** What the watch's loop works with. */
export interface WatchLoop {
  readonly watcher: Watcher;
  /** Ends the loop. */
  readonly signal: AbortSignal;
  readonly tell: TellEvent;
  /** Why Temporal did not answer; null for an error that is none of its. */
  explainTemporal(error: unknown): string | null;
}

const FIRST_RETRY_MS = 1000;
const LAST_RETRY_MS = 30_000;

/** Lets a loop sleep until a time, or until it is woken. */
export class Alarm {
  private ring: () => void = () => {};

  /** Ends the sleep that is under way. */
  wake(): void {
    this.ring();
  }

  /** Sleeps for so many milliseconds at most. */
  async sleep(ms: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.ring = resolve;
    const end = () => resolve();
    const timer = setTimeout(end, Math.max(0, ms));
    signal.addEventListener('abort', end, { once: true });
    await promise;
    clearTimeout(timer);
    signal.removeEventListener('abort', end);
  }
}

/**
 * Passes until the signal. When Temporal or S3 does not answer it says so once, tries again ever more rarely, and says when all
 * is well again; at the first pass that is an error.
 */
export async function runWatch(
  { watcher, signal, tell, explainTemporal }: WatchLoop,
  alarm: Alarm,
): Promise<void> {
  let isFirst = true;
  let [away, failures]: [string | null, number] = [null, 0];
  const notice = (text: string) => tell({ event: 'notice', days: null, text, link: null });
  while (!signal.aborted) {
    try {
      await untilAborted(watcher.pass(Date.now()), signal);
      if (away !== null) notice(`${away} answers again`);
      [away, failures, isFirst] = [null, 0, false];
      await alarm.sleep(watcher.nextAt(Date.now()) - Date.now(), signal);
    } catch (error) {
      const reason = error instanceof StorageError ? error.message : explainTemporal(error);
      if (isFirst || reason === null) throw error;
      const service = error instanceof StorageError ? 'S3' : 'Temporal';
      if (away !== service) notice(`${service} does not answer, trying again: ${reason}`);
      away = service;
      await new Alarm().sleep(Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** failures), signal);
      failures += 1;
    }
  }
}

/** Waits for work, or for the signal only. */
async function untilAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const stop = () => resolve();
  signal.addEventListener('abort', stop, { once: true });
  try {
    await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
