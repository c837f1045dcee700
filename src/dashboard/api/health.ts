import { z } from 'zod';
import { comparisons, verdicts } from '../../domain/check-result.ts';
import { checkKinds } from '../../domain/checks.ts';
import { dayStandings } from '../../domain/day-choice.ts';
import { answer, date, known } from './meta.ts';

/** An arrival day: how it stands, its lines, checks and run. */
export const dayStandingSchema = z.object({
  day: date,
  state: z.enum(dayStandings),
  lines: known,
  accepted: known,
  rejected: known,
  superseded: known,
  kept: known.describe('Rows of the event day of the same date.'),
  duplicates: known,
  checks: z.record(z.enum(verdicts), z.number()).nullable(),
  seconds: known,
  run: z.string().nullable().describe('The run in Temporal Web UI.'),
  message: z.string().nullable().describe('Why it failed, or what it waits for.'),
});

/** A value of a complete day that a later publish changed. */
export const restatementSchema = z.object({
  snapshot: z.string(),
  committedAt: z.string(),
  day: date,
  table: z.string(),
  key: z.string(),
  metric: z.string(),
  before: z.string(),
  after: z.string().nullable(),
  run: z.string().nullable(),
});

/** Rejected and superseded lines that share a reason. */
export const reasonCountSchema = z.object({
  reason: z.string(),
  lines: z.number(),
  days: z.number(),
  lastDay: date.describe('The last of these days.'),
});

/** Answer of the data health page. */
export const healthSchema = answer({
  temporal: z
    .boolean()
    .describe('Whether Temporal answers; without it, states are of what is published and landed.'),
  days: z.array(dayStandingSchema),
  unsettled: z.array(date).describe('Complete days whose numbers late events may still change.'),
  checks: z.array(
    z.object({
      name: z.string(),
      definition: z.string(),
      kind: z.enum(checkKinds),
      comparison: z.enum(comparisons),
      points: z.array(
        z.object({ day: date, value: known, threshold: z.number(), verdict: z.enum(verdicts) }),
      ),
    }),
  ),
  reasons: z.array(reasonCountSchema),
  restatements: z.array(restatementSchema),
  restatedValues: z.number().describe('How many there are; at most 200 are told.'),
});
