import { isCancellation, proxyLocalActivities } from '@temporalio/workflow';
import type { OrchestrationActivities } from '../activities/create-activities.ts';
import type { DayInput, DayResult } from '../domain/pipeline.ts';
import { acceptArrival } from './accept-arrival.ts';
import { markRun } from './attributes.ts';
import { buildAndPublish } from './build-and-publish.ts';
import { describeFailure, findReport, toWorkflowFailure, verdictOf } from './failures.ts';
import { Gatekeeper } from './gatekeeper.ts';
import { tellParent } from './held-days.ts';
import { checkDayInput } from './inputs.ts';
import { readingSettings } from './policies.ts';
import { Tracker } from './tracker.ts';

const { readSettings } = proxyLocalActivities<OrchestrationActivities>(readingSettings);

/**
 * One arrival day: accept it and, unless a backfill does that for all its days at once, build and publish what it changes. A
 * day on hold waits for the update `decide`, and then publishes itself. Fails with the gate's `DataQualityError`, `NoRawData` or
 * `UnreadableObject`; the tables then stay as they were.
 */
export async function dayWorkflow(input: DayInput): Promise<DayResult> {
  const { day, trigger = 'manual', publish = 'self', generate } = checkDayInput(input);
  const gatekeeper = new Gatekeeper(day);
  markRun({ day, trigger, verdict: 'running' });
  const tracker = new Tracker([day]);
  tracker.begin(day);
  let publisher = publish;
  try {
    const settings = await readSettings();
    const request = generate ?? settings.generate;
    const arrival = await acceptArrival(day, request, settings, gatekeeper, {
      onStage: (stage) => {
        markRun(tracker.isHeld(day) ? { stage, verdict: 'running' } : { stage });
        tracker.begin(day);
      },
      onReport: (details) => tracker.attach(details),
      onHold: async (held, { until }) => {
        markRun({ stage: 'gate', verdict: 'held' });
        tracker.hold(held, until);
        if (publisher === 'parent') await tellParent(held);
        publisher = 'self';
      },
    });
    tracker.accept(arrival);
    if (publisher === 'parent') {
      markRun({ stage: 'accepted', verdict: 'passed' });
      return { arrival, published: null };
    }
    markRun({ stage: 'publish' });
    const published = await buildAndPublish([arrival], settings, trigger, tracker);
    markRun({ stage: 'done', verdict: 'passed' });
    tracker.enter('done');
    return { arrival, published };
  } catch (error) {
    tracker.attach(findReport(error) ?? '');
    if (isCancellation(error)) tracker.cancel(day);
    else tracker.fail(day, describeFailure(error));
    markRun({ verdict: verdictOf(error) });
    throw toWorkflowFailure(error);
  }
}
