import { ApplicationFailure } from '@temporalio/common';
import { TerminalError } from '../domain/failure.ts';
import { StorageError } from '../storage/object-store.ts';

const terminalStorage = new Set(['denied', 'no-bucket']);

/**
 * Runs an activity's body and turns what no retry can mend into a non-retryable failure of its own type, without a stack trace;
 * everything else is thrown as it is and tried again by the retry policy.
 */
export async function failTerminally<T>(body: () => Promise<T>): Promise<T> {
  try {
    return await body();
  } catch (error) {
    const failure = toTerminalFailure(error);
    if (failure === null) throw error;
    failure.stack = '';
    throw failure;
  }
}

/** Whether no retry can mend the error. */
export function isTerminal(error: unknown): boolean {
  return toTerminalFailure(error) !== null;
}

function toTerminalFailure(error: unknown): ApplicationFailure | null {
  if (error instanceof TerminalError) {
    return ApplicationFailure.nonRetryable(error.message, error.name, error.details);
  }
  if (error instanceof StorageError && terminalStorage.has(error.kind)) {
    return ApplicationFailure.nonRetryable(error.message, 'StorageError', { kind: error.kind });
  }
  return null;
}
