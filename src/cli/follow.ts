import { setTimeout as sleep } from 'node:timers/promises';
import { WorkflowFailedError, type WorkflowHandle } from '@temporalio/client';
import { createLogUpdate } from 'log-update';
import { describeSeconds } from '../domain/duration.ts';
import type { DayOutcome, Progress } from '../domain/pipeline.ts';
import { formatCount, say } from './output.ts';

/** How a followed run got as far as it was followed for: to its end, or to where the following stops. */
export type ReachedRun<T> =
  | { readonly outcome: 'completed'; readonly result: T }
  | { readonly outcome: 'stopped'; readonly progress: Progress };

/** How a followed run ended. */
export type FollowResult<T> =
  | ReachedRun<T>
  | { readonly outcome: 'failed'; readonly error: WorkflowFailedError }
  | { readonly outcome: 'left' };

const EVERY_MS = 400;

/**
 * Follows a run until it ends, or `stopsAt` its progress, with a live display on a terminal and a line a change elsewhere.
 * Ctrl-C leaves it running and ends the following only.
 */
export async function followRun<T>(
  handle: WorkflowHandle,
  stopsAt: (progress: Progress) => boolean = () => false,
): Promise<FollowResult<T>> {
  const left = Promise.withResolvers<{ outcome: 'left' }>();
  const leave = () => left.resolve({ outcome: 'left' });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, leave);
  const ended = handle.result().then(
    (result) => ({ outcome: 'completed' as const, result: result as T }),
    (error: unknown) => {
      if (error instanceof WorkflowFailedError) return { outcome: 'failed' as const, error };
      throw error;
    },
  );
  const display = process.stderr.isTTY ? liveDisplay() : lineDisplay();
  const stop = new AbortController();
  const stopped = Promise.withResolvers<{ outcome: 'stopped'; progress: Progress }>();
  const showing = show(handle, display, stop.signal, (progress) => {
    if (stopsAt(progress)) stopped.resolve({ outcome: 'stopped', progress });
  });
  try {
    return await Promise.race([ended, left.promise, stopped.promise]);
  } finally {
    stop.abort();
    await showing;
    display.end();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.removeListener(signal, leave);
  }
}

interface Display {
  draw(progress: Progress | null, seconds: number): void;
  end(): void;
}

async function show(
  handle: WorkflowHandle,
  display: Display,
  signal: AbortSignal,
  onProgress: (progress: Progress) => void,
): Promise<void> {
  const began = Date.now();
  while (!signal.aborted) {
    const progress = await handle.query<Progress>('progress').catch(() => null);
    if (!signal.aborted) display.draw(progress, (Date.now() - began) / 1000);
    if (progress !== null) onProgress(progress);
    await sleep(EVERY_MS, undefined, { signal }).catch(() => {});
  }
}

const BAR_WIDTH = 30;

function liveDisplay(): Display {
  const log = createLogUpdate(process.stderr);
  let last: Progress | null = null;
  return {
    draw(progress, seconds) {
      last = progress ?? last;
      log(
        last === null
          ? `  waiting for a worker (${seconds.toFixed(0)} s)`
          : describe(last, seconds, progress === null),
      );
    },
    end: () => log.clear(),
  };
}

function describe(progress: Progress, seconds: number, silent: boolean): string {
  const { days, stage, eventDays, pace, secondsLeft } = progress;
  const over = days.filter(({ state }) => state !== 'waiting' && state !== 'accepting').length;
  const filled = Math.round((BAR_WIDTH * over) / Math.max(1, days.length));
  const bar = '█'.repeat(filled) + '░'.repeat(BAR_WIDTH - filled);
  const failed = days.filter(({ state }) => state === 'failed').length;
  const lines = days.reduce((total, day) => total + (day.lines ?? 0), 0);
  const busy = days.filter(({ state }) => state === 'accepting').map(({ day }) => day);
  const build = eventDays.planned === 0 ? '' : ` · event days built ${eventDays.built}/${eventDays.planned}`;
  const left = secondsLeft === null ? '' : `, about ${describeSeconds(secondsLeft)} left`;
  const paused = pace?.paused ?? null;
  return [
    `  ${bar} ${over}/${days.length} days${failed === 0 ? '' : `, ${failed} failed`}${build} · ${stage} · ${seconds.toFixed(0)} s${left}`,
    `  ${formatCount(lines)} lines read${busy.length === 0 ? '' : ` · at work: ${busy.slice(0, 8).join(' ')}`}`,
    ...(paused === null ? [] : [`  paused by ${paused.by} at ${paused.at}: ${paused.why}`]),
    ...(silent ? ['  (no worker answers at the moment; the run goes on when one does)'] : []),
  ].join('\n');
}

function lineDisplay(): Display {
  const seen = new Map<string, string>();
  let stage = '';
  return {
    draw(progress) {
      if (progress === null) return;
      for (const day of progress.days) {
        if (seen.get(day.day) === day.state || day.state === 'waiting' || day.state === 'accepting') continue;
        seen.set(day.day, day.state);
        if (day.state !== 'published') say(`  ${describeDay(day)}`);
      }
      if (progress.stage !== stage) say(`  ${progress.stage}`);
      stage = progress.stage;
    },
    end: () => {},
  };
}

function describeDay({ day, state, lines, rejected, failure }: DayOutcome): string {
  if (state === 'failed' || state === 'held') return `${day} ${state}: ${failure ?? ''}`;
  return `${day} ${state}: ${formatCount(lines ?? 0)} lines, ${formatCount(rejected ?? 0)} rejected`;
}
