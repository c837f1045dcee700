import { continueAsNew, proxyLocalActivities } from '@temporalio/workflow';
import type { OrchestrationActivities } from '../activities/create-activities.ts';
import { listDays, splitByMonth } from '../domain/day.ts';
import type { BackfillInput, BackfillResult, DayOutcome } from '../domain/pipeline.ts';
import { acceptDays } from './accept-days.ts';
import { markRun } from './attributes.ts';
import { buildAndPublish } from './build-and-publish.ts';
import { toWorkflowFailure, verdictOf } from './failures.ts';
import { checkBackfillInput } from './inputs.ts';
import { Pacemaker } from './pacemaker.ts';
import { readingSettings } from './policies.ts';
import { Tracker } from './tracker.ts';

const { readSettings } = proxyLocalActivities<OrchestrationActivities>(readingSettings);

/**
 * Accepts every day of a range, then builds and publishes all that passed in one commit; a range over several months is taken
 * a month at a time, each continued as a new run. Completes when each day has passed, failed or is on hold, and says which.
 */
export async function backfillWorkflow(input: BackfillInput): Promise<BackfillResult> {
  const range = checkBackfillInput(input);
  const { trigger = 'backfill', soFar = [] } = input;
  const [window, next] = splitByMonth(range);
  const days = window === undefined ? [] : listDays(window);
  markRun({ trigger, stage: 'accept', verdict: 'running' });
  const tracker = new Tracker(listDays(range), soFar);
  let snapshot: string | null = null;
  let pacemaker: Pacemaker;
  try {
    const settings = await readSettings();
    const generate = input.generate ?? settings.generate;
    const child = { trigger, ...(generate === null ? {} : { generate }) };
    const concurrency = input.concurrency ?? settings.backfillConcurrency;
    pacemaker = new Pacemaker({ concurrency, paused: input.paused ?? null }, (pace) =>
      tracker.keepPace(pace),
    );
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
  if (next !== undefined) {
    const done = tracker.outcomes.filter(({ day }) => day < next.from);
    const { concurrency, paused } = pacemaker.current;
    return continueAsNew<typeof backfillWorkflow>({
      ...input,
      from: next.from,
      concurrency,
      paused,
      soFar: done,
    });
  }
  const outcomes = tracker.outcomes;
  markRun({ stage: 'done', verdict: describeVerdict(outcomes) });
  tracker.enter('done');
  return { days: outcomes, snapshot };
}

function describeVerdict(outcomes: readonly DayOutcome[]): string {
  if (outcomes.some(({ state }) => state === 'failed')) return 'partly failed';
  return outcomes.some(({ state }) => state === 'held') ? 'partly held' : 'passed';
}
