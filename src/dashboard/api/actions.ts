import { z } from 'zod';
import { dayChoices } from '../../domain/day-choice.ts';
import { reasonCodes } from '../../domain/reason.ts';
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

/** Rejected lines as they were mended. */
export const replayBody = z.object({
  lines: z
    .array(z.string().max(65_536))
    .min(1)
    .max(1000)
    .describe('Lines of `questline quarantine show DAY --format ndjson`, mended, each as a text.'),
  dryRun: z.boolean().default(false).describe('Tells what would become of them, and lands nothing.'),
});

/** A run that was started or joined. */
export const startedSchema = z.object({ workflowId: z.string(), link: z.string().nullable() });

/** A decision as it was recorded. */
export const decidedSchema = z.object({
  verdict: z.string(),
  by: z.string(),
  why: z.string(),
  at: z.string(),
});

/** What became of mended lines, or would. */
export const replayedSchema = z.object({
  state: z.enum(['dry run', 'landed', 'there already']),
  object: z.string().describe('Key of the raw object that has the mended lines.'),
  mended: z.number(),
  unchanged: z.number().describe('Lines that say what the original says: they are left as they are.'),
  outcomes: z.array(
    z.object({
      at: z.number().describe('1-based place in `lines`.'),
      object: z.string(),
      line: z.number(),
      outcome: z.enum(['accepted', 'rejected']),
      reason: z.enum(reasonCodes).nullable(),
      detail: z.string().nullable(),
    }),
  ),
  run: startedSchema.nullable().describe('The day’s run; null of a dry run.'),
});
