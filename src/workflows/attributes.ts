import { defineSearchAttributeKey } from '@temporalio/common';
import { upsertSearchAttributes } from '@temporalio/workflow';
import { searchAttributes } from '../domain/pipeline.ts';

const keys = {
  day: defineSearchAttributeKey(searchAttributes.day, 'KEYWORD'),
  stage: defineSearchAttributeKey(searchAttributes.stage, 'KEYWORD'),
  verdict: defineSearchAttributeKey(searchAttributes.verdict, 'KEYWORD'),
  trigger: defineSearchAttributeKey(searchAttributes.trigger, 'KEYWORD'),
} as const;

/** Sets Questline's search attributes of this run; what is not named stays. */
export function markRun(values: Partial<Record<keyof typeof keys, string>>): void {
  const pairs = Object.entries(values).map(([name, value]) => ({
    key: keys[name as keyof typeof keys],
    value,
  }));
  upsertSearchAttributes(pairs);
}
