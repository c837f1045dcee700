import { z } from 'zod';
import { dailySchema, kpiSchema } from './daily.ts';
import { answer, date, known } from './meta.ts';

/** Answer of the revenue page. */
export const revenueSchema = answer({
  kpis: z.array(kpiSchema),
  daily: z.array(dailySchema),
  previous: z.array(dailySchema).nullable(),
  newPayers: z.array(z.object({ date, players: z.number() })),
  ltv: z
    .array(
      z.object({
        day_n: z.number(),
        ltv: known,
        ltv_iap: known,
        paid_share: known,
        cohorts: z.number(),
        players: z.number(),
      }),
    )
    .describe('Cohorts of the range taken together: Σ revenue / Σ cohort size over those as old as the age.'),
  concentration: z
    .array(
      z.object({
        share_of_payers: z.number(),
        payers: z.number(),
        revenue: z.number(),
        share_of_revenue: known,
      }),
    )
    .describe('What the payers of the range who paid most brought in, IAP.'),
  unconverted: z
    .array(z.object({ currency: z.string(), purchases: z.number(), amount: z.number() }))
    .describe('Purchases in currencies without a rate, which no revenue contains.'),
});
