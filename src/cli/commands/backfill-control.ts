import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, WorkflowHandle } from '@temporalio/client';
import type { Day } from '../../domain/day.ts';
import type { Pace, PauseRequest } from '../../domain/pace.ts';
import { backfillWorkflowId, messages } from '../../domain/pipeline.ts';
import { askRun } from '../../operations/ask-run.ts';
import { rangeOf } from '../options.ts';
import { printJson, say } from '../output.ts';
import { withSession } from '../session.ts';
import { CommandFailed, UsageError } from '../usage-error.ts';

/** Which backfill is meant; the one that runs when both ends are left out. */
export interface Which {
  readonly from?: Day;
  readonly to?: Day;
  readonly json?: boolean;
}

/** `questline backfill pause --by --why`: days at work go on, and nothing new begins. */
export async function pauseBackfill(options: Which & PauseRequest): Promise<void> {
  const { by, why } = options;
  await change(options, (handle) => askRun<Pace>(handle, messages.pause, { by, why }));
}

/** `questline backfill resume`. */
export async function resumeBackfill(options: Which): Promise<void> {
  await change(options, (handle) => askRun<Pace>(handle, messages.resume));
}

/** `questline backfill concurrency N`: so many days at once from now on. */
export async function changeConcurrency(concurrency: number, options: Which): Promise<void> {
  await change(options, (handle) => askRun<Pace>(handle, messages.setConcurrency, concurrency));
}

/** `questline backfill cancel`: no further day begins, those at work are cancelled, and it waits until they have ended. */
export async function cancelBackfill(options: Which): Promise<void> {
  await withSession(async (session) => {
    const handle = await findBackfill(await session.temporal(), options);
    await handle.cancel();
    let status = (await handle.describe()).status.name;
    while (status === 'RUNNING') {
      await sleep(300);
      status = (await handle.describe()).status.name;
    }
    if (options.json === true) return printJson({ workflowId: handle.workflowId, status });
    const ended = status === 'CANCELLED' ? 'is cancelled' : `had ended already: ${status.toLowerCase()}`;
    say(
      `${handle.workflowId} ${ended}. What was published stays; the same backfill again goes on from what was made.`,
    );
  });
}

async function change(options: Which, ask: (handle: WorkflowHandle) => Promise<Pace>): Promise<void> {
  await withSession(async (session) => {
    const handle = await findBackfill(await session.temporal(), options);
    const { concurrency, paused } = await ask(handle);
    if (options.json === true) return printJson({ workflowId: handle.workflowId, concurrency, paused });
    const held = paused === null ? '' : `, paused by ${paused.by} at ${paused.at}: ${paused.why}`;
    say(`${handle.workflowId}: ${concurrency} days at once${held}`);
  });
}

async function findBackfill(client: Client, { from, to }: Which): Promise<WorkflowHandle> {
  if ((from === undefined) !== (to === undefined))
    throw new UsageError('Give both --from and --to of the backfill, or neither for the one that runs.');
  const running: string[] = [];
  const query = "WorkflowType = 'backfillWorkflow' AND ExecutionStatus = 'Running'";
  for await (const { workflowId } of client.workflow.list({ query })) running.push(workflowId);
  const named = running.length === 0 ? 'No backfill runs.' : `These run: ${running.sort().join(', ')}.`;
  if (from !== undefined && to !== undefined) {
    const range = rangeOf(from, to);
    const id = backfillWorkflowId(range.from, range.to);
    if (!running.includes(id)) throw new CommandFailed(`${id} does not run. ${named}`);
    return client.workflow.getHandle(id);
  }
  const [only] = running;
  if (only === undefined) throw new CommandFailed(named);
  if (running.length > 1) throw new CommandFailed(`${named} Say which with --from and --to.`);
  return client.workflow.getHandle(only);
}
