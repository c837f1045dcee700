import { type Client, isGrpcServiceError, ServiceError, type WorkflowHandle } from '@temporalio/client';
import type { Config } from '../../config/schema.ts';
import type { Day } from '../../domain/day.ts';
import { startBackfill, startDay } from '../../operations/start-runs.ts';
import { listDaysUnderWay } from '../../runs/days-under-way.ts';
import { readRun } from '../../runs/last-run.ts';
import { type Endpoints, linkToRun } from '../../stack/endpoints.ts';
import { listenForLandings, type Notifications } from '../../watch/notifications.ts';
import { SPARSE } from '../../watch/raw-view.ts';
import { Alarm, runWatch } from '../../watch/run-watch.ts';
import type { Runs } from '../../watch/runs.ts';
import type { TellEvent, WatchEvent } from '../../watch/watch-event.ts';
import { Watcher, type WatchSettings } from '../../watch/watcher.ts';
import { countOf, printLine, say } from '../output.ts';
import { type Session, withSession } from '../session.ts';

interface WatchOptions {
  /** Seconds. */
  readonly quiet?: number;
  /** Seconds. */
  readonly poll?: number;
  readonly from?: Day;
  readonly once?: boolean;
  readonly json?: boolean;
}

/** Temporal's client tries again by itself; longer than this nobody waits without being told. */
const ANSWER_MS = 5000;

/** `questline watch`: runs each day whose raw data is other than what is published, until SIGINT or SIGTERM, or once. */
export async function runWatchCommand(options: WatchOptions): Promise<void> {
  await withSession(async (session) => {
    const settings = readSettings(session.config, options);
    const tell = options.json === true ? tellJson : tellLine;
    const client = await session.temporal();
    const runs = connectRuns(client, session.config, await session.endpoints());
    const watcher = new Watcher(await session.store(), runs, settings, tell);
    if (options.once === true) await lookOnce(watcher);
    else await watchOn(session, watcher, settings, tell);
  });
}

function readSettings({ watch, pipeline }: Config, { quiet, poll, from }: WatchOptions): WatchSettings {
  return {
    quietMs: (quiet ?? watch.quietSeconds) * 1000,
    pollMs: (poll ?? watch.pollSeconds) * 1000,
    sweepMs: watch.sweepMinutes * 60_000,
    recentDays: watch.recentDays,
    from: from ?? null,
    concurrency: pipeline.backfillConcurrency,
  };
}

async function lookOnce(watcher: Watcher): Promise<void> {
  await watcher.pass(Date.now());
  const { pending } = watcher;
  if (pending.length > 0)
    say(
      `${countOf(pending.length, 'day')} to look at again, not quiet yet or waiting for room: ${pending.slice(0, 5).join(', ')}`,
    );
}

async function watchOn(
  session: Session,
  watcher: Watcher,
  { quietMs, pollMs, recentDays }: WatchSettings,
  tell: TellEvent,
): Promise<void> {
  const ending = new AbortController();
  const end = () => ending.abort();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end);
  const alarm = new Alarm();
  const { s3 } = await session.endpoints();
  say(
    `Watching s3://${s3.bucket}/raw/: a day is run when nothing has landed for it for ${quietMs / 1000} s. Ctrl-C ends the watch; runs go on.`,
  );
  const notifications = listen(session.config, s3, watcher, { pollMs, recentDays }, tell, alarm);
  try {
    await runWatch({ watcher, signal: ending.signal, tell, explainTemporal }, alarm);
  } finally {
    notifications.stop();
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.removeListener(signal, end);
  }
  say('The watch has ended. Started again, it goes on from what is in the bucket.');
}

/** Listens to notifications where there are any, and says how raw data is looked at. */
function listen(
  { watch }: Config,
  s3: Endpoints['s3'],
  watcher: Watcher,
  { pollMs, recentDays }: Pick<WatchSettings, 'pollMs' | 'recentDays'>,
  tell: TellEvent,
  alarm: Alarm,
): Notifications {
  const notice = (text: string) => tell({ event: 'notice', days: null, text, link: null });
  const polls = `polling the last ${countOf(recentDays, 'day')} every ${pollMs / 1000} s, all days every ${countOf(watch.sweepMinutes, 'minute')}`;
  if (!watch.notifications) {
    notice(polls);
    return { stop: () => {} };
  }
  return listenForLandings(s3, {
    onKey: (key) => {
      watcher.touch(key, Date.now());
      alarm.wake();
    },
    onChange: (on) => {
      notice(
        on
          ? `listening to notifications, polling ${SPARSE} times as rarely`
          : `notifications were cut off: ${polls}`,
      );
      watcher.setNotified(on);
      alarm.wake();
    },
    onSilence: () => notice(`the service keeps notifications back: ${polls}`),
    onNone: (reason) => notice(`no notifications (${reason}): ${polls}`),
  });
}

function connectRuns(client: Client, config: Config, { temporal }: Endpoints): Runs {
  const soon = <T>(ask: () => Promise<T>) => client.withDeadline(Date.now() + ANSWER_MS, ask);
  const toRun = ({ workflowId, ...handle }: WorkflowHandle & { readonly firstExecutionRunId?: string }) => ({
    workflowId,
    link: linkToRun(temporal, workflowId, handle.firstExecutionRunId),
  });
  return {
    startDay: (day) => soon(async () => toRun(await startDay(client, config, { day, trigger: 'landing' }))),
    startBackfill: ({ from, to }) =>
      soon(async () => toRun(await startBackfill(client, config, { from, to, trigger: 'landing' }))),
    read: (workflowId) => soon(() => readRun(client, workflowId)),
    listDaysUnderWay: () => soon(() => listDaysUnderWay(client)),
  };
}

/** Why Temporal did not answer; null for an error that is none of its. */
function explainTemporal(error: unknown): string | null {
  if (!(error instanceof ServiceError) && !isGrpcServiceError(error)) return null;
  const cause = error instanceof ServiceError ? (error.cause ?? error) : error;
  return cause.message.split('\n')[0] ?? '';
}

function tellLine({ days, text, link }: WatchEvent): void {
  const range = days === null ? '' : days.from === days.to ? days.from : `${days.from} to ${days.to}`;
  const parts = [now(), range.padEnd(10), text, link ?? ''].filter((part) => part.trim() !== '');
  printLine(parts.join('  '));
}

function tellJson({ event, days, text, link }: WatchEvent): void {
  const { from = null, to = null } = days ?? {};
  printLine(JSON.stringify({ time: now(), event, from, to, text, link }));
}

function now(): string {
  return `${new Date().toISOString().slice(0, 19)}Z`;
}
