import { type Client, WorkflowFailedError, WorkflowNotFoundError } from '@temporalio/client';
import type { Day } from '../domain/day.ts';
import type { Decision, DecisionRequest, Hold } from '../domain/decision.ts';
import { dayWorkflowId, messages } from '../domain/pipeline.ts';
import { askRun } from './ask-run.ts';
import { describeFailed } from './describe-failed.ts';
import { Refused } from './refused.ts';

/**
 * Approves or rejects a held day, for the data that `subject` names or whatever it holds for; a day that is not on hold, or holds for
 * other data, is `Refused`.
 */
export async function decideDay(
  client: Client,
  day: Day,
  { verdict, by, why, subject }: Omit<DecisionRequest, 'subject'> & { readonly subject?: string },
): Promise<Decision> {
  const hold = await findHold(client, day);
  const request: DecisionRequest = { verdict, by, why, subject: subject ?? hold.subject };
  return askRun<Decision>(client.workflow.getHandle(dayWorkflowId(day)), messages.decide, request);
}

/** The hold that a day's run is in; a day that is in none is refused with what became of it. */
async function findHold(client: Client, day: Day): Promise<Hold> {
  const handle = client.workflow.getHandle(dayWorkflowId(day));
  try {
    const { status } = await handle.describe();
    if (status.name !== 'RUNNING') {
      const ended = await handle.result().then(
        () => 'passed its quality gate',
        (error: unknown) => (error instanceof WorkflowFailedError ? describeFailed(error) : String(error)),
      );
      throw new Refused(
        `${day} is not on hold, so there is nothing to decide. Its last run has ended: ${ended}`,
      );
    }
    const hold = await handle.query<Hold | null>(messages.hold);
    if (hold === null)
      throw new Refused(`${day} is not on hold: its run is under way. Follow it: npx questline run ${day}`);
    return hold;
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    throw new Refused(`${day} is not on hold: it was never run. Run it: npx questline run ${day}`);
  }
}
