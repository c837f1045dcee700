import { WorkflowFailedError } from '@temporalio/client';
import { expect } from 'vitest';

/** Type, message and details of the failure that a run ends with, none of it with a stack; a run that completes fails the test. */
export async function failureOf(
  run: Promise<unknown>,
): Promise<{ readonly type: string; readonly message: string; readonly details: unknown }> {
  const error: unknown = await run.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(WorkflowFailedError);
  const { cause } = error as WorkflowFailedError;
  for (let at = cause; at !== undefined; at = at.cause as Error | undefined) expect(at.stack).toBeFalsy();
  const { type, details } = cause as { readonly type?: string; readonly details?: readonly unknown[] };
  return { type: type ?? '', message: cause?.message ?? '', details: details?.[0] };
}
