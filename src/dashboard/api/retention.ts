import { z } from 'zod';
import { answer, date, known } from './meta.ts';
import { pooledSchema } from './overview.ts';
import { scopeSchema } from './scope.ts';

/** Kinds of retention. */
export const retentionKinds = ['classic', 'rolling', 'bracket'] as const;

/** What the retention page is asked for; the range is of cohorts. */
export const retentionQuery = scopeSchema.safeExtend({ kind: z.enum(retentionKinds).default('classic') });

/** Answer of the retention page. */
export const retentionSchema = answer({
  kind: z.enum(retentionKinds),
  observedTo: date.nullable().describe('Last complete day: the horizon of rolling retention.'),
  cohorts: z.array(
    z.object({
      cohort_date: date,
      cohort_size: z.number(),
      cells: z.array(
        z.object({
          day_n: z.number(),
          day_from: z.number(),
          retained: known,
          rate: known,
          mature: z.boolean(),
        }),
      ),
    }),
  ),
  pooled: z.array(pooledSchema),
});
