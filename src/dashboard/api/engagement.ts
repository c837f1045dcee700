import { z } from 'zod';
import { dailySchema, kpiSchema } from './daily.ts';
import { answer, known } from './meta.ts';

/** Answer of the engagement page. */
export const engagementSchema = answer({
  kpis: z.array(kpiSchema),
  daily: z.array(dailySchema),
  previous: z.array(dailySchema).nullable(),
  sessionLengths: z.array(
    z.object({ from_s: z.number(), to_s: known.describe('Null: no upper end.'), sessions: z.number() }),
  ),
  hours: z.array(
    z.object({
      weekday: z.number().describe('1 (Monday) to 7.'),
      hour: z.number(),
      days: z.number().describe('Dates that the means are over.'),
      players: z.number().describe('Mean distinct players in the hour.'),
      events: z.number().describe('Mean events in the hour.'),
    }),
  ),
  adoption: z.array(
    z.object({
      event_type: z.string(),
      events: z.number(),
      adoption_rate: known.describe(
        'Σ players / Σ DAU over the dates: the share of active players of a day, in the mean.',
      ),
    }),
  ),
});
