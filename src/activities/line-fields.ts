import type { Info } from '@temporalio/activity';
import { spanOf } from '../domain/span.ts';

/** What every log line of an activity carries. */
export interface LineFields {
  /** One day, or an interval such as `2026-01-01/2026-01-30`. */
  readonly day: string | undefined;
  readonly stage: string;
  readonly attempt: number;
  readonly workflowId: string | undefined;
  readonly runId: string | undefined;
}

/** The fields that say which attempt, of which run, on which day a line is about. */
export function lineFieldsOf(info: Info, input: unknown): LineFields {
  const { activityType, attempt, workflowExecution } = info;
  return {
    day: spanOf(input),
    stage: activityType,
    attempt,
    workflowId: workflowExecution?.workflowId,
    runId: workflowExecution?.runId,
  };
}
