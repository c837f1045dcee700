import type { WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure, CancelledFailure, TerminatedFailure, TimeoutFailure } from '@temporalio/common';

/** Why a run failed, in one sentence: the type and message at the root of it. */
export function describeFailed(error: WorkflowFailedError): string {
  const { cause } = error;
  if (cause instanceof CancelledFailure) return 'The run was cancelled.';
  if (cause instanceof TerminatedFailure)
    return `The run was terminated${cause.message ? `: ${cause.message}` : ''}.`;
  if (cause instanceof TimeoutFailure) return 'The run took longer than it may.';
  if (cause instanceof ApplicationFailure) return `${cause.type ?? 'Error'}: ${cause.message}`;
  return cause?.message ?? error.message;
}
