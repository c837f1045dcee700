import { proxyActivities } from '@temporalio/workflow';
import type { ComputeActivities } from '../activities/create-activities.ts';
import type { AcceptedArrival } from '../domain/arrival.ts';
import type { Day } from '../domain/day.ts';
import type { GenerateRequest, WorkflowSettings } from '../domain/pipeline.ts';
import { readingRaw } from './policies.ts';

/** Called when a stage begins. */
export type OnStage = (stage: string) => void;

/** Generates the arrival when asked to, validates it, and stops at its gate: everything about raw data, nothing published. */
export async function acceptArrival(
  day: Day,
  request: GenerateRequest | null,
  settings: WorkflowSettings,
  onStage: OnStage,
): Promise<AcceptedArrival> {
  const { generate, validate } = proxyActivities<ComputeActivities>(readingRaw(settings));
  if (request !== null) {
    onStage('generate');
    await generate.executeWithOptions({ summary: day }, [{ day, request }]);
  }
  onStage('validate');
  return validate.executeWithOptions({ summary: day }, [{ day }]);
}
