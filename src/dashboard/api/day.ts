import { z } from 'zod';
import { actions, comparisons, severities, verdicts } from '../../domain/check-result.ts';
import { checkKinds } from '../../domain/checks.ts';
import { dailySchema } from './daily.ts';
import { dayStandingSchema, restatementSchema } from './health.ts';
import { answer, date, known } from './meta.ts';

/** What a held day waits for. */
export const holdSchema = z.object({
  subject: z.string().describe('What a decision has to name, so that it is about what was seen.'),
  until: z.string(),
  failed: z.array(z.string()),
});

/** A check of the day. */
export const checkSchema = z.object({
  name: z.string(),
  definition: z.string(),
  verdict: z.enum(verdicts),
  severity: z.enum(severities),
  action: z.enum(actions),
  kind: z.enum(checkKinds),
  comparison: z.enum(comparisons),
  value: known,
  threshold: z.number(),
  detail: z.string().nullable(),
  toDo: z.string(),
});

/** Lines of one object that were set aside for one reason. */
export const quarantineGroupSchema = z.object({
  reason: z.string(),
  object: z.string(),
  lines: z.number(),
  sample: z.object({ line: z.number(), detail: z.string().nullable(), raw: z.string() }),
});

/** Answer for one day: everything that is known of it. */
export const daySchema = answer({
  standing: dayStandingSchema,
  metrics: dailySchema.nullable(),
  dayBefore: dailySchema.nullable(),
  ledger: z
    .array(z.object({ name: z.string(), rows: z.number(), part: z.enum(['came in', 'went out']) }))
    .describe('Where every line of the arrival went: what came in is what went out.'),
  eventDay: z
    .object({
      cameIn: z.number(),
      kept: z.number(),
      exactDuplicates: z.number(),
      conflictingDuplicates: z.number(),
    })
    .nullable(),
  checks: z.array(checkSchema),
  decision: z.object({ verdict: z.string(), by: z.string(), why: z.string(), at: z.string() }).nullable(),
  hold: holdSchema.nullable(),
  report: z.string().nullable().describe('Key of the quality report in the bucket.'),
  snapshot: z.string().nullable(),
  objects: z
    .array(z.object({ key: z.string(), bytes: z.number() }))
    .describe('Raw objects that it was made from.'),
  quarantine: z.array(quarantineGroupSchema),
  restatements: z.array(restatementSchema),
  metricDay: date,
});
