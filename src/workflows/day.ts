import { proxyLocalActivities } from '@temporalio/workflow';
import type { OrchestrationActivities } from '../activities/create-activities.ts';
import type { DayInput, DayResult } from '../domain/pipeline.ts';
import { acceptArrival } from './accept-arrival.ts';
import { markRun } from './attributes.ts';
import { buildAndPublish } from './build-and-publish.ts';
import { describeFailure, toWorkflowFailure } from './failures.ts';
import { checkDayInput } from './inputs.ts';
import { readingSettings } from './policies.ts';
import { Tracker } from './tracker.ts';

const { readSettings } = proxyLocalActivities<OrchestrationActivities>(readingSettings);

/**
 * One arrival day: accept it and, unless a backfill does that for all its days at once, build and publish what it changes.
 * Fails with the gate's `DataQualityError`, `NoRawData` or `UnreadableObject`; the tables then stay as they were.
 */
export async function dayWorkflow(input: DayInput): Promise<DayResult> {
  const { day, trigger = 'manual', publish = 'self', generate } = checkDayInput(input);
  markRun({ day, trigger, verdict: 'running' });
  const tracker = new Tracker([day]);
  tracker.begin(day);
  try {
    const settings = await readSettings();
    const request = generate ?? settings.generate;
    const arrival = await acceptArrival(day, request, settings, (stage) => markRun({ stage }));
    tracker.accept(arrival);
    if (publish === 'parent') {
      markRun({ stage: 'accepted', verdict: 'passed' });
      return { arrival, published: null };
    }
    markRun({ stage: 'publish' });
    const published = await buildAndPublish([arrival], settings, trigger, tracker);
    markRun({ stage: 'done', verdict: 'passed' });
    tracker.enter('done');
    return { arrival, published };
  } catch (error) {
    tracker.fail(day, describeFailure(error));
    markRun({ verdict: 'failed' });
    throw toWorkflowFailure(error);
  }
}
