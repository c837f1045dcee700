import { Context } from '@temporalio/activity';
import { CancelledFailure } from '@temporalio/common';
import type { Logger } from 'pino';
import { TerminalError } from '../domain/failure.ts';
import { StorageError } from '../storage/object-store.ts';
import { isTerminal } from './failures.ts';
import { lineFieldsOf } from './line-fields.ts';
import type { StageOutcome } from './stage-metrics.ts';

/**
 * Logs that an activity did not succeed, on one line: a cancellation as information, what a person has to act on and what
 * a store answered as a warning, anything else as an error with its stack trace. `close` gives the line's other fields.
 */
export function logFailure(
  log: Logger,
  name: string,
  error: unknown,
  close: (outcome: StageOutcome) => Readonly<Record<string, unknown>>,
): void {
  if (error instanceof CancelledFailure) {
    log.info(close('cancelled'), `${name} was cancelled`);
    return;
  }
  const told = close(isTerminal(error) ? 'failed' : 'errored');
  if (error instanceof TerminalError) {
    const { name: type, message } = error;
    log.warn({ ...told, failure: { type, message } }, `${name} failed`);
    return;
  }
  const level = error instanceof StorageError ? 'warn' : 'error';
  log[level]({ ...told, err: error }, `${name} failed`);
}

/** Runs the body of an activity that is no stage of its own, and logs its failure with day, workflow and run. */
export async function logFailures<T>(logger: Logger, input: unknown, body: () => Promise<T>): Promise<T> {
  const { info } = Context.current();
  try {
    return await body();
  } catch (error) {
    const fields = lineFieldsOf(info, input);
    logFailure(logger.child(fields), info.activityType, error, (outcome) => ({ outcome }));
    throw error;
  }
}
