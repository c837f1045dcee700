import { date, flag, players, share, text, whole } from '../column.ts';
import type { Table } from '../table.ts';

const immature = 'the cell is not mature';

/** `retention_cohorts`. */
export const retentionCohorts: Table = {
  row: 'A cohort, a kind of retention and a day N',
  definition:
    'How many of the players acquired on a day came back. `classic`: active on exactly day N; mature when the cohort day and day N are complete. `rolling`: active on day N or later; mature when each day from N to the horizon is complete. `bracket`: active at least once on days `day_from` to N; mature when each of them is complete. A pooled rate is Σ retained / Σ cohort_size over mature cells.',
  key: ['cohort_date', 'kind', 'day_n', 'day_from'],
  madeFrom: ['player_days', 'players'],
  restated: {
    day: 'cohort_date',
    rows: "kind <> 'rolling' AND mature",
    marks: ['mature', 'observed_to'],
  },
  columns: {
    cohort_date: date('UTC day of acquisition.'),
    day_n: whole('Days after it; of a bracket the last.', { unit: 'days' }),
    kind: text('`classic`, `rolling` or `bracket`.'),
    day_from: whole('First day of a bracket; `day_n` otherwise.', { unit: 'days' }),
    cohort_size: players('Players acquired on the day.'),
    retained: players('Of these, those who came back; 0 when nobody did.', { nullWhen: immature }),
    rate: share('`retained` / `cohort_size`.', { nullWhen: immature }),
    mature: flag('Whether everything that decides the cell is known.'),
    observed_to: date('Last day that the cell looks at; of rolling retention the horizon.', {
      nullWhen: 'no day is complete',
    }),
  },
};
