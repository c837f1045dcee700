import { continueAsNew, proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { OrchestrationActivities } from '../activities/create-activities.ts';
import { type Day, type DayRange, listDays, monthOf } from '../domain/day.ts';
import type { DayChoice } from '../domain/day-choice.ts';
import type { Pause } from '../domain/pace.ts';
import type { BackfillInput, BackfillResult, DayOutcome } from '../domain/pipeline.ts';
import { acceptDays } from './accept-days.ts';
import { markRun } from './attributes.ts';
import { buildAndPublish } from './build-and-publish.ts';
import { toWorkflowFailure, verdictOf } from './failures.ts';
import { checkBackfillInput } from './inputs.ts';
import { Pacemaker } from './pacemaker.ts';
import { readingCatalog, readingSettings } from './policies.ts';
import { Tracker } from './tracker.ts';

const { readSettings } = proxyLocalActivities<OrchestrationActivities>(readingSettings);
const { chooseDays } = proxyActivities<Pick<OrchestrationActivities, 'chooseDays'>>(readingCatalog);

/**
 * Accepts every day of a range, or those of it that were asked for, then builds and publishes all that passed in one commit; days of
 * several months are taken a month at a time, each continued as a new run. Completes when each day has passed, failed or is on
 * hold, and says which.
 */
export async function backfillWorkflow(input: BackfillInput): Promise<BackfillResult> {
  const range = checkBackfillInput(input);
  const { trigger = 'backfill', soFar = [] } = input;
  markRun({ trigger, stage: 'accept', verdict: 'running' });
  let window: Window;
  let snapshot: string | null = null;
  try {
    const settings = await readSettings();
    const chosen = input.chosen ?? (await listChosen(range, input.only));
    window = openWindow(chosen, soFar, { concurrency: settings.backfillConcurrency, ...input });
    const { days, tracker, pacemaker } = window;
    const generate = input.generate ?? settings.generate;
    const child = { trigger, ...(generate === null ? {} : { generate }) };
    const accepted = await acceptDays(days, child, pacemaker, settings, tracker);
    await pacemaker.untilResumed();
    if (accepted.length > 0) {
      markRun({ stage: 'publish' });
      const published = await buildAndPublish(accepted, settings, trigger, tracker);
      if (published.outcome !== 'moved') snapshot = published.snapshot;
    }
  } catch (error) {
    markRun({ verdict: verdictOf(error) });
    throw toWorkflowFailure(error);
  }
  const { tracker, pacemaker, later, chosen } = window;
  const outcomes = tracker.outcomes;
  if (later.size > 0) {
    const done = outcomes.filter(({ day }) => !later.has(day));
    return continueAsNew<typeof backfillWorkflow>({ ...input, ...pacemaker.current, chosen, soFar: done });
  }
  markRun({ stage: 'done', verdict: describeVerdict(outcomes) });
  tracker.enter('done');
  return { days: outcomes, snapshot };
}

/** What one run of a backfill takes of all its days: those of a month. */
interface Window {
  readonly chosen: readonly Day[];
  readonly days: readonly Day[];
  readonly later: ReadonlySet<Day>;
  readonly tracker: Tracker;
  readonly pacemaker: Pacemaker;
}

async function listChosen(range: DayRange, only: DayChoice = 'all'): Promise<readonly Day[]> {
  return only === 'all' ? listDays(range) : chooseDays({ ...range, only });
}

function openWindow(
  chosen: readonly Day[],
  soFar: readonly DayOutcome[],
  { concurrency, paused = null }: { readonly concurrency: number; readonly paused?: Pause | null },
): Window {
  const done = new Set(soFar.map(({ day }) => day));
  const open = chosen.filter((day) => !done.has(day));
  const [first] = open;
  const days = open.filter((day) => first !== undefined && monthOf(day) === monthOf(first));
  const tracker = new Tracker(chosen, soFar);
  const pacemaker = new Pacemaker({ concurrency, paused }, (pace) => tracker.keepPace(pace));
  return { chosen, days, later: new Set(open.slice(days.length)), tracker, pacemaker };
}

function describeVerdict(outcomes: readonly DayOutcome[]): string {
  if (outcomes.some(({ state }) => state === 'failed')) return 'partly failed';
  return outcomes.some(({ state }) => state === 'held') ? 'partly held' : 'passed';
}
