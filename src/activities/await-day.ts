import { Context } from '@temporalio/activity';
import { WorkflowFailedError, WorkflowNotFoundError } from '@temporalio/client';
import type { Day } from '../domain/day.ts';
import { dayWorkflowId } from '../domain/pipeline.ts';
import type { Dependencies } from './dependencies.ts';

/** Waits until no run of the day is under way, however it ends. */
export async function awaitDayRun(deps: Dependencies, { day }: { readonly day: Day }): Promise<void> {
  const { cancelled } = Context.current();
  try {
    await Promise.race([deps.client.workflow.getHandle(dayWorkflowId(day)).result(), cancelled]);
  } catch (error) {
    if (error instanceof WorkflowFailedError || error instanceof WorkflowNotFoundError) return;
    throw error;
  }
}
