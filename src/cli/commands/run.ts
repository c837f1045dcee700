import type { WorkflowHandle } from '@temporalio/client';
import type { Config } from '../../config/schema.ts';
import type { Day } from '../../domain/day.ts';
import type { DayChoice } from '../../domain/day-choice.ts';
import { sum } from '../../domain/ledger.ts';
import {
  type BackfillInput,
  type BackfillResult,
  type DayInput,
  type DayOutcome,
  type DayResult,
  type GenerateRequest,
  type Progress,
} from '../../domain/pipeline.ts';
import { describeFailed } from '../../operations/describe-failed.ts';
import { startBackfill, startDay } from '../../operations/start-runs.ts';
import { linkToRun } from '../../stack/endpoints.ts';
import { followRun, type ReachedRun } from '../follow.ts';
import { rangeOf } from '../options.ts';
import { formatCount, printJson, printTable, say } from '../output.ts';
import { type Session, withSession } from '../session.ts';
import { CommandFailed, UsageError } from '../usage-error.ts';
import { forecast } from './backfill-forecast.ts';

interface FollowOptions {
  readonly wait: boolean;
  readonly json?: boolean;
  /** What the command did before the run, for its JSON. */
  readonly before?: Readonly<Record<string, unknown>>;
}

interface RunOptions extends FollowOptions {
  readonly generate?: boolean;
  readonly preset?: string;
  readonly scenario?: string;
}

/** Exit code of a run of which days wait for a person. */
const HELD = 3;

/** `questline run DAY`. */
export async function runDay(day: Day, options: RunOptions): Promise<void> {
  await withSession(async (session) => {
    const input: DayInput = { day, trigger: 'manual', ...generateFor(session.config, options) };
    await runAndReport(session, input, options);
  });
}

/** Runs one day, or joins its run, follows it until it ends or is on hold, and reports how it did. */
export async function runAndReport(session: Session, input: DayInput, options: FollowOptions): Promise<void> {
  const { day } = input;
  const handle = await startDay(await session.temporal(), session.config, input);
  const isHeld = ({ days }: Progress) => days[0]?.state === 'held';
  const followed = await follow(session, handle, { again: `run ${day}` }, options, isHeld);
  if (followed === null) return;
  if (followed.outcome === 'stopped')
    return report({ days: followed.progress.days, snapshot: null }, options);
  const { arrival, published } = followed.result as DayResult;
  const outcome: DayOutcome = {
    day,
    state: published === null ? 'accepted' : 'published',
    lines: arrival.lines,
    accepted: sum(arrival.accepted.map(({ rows }) => rows)),
    rejected: arrival.rejected,
  };
  const snapshot = published !== null && published.outcome !== 'moved' ? published.snapshot : null;
  report({ days: [outcome], snapshot }, options);
}

interface BackfillOptions extends RunOptions {
  readonly from?: Day;
  readonly to?: Day;
  readonly only: DayChoice;
  readonly concurrency?: number;
  readonly dryRun?: boolean;
}

