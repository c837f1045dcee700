import { DefaultLogger, type LogEntry, makeTelemetryFilterString, Runtime } from '@temporalio/worker';
import type { Logger } from 'pino';

const levels = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;

let installed = false;

/** Sends the Temporal SDK's own log lines through the logger. Once a process; later calls change nothing. */
export function installRuntime(logger: Logger): void {
  if (installed) return;
  installed = true;
  const write = ({ level, message, meta }: LogEntry) => {
    const { error, sdkComponent, taskQueue, activityType, workflowId, runId, attempt } = meta ?? {};
    const known = { sdkComponent, taskQueue, activityType, workflowId, runId, attempt };
    logger[levels[level]](error === undefined ? known : { ...known, err: error }, message);
  };
  Runtime.install({
    logger: new DefaultLogger('WARN', write),
    telemetryOptions: {
      logging: { filter: makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' }), forward: {} },
    },
    shutdownSignals: [],
  });
}
