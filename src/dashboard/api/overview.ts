import { z } from 'zod';
import { dailySchema, kpiSchema } from './daily.ts';
import { answer, date, known } from './meta.ts';

/** Retention of cohorts taken together: Σ retained / Σ cohort size over the mature ones. */
export const pooledSchema = z.object({
  day_n: z.number(),
  day_from: z.number(),
  rate: known,
  cohorts: z.number(),
  players: z.number(),
});

/** Answer of the overview. */
export const overviewSchema = answer({
  kpis: z.array(kpiSchema),
  daily: z.array(dailySchema),
  previous: z.array(dailySchema).nullable(),
  eventTypes: z.array(z.object({ date, event_type: z.string(), events: z.number() })),
  retention: z.array(pooledSchema),
});
