import { z } from 'zod';
import { answer, known } from './meta.ts';
import { dimensions, scopeSchema } from './scope.ts';

/** What the funnel page is asked for; the range is of first starts and of entries. */
export const funnelsQuery = scopeSchema.safeExtend({ by: z.enum(dimensions).optional() });

/** A step of the conversion funnel over the entry dates whose window is complete. */
export const stepSchema = z.object({
  step: z.number(),
  name: z.string(),
  players: z.number(),
  rate_of_entered: known,
  rate_of_previous: known,
  seconds_from_entry_p50: known,
});

/** Answer of the funnel page. */
export const funnelsSchema = answer({
  levels: z.array(
    z.object({
      level: z.number(),
      players_started: z.number(),
      players_completed: z.number(),
      completion_rate: known,
      drop_off_rate: known,
      attempts: z.number(),
      wins: z.number(),
      attempt_success_rate: known,
      attempts_to_win_p50: known,
      time_to_win_s_p50: known,
    }),
  ),
  windowDays: z.number(),
  matureEntryDates: z.number(),
  immatureEntryDates: z
    .number()
    .describe('Entry dates of the range whose window is not complete: they are left out.'),
  steps: z.array(stepSchema),
  by: z.enum(dimensions).nullable(),
  groups: z
    .array(z.object({ value: z.string().nullable(), steps: z.array(stepSchema) }))
    .describe(
      'The conversion funnel for each value of the dimension, the most players first, at most twelve.',
    ),
});
