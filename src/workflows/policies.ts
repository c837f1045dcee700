import type { ActivityOptions, LocalActivityOptions } from '@temporalio/workflow';
import type { WorkflowSettings } from '../domain/pipeline.ts';

const backoff = { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '1m' } as const;

/** Which settings the policies follow. */
export type PolicySettings = Pick<WorkflowSettings, 'computeQueue' | 'heartbeatTimeoutSeconds'>;

function onComputeQueue(settings: PolicySettings): Pick<ActivityOptions, 'taskQueue' | 'heartbeatTimeout'> {
  return { taskQueue: settings.computeQueue, heartbeatTimeout: `${settings.heartbeatTimeoutSeconds}s` };
}

/** Reading raw text, or making it: minutes, tried again when a worker or the store goes away. */
export function readingRaw(settings: PolicySettings): ActivityOptions {
  return {
    ...onComputeQueue(settings),
    startToCloseTimeout: '30m',
    retry: { ...backoff, maximumAttempts: 10 },
  };
}

/** Work over one event day's rows. */
export function computingDay(settings: PolicySettings): ActivityOptions {
  return {
    ...onComputeQueue(settings),
    startToCloseTimeout: '30m',
    retry: { ...backoff, maximumAttempts: 10 },
  };
}

/** The commit: short, and worth many tries, since everything before it is done. */
export function committing(settings: PolicySettings): ActivityOptions {
  return {
    ...onComputeQueue(settings),
    startToCloseTimeout: '15m',
    retry: { ...backoff, maximumAttempts: 20 },
  };
}

/** Small reads of the catalog. */
export const readingCatalog: ActivityOptions = {
  startToCloseTimeout: '1m',
  retry: { ...backoff, maximumAttempts: 20 },
};

/** Waiting for another run of the same day, as long as it takes. */
export function waitingForRun(settings: PolicySettings): ActivityOptions {
  return {
    startToCloseTimeout: '7d',
    heartbeatTimeout: `${settings.heartbeatTimeoutSeconds}s`,
    retry: { ...backoff, maximumAttempts: 100 },
  };
}

/** Settings of the worker's own memory: no trip to the server. */
export const readingSettings: LocalActivityOptions = { startToCloseTimeout: '10s' };
