import { setTimeout as sleep } from 'node:timers/promises';
import { Context } from '@temporalio/activity';
import { WorkflowFailedError, type WorkflowHandle, WorkflowNotFoundError } from '@temporalio/client';
import type { Day } from '../domain/day.ts';
import type { Hold } from '../domain/decision.ts';
import { dayWorkflowId, type HeldNotice, messages, type Progress } from '../domain/pipeline.ts';
import type { Dependencies } from './dependencies.ts';

const EVERY_MS = 500;

/** Lets the day's running run look at its raw data again, and waits until it has ended, however, or is on hold. */
export async function awaitDayRun(
  { client }: Dependencies,
  { day }: { readonly day: Day },
): Promise<{ readonly held: HeldNotice | null }> {
  const { cancelled } = Context.current();
  const handle = client.workflow.getHandle(dayWorkflowId(day));
  const ended = handle.result().then(
    () => true,
    (error: unknown) => {
      if (error instanceof WorkflowFailedError || error instanceof WorkflowNotFoundError) return true;
      throw error;
    },
  );
  try {
    await handle.signal(messages.recheck);
    for (;;) {
      if (await Promise.race([ended, cancelled, sleep(EVERY_MS, false)])) return { held: null };
      const held = await findHold(handle, day);
      if (held !== null) return { held };
    }
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return { held: null };
    throw error;
  }
}

/** The hold that the run is in; null when it is in none, or when no worker answers. */
async function findHold(handle: WorkflowHandle, day: Day): Promise<HeldNotice | null> {
  const [hold, progress] = await Promise.all([
    handle.query<Hold | null>(messages.hold),
    handle.query<Progress>('progress'),
  ]).catch(() => [null, null]);
  if (hold === null) return null;
  const { lines = 0, accepted = 0, rejected = 0 } = progress?.days.find((one) => one.day === day) ?? {};
  return { day, lines, accepted, rejected, failed: hold.failed };
}
