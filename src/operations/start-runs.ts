import { hostname, userInfo } from 'node:os';
import {
  type Client,
  WorkflowExecutionAlreadyStartedError,
  type WorkflowHandle,
  WorkflowIdConflictPolicy,
  WorkflowNotFoundError,
} from '@temporalio/client';
import type { Config } from '../config/schema.ts';
import {
  type BackfillInput,
  backfillWorkflowId,
  type DayInput,
  dayWorkflowId,
  messages,
} from '../domain/pipeline.ts';

/** Starts a day's run, or joins the one that is under way; one on hold looks at its raw data again. */
export async function startDay(client: Client, config: Config, input: DayInput): Promise<WorkflowHandle> {
  const workflowId = dayWorkflowId(input.day);
  for (;;) {
    try {
      return await client.workflow.start('dayWorkflow', {
        workflowId,
        taskQueue: config.worker.orchestrationQueue,
        workflowIdConflictPolicy: WorkflowIdConflictPolicy.FAIL,
        args: [input],
        staticSummary: `Arrival day ${input.day}`,
        memo: describeStarter(),
      });
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    }
    const running = client.workflow.getHandle(workflowId);
    try {
      await running.signal(messages.recheck);
      return running;
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
    }
  }
}

/** Starts a backfill, or joins the same one that is under way. */
export async function startBackfill(
  client: Client,
  config: Config,
  input: BackfillInput,
): Promise<WorkflowHandle> {
  return client.workflow.start('backfillWorkflow', {
    workflowId: backfillWorkflowId(input.from, input.to),
    taskQueue: config.worker.orchestrationQueue,
    workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
    args: [input],
    staticSummary: `Backfill ${input.from} to ${input.to}`,
    memo: describeStarter(),
  });
}

/** What Web UI tells of who started a run, beside its trigger: the user and the machine of the process. */
function describeStarter(): { readonly startedBy: string } {
  return { startedBy: `${nameUser()} on ${hostname()}` };
}

/** In a container the user may have a number and no name. */
function nameUser(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.() ?? 'unknown'}`;
  }
}
