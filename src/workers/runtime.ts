import { DefaultLogger, type LogEntry, makeTelemetryFilterString, Runtime } from '@temporalio/worker';
import type { Logger } from 'pino';
import { histogramBuckets } from '../activities/stage-metrics.ts';
import { writeAt } from '../logging/logger.ts';

const levels = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;

/** The metrics can't be served on the configured address. */
export class MetricsAddressError extends Error {
  override readonly name = 'MetricsAddressError';
}

let installed = false;

/**
 * Sends the Temporal SDK's own log lines through the logger, and serves metrics, the SDK's and Questline's, to Prometheus
 * when there is an address. Once a process; later calls change nothing.
 */
export function installRuntime(logger: Logger, prometheusAddress: string | null = null): void {
  if (installed) return;
  try {
    Runtime.install({
      logger: new DefaultLogger('TRACE', (entry) => writeEntry(logger, entry)),
      telemetryOptions: {
        logging: { filter: makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' }), forward: {} },
        ...(prometheusAddress === null ? {} : { metrics: serveMetrics(prometheusAddress) }),
      },
      shutdownSignals: [],
    });
  } catch (error) {
    if (prometheusAddress === null) throw error;
    const [, reason = String(error)] = /exporter: (.*)$/.exec(String(error)) ?? [];
    throw new MetricsAddressError(
      `Metrics can't be served on ${prometheusAddress} (${reason}). Set metrics.prometheusAddress to an address of this machine with a free port; each worker on it needs its own.`,
      { cause: error },
    );
  }
  installed = true;
}

function serveMetrics(bindAddress: string) {
  return {
    attachServiceName: false,
    prometheus: { bindAddress, useSecondsForDurations: true, histogramBucketOverrides: histogramBuckets },
  };
}

/**
 * What the SDK says at each begin and end of an activity or a workflow, of which Questline's own lines say more, and that the
 * compute queue has no workflows, which is as it should be.
 */
const needless =
  /^(Activity|Workflow) (started|completed|failed|reset|paused|continued as new|will complete asynchronously)|^No workflows registered/;

const tellsNothing = new Set([
  'taskToken',
  'namespace',
  'isLocal',
  'activityId',
  'activityType',
  'sdkComponent',
  'workflowRunId',
  'error',
]);

/** Lines of workflow and activity code as they are; of the SDK's own, those below a warning are for debugging. */
function writeEntry(logger: Logger, { level, message, meta = {}, timestampNanos }: LogEntry): void {
  const { sdkComponent, error, day, stage, attempt, workflowId, workflowRunId, runId = workflowRunId } = meta;
  const isOwn = sdkComponent === 'workflow' || sdkComponent === 'activity';
  if (!isOwn && needless.test(message)) return;
  const fields = {
    day,
    stage,
    attempt,
    workflowId,
    runId,
    ...Object.fromEntries(Object.entries(meta).filter(([name]) => !tellsNothing.has(name))),
    ...(isOwn ? {} : { sdkComponent }),
    ...(error === undefined ? {} : { err: error }),
  };
  const shown = !isOwn && level === 'INFO' ? 'debug' : levels[level];
  writeAt(new Date(Number(timestampNanos / 1_000_000n)), () => logger[shown](fields, message));
}
