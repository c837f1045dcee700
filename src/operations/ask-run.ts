import { type WorkflowHandle, WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { Refused } from './refused.ts';

/** Asks a run for an update, and answers with what it says; a refusal is a `Refused` with the run's reason. */
export async function askRun<T>(handle: WorkflowHandle, update: string, request?: unknown): Promise<T> {
  try {
    return await handle.executeUpdate<T, [unknown]>(update, { args: [request] });
  } catch (error) {
    if (error instanceof WorkflowUpdateFailedError && error.cause instanceof ApplicationFailure)
      throw new Refused(error.cause.message);
    throw error;
  }
}
