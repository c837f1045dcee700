import type { Client } from '@temporalio/client';
import type { Day } from '../domain/day.ts';
import type { DayState, Progress } from '../domain/pipeline.ts';

const RUNNING_RANGES =
  "ExecutionStatus = 'Running' AND (WorkflowType = 'backfillWorkflow' OR WorkflowType = 'dailyWorkflow')";
const open = new Set<DayState>(['waiting', 'accepting', 'accepted']);

/** Days that running backfills and daily runs have yet to take or publish; of a run that does not answer, none. */
export async function listDaysUnderWay(client: Client): Promise<Set<Day>> {
  const days = new Set<Day>();
  for await (const { workflowId } of client.workflow.list({ query: RUNNING_RANGES })) {
    const handle = client.workflow.getHandle(workflowId);
    const progress = await handle.query<Progress>('progress').catch(() => null);
    for (const { day, state } of progress?.days ?? []) if (open.has(state)) days.add(day);
  }
  return days;
}
