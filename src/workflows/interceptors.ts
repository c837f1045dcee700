import { defineSearchAttributeKey } from '@temporalio/common';
import {
  ContinueAsNew,
  isCancellation,
  log,
  type Next,
  type WorkflowExecuteInput,
  type WorkflowInboundCallsInterceptor,
  type WorkflowInterceptorsFactory,
  workflowInfo,
} from '@temporalio/workflow';
import { addDays, dayOf } from '../domain/day.ts';
import { spanOf } from '../domain/span.ts';
import { findCause } from './failures.ts';

const scheduledStart = defineSearchAttributeKey('TemporalScheduledStartTime', 'DATETIME');

/** Gives every log line of a run its day or days, and logs that it began and how it ended. */
export const interceptors: WorkflowInterceptorsFactory = () => {
  let day: string | undefined;
  return {
    inbound: [
      {
        execute: (input, next) => {
          day = spanOf(input.args[0]) ?? nominalDay(input.args[0]);
          return followRun(input, next);
        },
      },
    ],
    outbound: [{ getLogAttributes: (attributes, next) => next({ ...attributes, day }) }],
  };
};

async function followRun(
  input: WorkflowExecuteInput,
  next: Next<WorkflowInboundCallsInterceptor, 'execute'>,
): Promise<unknown> {
  const began = Date.now();
  const seconds = () => ({ seconds: (Date.now() - began) / 1000 });
  log.info('run begins');
  try {
    const result = await next(input);
    log.info('run ends', seconds());
    return result;
  } catch (error) {
    if (error instanceof ContinueAsNew) log.info('run goes on as a new one', seconds());
    else if (isCancellation(error)) log.info('run was cancelled', seconds());
    else logFailure(error, seconds());
    throw error;
  }
}

/** A failure that a person has to act on has no stack trace; any other is an error with it. */
function logFailure(error: unknown, seconds: { readonly seconds: number }): void {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  const type = findCause(error)?.type ?? (error instanceof Error ? error.name : 'Error');
  if (stack === '') log.warn('run failed', { ...seconds, failure: { type, message } });
  else log.error('run failed', { ...seconds, err: { type, message, stack } });
}

/** The day of a scheduled run, which its input does not name. */
function nominalDay(input: unknown): string | undefined {
  const nominal = workflowInfo().typedSearchAttributes.get(scheduledStart);
  if (nominal === undefined || typeof input !== 'object' || input === null || !('dayOffset' in input))
    return undefined;
  return addDays(dayOf(nominal), Number(input.dayOffset));
}