/** `questline backfill --from --to`. */
export async function runBackfill(options: BackfillOptions): Promise<void> {
  if (options.from === undefined || options.to === undefined) {
    const missing = options.from === undefined ? '--from' : '--to';
    throw new UsageError(`${missing} is not given; expected a day, such as ${missing} 2026-01-31.`);
  }
  const { from, to } = rangeOf(options.from, options.to);
  await withSession(async (session) => {
    const concurrency = options.concurrency === undefined ? {} : { concurrency: options.concurrency };
    const { only } = options;
    const made = generateFor(session.config, options);
    if (options.dryRun === true) {
      const { backfillConcurrency, source } = session.config.pipeline;
      const generates = made.generate !== undefined || source === 'synthetic';
      const { concurrency: atOnce = backfillConcurrency } = options;
      const request = { from, to, only, generates, concurrency: atOnce };
      return forecast(session, request, options.json === true);
    }
    const input: BackfillInput = { from, to, only, ...concurrency, ...made };
    const handle = await startBackfill(await session.temporal(), session.config, input);
    const range = `--from ${from} --to ${to}`;
    const commands = { again: `backfill ${range}`, cancel: `backfill cancel ${range}` };
    const followed = await follow(session, handle, commands, options);
    if (followed?.outcome !== 'completed') return;
    const result = followed.result as BackfillResult;
    if (result.days.length === 0 && options.json !== true)
      return say(`Nothing to do: no day from ${from} to ${to} is ${only}.`);
    report(result, options);
    const failed = result.days.filter(({ state }) => state === 'failed');
    if (failed.length > 0) {
      const said = failed.map(({ day, failure }) => `${day}: ${failure}`).join('\n');
      throw new CommandFailed(`${failed.length} of ${result.days.length} days failed.\n${said}`);
    }
  });
}

function generateFor({ generator }: Config, options: RunOptions): { generate?: GenerateRequest } {
  const { generate = false, preset = generator.preset, scenario } = options;
  if (!generate) {
    if (options.preset === undefined && scenario === undefined) return {};
    throw new UsageError('--preset and --scenario say what is generated: give --generate too.');
  }
  const players = generator.players === null ? {} : { players: generator.players };
  const wrong = scenario === undefined ? {} : { scenario };
  return { generate: { preset, seed: generator.seed, ...players, ...wrong } };
}

async function follow(
  session: Session,
  handle: WorkflowHandle,
  { again, cancel }: { readonly again: string; readonly cancel?: string },
  { wait, json = false, before }: FollowOptions,
  stopsAt?: (progress: Progress) => boolean,
): Promise<ReachedRun<unknown> | null> {
  const { temporal } = await session.endpoints();
  const link = linkToRun(temporal, handle.workflowId);
  const howTo = [
    `  follow it: npx questline ${again}`,
    `  cancel it: ${cancel === undefined ? '' : `npx questline ${cancel}, or `}in Web UI`,
  ].join('\n');
  if (!wait) {
    if (json) printJson({ ...before, workflowId: handle.workflowId, link });
    else say(`Started ${handle.workflowId}${link === null ? '' : `: ${link}`}\n${howTo}`);
    return null;
  }
  say(`${handle.workflowId}${link === null ? '' : `: ${link}`}`);
  const followed = await followRun<unknown>(handle, stopsAt);
  if (followed.outcome === 'completed' || followed.outcome === 'stopped') return followed;
  if (followed.outcome === 'left') {
    say(`${handle.workflowId} goes on without this terminal.\n${howTo}`);
    process.exitCode = 130;
    return null;
  }
  throw new CommandFailed(describeFailed(followed.error));
}

function report(
  result: { readonly days: readonly DayOutcome[]; readonly snapshot: string | null },
  { json = false, before }: Pick<FollowOptions, 'json' | 'before'>,
): void {
  const held = result.days.filter(({ state }) => state === 'held');
  if (held.length > 0) process.exitCode = HELD;
  if (json) return printJson({ ...before, ...result });
  const count = (n: number | undefined) => (n === undefined ? '' : formatCount(n));
  printTable(
    [
      { head: 'day', value: ({ day }) => day },
      { head: 'state', value: ({ state }) => state },
      { head: 'lines', align: 'right', value: ({ lines }) => count(lines) },
      { head: 'accepted', align: 'right', value: ({ accepted }) => count(accepted) },
      { head: 'rejected', align: 'right', value: ({ rejected }) => count(rejected) },
      { head: 'seconds', align: 'right', value: ({ seconds }) => seconds?.toFixed(1) ?? '' },
    ],
    result.days,
  );
  for (const { day, failure } of held) say(`${day}: ${failure}. Look at it: npx questline report ${day}`);
  if (result.snapshot !== null) say(`snapshot ${result.snapshot}`);
}
