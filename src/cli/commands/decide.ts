import { type Client, WorkflowFailedError, type WorkflowHandle } from '@temporalio/client';
import type { Day } from '../../domain/day.ts';
import type { Decision } from '../../domain/decision.ts';
import { type DayResult, dayWorkflowId } from '../../domain/pipeline.ts';
import { decideDay } from '../../operations/decide-day.ts';
import { describeFailed } from '../../operations/describe-failed.ts';
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
  const decision = await decideDay(client, day, { verdict, by, why });
  if (json) printJson({ day, ...decision });
  else say(`${day} ${decision.verdict} by ${decision.by}: ${decision.why}`);
  return client.workflow.getHandle(dayWorkflowId(day));
}

function explainFailure(error: unknown): never {
  if (error instanceof WorkflowFailedError) throw new CommandFailed(describeFailed(error));
  throw error;
}
