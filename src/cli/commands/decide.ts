import {
  type Client,
  WorkflowFailedError,
  type WorkflowHandle,
  WorkflowNotFoundError,
} from '@temporalio/client';
import type { Day } from '../../domain/day.ts';
import type { Decision, DecisionRequest, Hold } from '../../domain/decision.ts';
import { type DayResult, dayWorkflowId, messages } from '../../domain/pipeline.ts';
import { askRun } from '../ask-run.ts';
import { describeFailed } from '../describe-failed.ts';
import { printJson, say } from '../output.ts';
import { withSession } from '../session.ts';
import { CommandFailed, UsageError } from '../usage-error.ts';

interface DecideOptions {
  readonly by: string;
  readonly why: string;
  readonly json?: boolean;
}

/** `questline approve DAY --by --why`: lets a held day pass, and waits until it is published. */
export async function approveDay(
  day: Day,
  options: DecideOptions & { readonly wait: boolean },
): Promise<void> {
  await withSession(async (session) => {
    const handle = await decide(await session.temporal(), day, 'approved', options);
    if (!options.wait) return;
    const { published } = (await handle.result().catch(explainFailure)) as DayResult;
    const snapshot = published === null || published.outcome === 'moved' ? null : published.snapshot;
    say(`${day} is published${snapshot === null ? '' : ` in snapshot ${snapshot}`}`);
  });
}

/** `questline reject DAY --by --why`: fails a held day. */
export async function rejectDay(day: Day, options: DecideOptions): Promise<void> {
  await withSession(async (session) => {
    const handle = await decide(await session.temporal(), day, 'rejected', options);
    await handle.result().catch((error: unknown) => {
      if (!(error instanceof WorkflowFailedError)) throw error;
    });
  });
}

async function decide(
  client: Client,
  day: Day,
  verdict: Decision['verdict'],
  { by, why, json = false }: DecideOptions,
): Promise<WorkflowHandle> {
  for (const [name, value] of Object.entries({ by, why })) {
    if (value.trim() === '') throw new UsageError(`--${name} is empty; expected who decides, and why.`);
  }
  const handle = client.workflow.getHandle(dayWorkflowId(day));
  const { subject } = await findHold(handle, day);
  const request: DecisionRequest = { verdict, by, why, subject };
  const decision = await askRun<Decision>(handle, messages.decide, request);
  if (json) printJson({ day, ...decision });
  else say(`${day} ${decision.verdict} by ${decision.by}: ${decision.why}`);
  return handle;
}

/** The hold that a day's run is in; a day that is in none is refused with what became of it. */
async function findHold(handle: WorkflowHandle, day: Day): Promise<Hold> {
  try {
    const { status } = await handle.describe();
    if (status.name !== 'RUNNING') {
      const ended = await handle.result().then(
        () => 'passed its quality gate',
        (error: unknown) => (error instanceof WorkflowFailedError ? describeFailed(error) : String(error)),
      );
      throw new CommandFailed(
        `${day} is not on hold, so there is nothing to decide. Its last run has ended: ${ended}`,
      );
    }
    const hold = await handle.query<Hold | null>(messages.hold);
    if (hold === null)
      throw new CommandFailed(
        `${day} is not on hold: its run is under way. Follow it: npx questline run ${day}`,
      );
    return hold;
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    throw new CommandFailed(`${day} is not on hold: it was never run. Run it: npx questline run ${day}`);
  }
}

function explainFailure(error: unknown): never {
  if (error instanceof WorkflowFailedError) throw new CommandFailed(describeFailed(error));
  throw error;
}
