import { Context } from '@temporalio/activity';

/** What a running stage tells about itself: shown as the pending activity's details in Web UI. */
export interface HeartbeatDetails {
  doing: string;
}

/** Handed to a stage's body: says what it is doing, and stops it when the run was cancelled. */
export interface StageContext {
  /** The next heartbeat carries this. */
  tell(doing: string): void;
  /** Throws the cancellation, if there is one: called before output is committed. */
  stopIfCancelled(): void;
  readonly run: { readonly workflowId: string; readonly runId: string };
}

/** Runs a stage's body with a heartbeat on a timer, at a third of the heartbeat timeout. */
export async function withHeartbeat<T>(body: (stage: StageContext) => Promise<T>): Promise<T> {
  const context = Context.current();
  const { heartbeatTimeoutMs, workflowExecution } = context.info;
  const details: HeartbeatDetails = { doing: 'starting' };
  const timer = setInterval(() => context.heartbeat(details), (heartbeatTimeoutMs ?? 30_000) / 3);
  try {
    return await body({
      tell: (doing) => {
        details.doing = doing;
        context.heartbeat(details);
      },
      stopIfCancelled: () => context.cancellationSignal.throwIfAborted(),
      run: { workflowId: workflowExecution?.workflowId ?? '', runId: workflowExecution?.runId ?? '' },
    });
  } finally {
    clearInterval(timer);
  }
}
