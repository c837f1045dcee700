import { type Client, WorkflowFailedError, WorkflowNotFoundError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { Day } from '../domain/day.ts';
import type { Judged } from '../domain/decision.ts';
import { dayWorkflowId, searchAttributes } from '../domain/pipeline.ts';

/** How a run stands that Temporal remembers. */
export type RunState =
  | { readonly state: 'running'; readonly held: boolean }
  | { readonly state: 'completed'; readonly seconds: number; readonly result: unknown }
  | {
      readonly state: 'failed';
      readonly seconds: number;
      /** Type and message, or how else it ended. */
      readonly failure: string;
      /** What its gate's verdict was about; null when it failed for another reason. */
      readonly judged: Judged | null;
      /** Key of its quality report; null when it did not get as far as its checks, or passed them. */
      readonly report: string | null;
    };

/** How the last run of a day stands; null when Temporal remembers none. */
export function readLastRun(client: Client, day: Day): Promise<RunState | null> {
  return readRun(client, dayWorkflowId(day));
}

/** How the last run with the id stands; null when Temporal remembers none. */
export async function readRun(client: Client, workflowId: string): Promise<RunState | null> {
  const handle = client.workflow.getHandle(workflowId);
  try {
    const { status, startTime, closeTime, typedSearchAttributes } = await handle.describe();
    if (status.name === 'RUNNING') {
      const verdict = typedSearchAttributes.getAll().find(({ key }) => key.name === searchAttributes.verdict);
      return { state: 'running', held: String(verdict?.value) === 'held' };
    }
    const seconds = ((closeTime ?? startTime).getTime() - startTime.getTime()) / 1000;
    try {
      return { state: 'completed', seconds, result: await handle.result() };
    } catch (error) {
      if (!(error instanceof WorkflowFailedError)) throw error;
      return { state: 'failed', seconds, ...describeCause(error, status.name) };
    }
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
  }
}

function describeCause(
  { cause }: WorkflowFailedError,
  status: string,
): Pick<Extract<RunState, { state: 'failed' }>, 'failure' | 'judged' | 'report'> {
  if (!(cause instanceof ApplicationFailure))
    return { failure: `it was ${status.toLowerCase().replace('_', ' ')}`, judged: null, report: null };
  const [details] = cause.details ?? [];
  const { judged = null, report = null } = (details ?? {}) as { judged?: Judged; report?: string };
  return { failure: `${cause.type ?? 'Error'}: ${cause.message}`, judged, report };
}
