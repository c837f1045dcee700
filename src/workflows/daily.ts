import { defineSearchAttributeKey } from '@temporalio/common';
import { proxyActivities, proxyLocalActivities, workflowInfo } from '@temporalio/workflow';
import type { OrchestrationActivities } from '../activities/create-activities.ts';
import { addDays, dayOf } from '../domain/day.ts';
import type { BackfillResult } from '../domain/pipeline.ts';
import { acceptDays } from './accept-days.ts';
import { markRun } from './attributes.ts';
import { buildAndPublish } from './build-and-publish.ts';
import { terminalFailure, toWorkflowFailure, verdictOf } from './failures.ts';
import { Pacemaker } from './pacemaker.ts';
import { readingCatalog, readingSettings } from './policies.ts';
import { Tracker } from './tracker.ts';

const { readSettings } = proxyLocalActivities<OrchestrationActivities>(readingSettings);
const { listDueDays } = proxyActivities<Pick<OrchestrationActivities, 'listDueDays'>>(readingCatalog);
const scheduledStart = defineSearchAttributeKey('TemporalScheduledStartTime', 'DATETIME');

/** Input of `dailyWorkflow`: which day it runs, counted from the one that it was scheduled for. */
export interface DailyInput {
  readonly dayOffset: number;
}

/**
 * The scheduled run: the day that follows from the schedule's nominal time, never from the clock, and of the days before it
 * within the late window those whose raw data is new or changed. Fails if the nominal day fails.
 */
export async function dailyWorkflow({ dayOffset }: DailyInput): Promise<BackfillResult> {
  const nominal = workflowInfo().typedSearchAttributes.get(scheduledStart);
  if (nominal === undefined) {
    const message =
      'dailyWorkflow is started by the schedule, which gives it its day. To run one day, start dayWorkflow.';
    throw terminalFailure('InvalidRequest', message);
  }
  const day = addDays(dayOf(nominal), dayOffset);
  markRun({ day, trigger: 'schedule', stage: 'accept', verdict: 'running' });
  try {
    const settings = await readSettings();
    const days = [...(await listDueDays({ day })), day];
    const tracker = new Tracker(days);
    const child = {
      trigger: 'schedule' as const,
      ...(settings.generate === null ? {} : { generate: settings.generate }),
    };
    const pace = { concurrency: settings.backfillConcurrency, paused: null };
    const pacemaker = new Pacemaker(pace, (changed) => tracker.keepPace(changed));
    const accepted = await acceptDays(days, child, pacemaker, settings, tracker);
    await pacemaker.untilResumed();
    const published =
      accepted.length === 0 ? null : await buildAndPublish(accepted, settings, 'schedule', tracker);
    const own = tracker.outcomes.find((outcome) => outcome.day === day);
    if (own?.state === 'failed') throw terminalFailure('DayFailed', own.failure ?? `${day} failed.`);
    markRun({ stage: 'done', verdict: own?.state === 'held' ? 'held' : 'passed' });
    tracker.enter('done');
    return {
      days: tracker.outcomes,
      snapshot: published?.outcome === 'moved' ? null : (published?.snapshot ?? null),
    };
  } catch (error) {
    markRun({ verdict: verdictOf(error) });
    throw toWorkflowFailure(error);
  }
}
