import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  CancellationScope,
  CancelledFailure,
  isCancellation,
  ParentClosePolicy,
  proxyActivities,
  startChild,
  WorkflowIdReusePolicy,
} from '@temporalio/workflow';
import type { OrchestrationActivities } from '../activities/create-activities.ts';
import type { AcceptedArrival } from '../domain/arrival.ts';
import type { Day } from '../domain/day.ts';
import {
  type DayInput,
  type DayResult,
  dayWorkflowId,
  type HeldNotice,
  type WorkflowSettings,
} from '../domain/pipeline.ts';
import type { dayWorkflow } from './day.ts';
import { describeFailure } from './failures.ts';
import { HeldDays } from './held-days.ts';
import type { Pacemaker } from './pacemaker.ts';
import { waitingForRun } from './policies.ts';
import type { Tracker } from './tracker.ts';

/**
 * Accepts each day as a child workflow with the day's own id, at the pace that is kept. A day that fails, or that is on hold and goes
 * on waiting by itself, is told to the tracker and does not stop the others. Returns the arrivals that passed, in calendar order.
 * When the run is cancelled no further day begins, those at work are cancelled, and it ends when they have ended.
 */
export async function acceptDays(
  days: readonly Day[],
  input: Omit<DayInput, 'day'>,
  pacemaker: Pacemaker,
  settings: WorkflowSettings,
  tracker: Tracker,
): Promise<AcceptedArrival[]> {
  const accepted: AcceptedArrival[] = [];
  const heldDays = new HeldDays();
  const takeDay = async (day: Day): Promise<void> => {
    tracker.begin(day);
    try {
      const result = await runDay({ ...input, day, publish: 'parent' }, settings, heldDays);
      if ('held' in result) return tracker.hold(result.held);
      accepted.push(result.arrival);
      tracker.accept(result.arrival);
    } catch (error) {
      if (isCancellation(error)) tracker.cancel(day);
      else tracker.fail(day, describeFailure(error));
    }
  };
  const atWork: Promise<void>[] = [];
  try {
    for (const day of days) atWork.push((await pacemaker.take(() => takeDay(day))).running);
  } finally {
    await Promise.all(atWork);
  }
  if (CancellationScope.current().consideredCancelled) throw new CancelledFailure('The run was cancelled.');
  return accepted.sort((a, b) => (a.day < b.day ? -1 : 1));
}

async function runDay(
  input: DayInput,
  settings: WorkflowSettings,
  heldDays: HeldDays,
): Promise<DayResult | { readonly held: HeldNotice }> {
  const { awaitRunningDay } = proxyActivities<Pick<OrchestrationActivities, 'awaitRunningDay'>>(
    waitingForRun(settings),
  );
  for (;;) {
    try {
      const child = await startChild<typeof dayWorkflow>('dayWorkflow', {
        workflowId: dayWorkflowId(input.day),
        workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
        parentClosePolicy: ParentClosePolicy.ABANDON,
        args: [input],
        staticSummary: `Arrival day ${input.day}`,
      });
      return await Promise.race([child.result(), heldDays.wait(input.day)]);
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      const { held } = await awaitRunningDay({ day: input.day });
      if (held !== null) return { held };
    }
  }
}
