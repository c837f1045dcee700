import {
  ActivityFailure,
  ApplicationFailure,
  ChildWorkflowFailure,
  isCancellation,
} from '@temporalio/workflow';
import type { FailureType } from '../domain/failure.ts';

/** The application failure at the root of what an activity or a child workflow threw, or null. */
export function findCause(error: unknown): ApplicationFailure | null {
  if (error instanceof ApplicationFailure) return error;
  if (error instanceof ActivityFailure || error instanceof ChildWorkflowFailure)
    return findCause(error.cause);
  return null;
}

/**
 * What a workflow should fail with: the cause's own type and message, so that Web UI shows the reason and not only that an
 * activity failed. A cancellation stays one; anything else a workflow's code throws fails it too, instead of being tried for ever.
 * What a person has to act on carries no stack trace.
 */
export function toWorkflowFailure(error: unknown): unknown {
  if (isCancellation(error)) return error;
  const cause = findCause(error);
  const message = cause?.message ?? (error instanceof Error ? error.message : String(error));
  const failure = ApplicationFailure.create({
    message,
    type: cause?.type ?? (error instanceof Error ? error.name : 'Error'),
    nonRetryable: true,
    details: cause?.details ?? [],
    ...(error instanceof Error ? { cause: error } : {}),
  });
  if (cause?.nonRetryable) failure.stack = '';
  return failure;
}

/** A failure of a type that a person has to act on, without a stack trace; `details` are small, for machines. */
export function terminalFailure(
  type: FailureType,
  message: string,
  details?: Readonly<Record<string, unknown>>,
): ApplicationFailure {
  const failure = ApplicationFailure.nonRetryable(message, type, ...(details === undefined ? [] : [details]));
  failure.stack = '';
  return failure;
}

/** Refuses what somebody asks of a run. */
export function refuse(message: string): never {
  throw terminalFailure('InvalidRequest', message);
}

/** The report of its checks that a gate's failure carries, as markdown, or null. */
export function findReport(error: unknown): string | null {
  const [details] = findCause(error)?.details ?? [];
  const report = (details as { readonly details?: unknown } | undefined)?.details;
  return typeof report === 'string' ? report : null;
}

/** The verdict on a run that ended by an error. */
export function verdictOf(error: unknown): string {
  return isCancellation(error) ? 'cancelled' : 'failed';
}

/** One line about a failure: its type and message. */
export function describeFailure(error: unknown): string {
  if (isCancellation(error)) return 'Cancelled';
  const cause = findCause(error);
  if (cause !== null) return `${cause.type ?? 'Error'}: ${cause.message}`;
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
