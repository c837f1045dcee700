import { z } from 'zod';
import { date } from './meta.ts';

/** What the status line says. */
export const statusSchema = z.object({
  snapshot: z.string().nullable().describe('Null before the first publish.'),
  committedAt: z.string().nullable(),
  timezone: z.literal('UTC'),
  firstDay: date.nullable(),
  lastDay: date.nullable().describe('Last day that anything is known of.'),
  dataThrough: date.nullable().describe('Last complete day.'),
  stale: z.boolean().describe('Whether the last complete day is older than the day before yesterday.'),
  checks: z
    .object({ passed: z.number(), measured: z.number() })
    .nullable()
    .describe('Checks of the last complete day.'),
  run: z.string().nullable().describe('The run that published, in Temporal Web UI.'),
  newest: z
    .object({ day: date, state: z.enum(['failed', 'held', 'running']), run: z.string().nullable() })
    .nullable()
    .describe(
      'A day whose newest run failed, waits or is under way; the numbers are those published before.',
    ),
  canWrite: z.boolean().describe('Whether a write token is set, so that runs can be started here.'),
  temporalUi: z.string().nullable(),
});

/** Values that players may be filtered by, the most players first. */
export const choicesSchema = z.object({
  snapshot: z.string().nullable(),
  platform: z.array(z.string()),
  country: z.array(z.string()),
  segment: z.array(z.string()),
  source: z.array(z.string()),
  acquiredFrom: date.nullable(),
  acquiredTo: date.nullable(),
});

/** Definition of a metric, as the tables declare it. */
export const definitionsSchema = z.object({
  metrics: z.record(
    z.string(),
    z.object({ definition: z.string(), unit: z.string().nullable(), nullWhen: z.string().nullable() }),
  ),
  baseCurrency: z.string(),
});
