import { z } from 'zod';
import { dayChoices } from '../../domain/day-choice.ts';
import { dayText } from './scope.ts';

/** Who decides on a held day, and why. */
export const decisionBody = z.object({
  verdict: z.enum(['approved', 'rejected']),
  by: z.string().trim().min(1).max(200),
  why: z.string().trim().min(1).max(2000),
  subject: z.string().min(1).max(200),
});

/** A day to be run. */
export const runBody = z.object({ day: dayText });

/** Days to be run. */
export const backfillBody = z
  .object({ from: dayText, to: dayText, only: z.enum(dayChoices).default('all') })
  .refine(({ from, to }) => from <= to, { path: ['to'], error: '"to" is before "from".' });

/** A run that was started or joined. */
export const startedSchema = z.object({ workflowId: z.string(), link: z.string().nullable() });

/** A decision as it was recorded. */
export const decidedSchema = z.object({
  verdict: z.string(),
  by: z.string(),
  why: z.string(),
  at: z.string(),
});
