import { WorkflowFailedError } from '@temporalio/client';
import { expect } from 'vitest';

/** Type, message and details of the failure that a run ends with; a run that completes fails the test. */
export async function failureOf(
  run: Promise<unknown>,
): Promise<{ readonly type: string; readonly message: string; readonly details: unknown }> {
  const error: unknown = await run.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(WorkflowFailedError);
  const { cause } = error as { cause: { type?: string; message: string; details?: unknown[] } };
  return { type: cause.type ?? '', message: cause.message, details: cause.details?.[0] };
}
