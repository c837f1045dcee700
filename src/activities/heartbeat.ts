import { Context } from '@temporalio/activity';
import type { Logger } from 'pino';
import type { Dependencies } from './dependencies.ts';
import { lineFieldsOf } from './line-fields.ts';
import type { StageCounts } from './stage-metrics.ts';
import { StageRecord } from './stage-record.ts';

/** What a running stage tells about itself: shown as the pending activity's details in Web UI. */
export interface HeartbeatDetails {
  doing: string;
}

/** Handed to a stage's body: says what it is doing, and stops it when the run was cancelled. */
export interface StageContext {
  /** The next heartbeat carries this. */
  tell(doing: string): void;
  /** What was worked through, for the closing log line and the metrics; a stage that finds its output there counts nothing. */
  count(counts: StageCounts): void;
  /** Throws the cancellation, if there is one: called before output is committed. */
  stopIfCancelled(): void;
  /** Lines that carry day, stage, attempt, workflow and run. */
  readonly log: Logger;
  readonly run: { readonly workflowId: string; readonly runId: string };
}

/**
 * Runs a stage's body with a heartbeat on a timer, at a third of the heartbeat timeout, a log line at its begin and its end,
 * and its counts in the metrics.
 */
export async function runStage<T>(
  { logger, metrics }: Pick<Dependencies, 'logger' | 'metrics'>,
  input: unknown,
  body: (stage: StageContext) => Promise<T>,
): Promise<T> {
  const context = Context.current();
  const { workflowExecution } = context.info;
  const fields = lineFieldsOf(context.info, input);
  const log = logger.child(fields);
  const record = new StageRecord(fields.stage, log, metrics);
  return record.follow(() =>
    withHeartbeat((tell) =>
      body({
        tell: (doing) => {
          log.debug(doing);
          tell(doing);
        },
        count: (counts) => record.count(counts),
        stopIfCancelled: () => context.cancellationSignal.throwIfAborted(),
        log,
        run: { workflowId: workflowExecution?.workflowId ?? '', runId: workflowExecution?.runId ?? '' },
      }),
    ),
  );
}

/** Runs an activity's body with a heartbeat on a timer, at a third of the heartbeat timeout; each carries what was told last. */
export async function withHeartbeat<T>(body: (tell: (doing: string) => void) => Promise<T>): Promise<T> {
  const context = Context.current();
  const { heartbeatTimeoutMs } = context.info;
  const details: HeartbeatDetails = { doing: 'starting' };
  const timer = setInterval(() => context.heartbeat(details), (heartbeatTimeoutMs ?? 30_000) / 3);
  try {
    return await body((doing) => {
      details.doing = doing;
      context.heartbeat(details);
    });
  } finally {
    clearInterval(timer);
  }
}
