import { date, flag, money, number, players, share, whole } from '../column.ts';
import type { Table } from '../table.ts';

const immature = { nullWhen: 'the cell is not mature' };

/** `cohort_ltv`. */
export const cohortLtv: Table = {
  row: 'A cohort and an age in days, up to the age of the data',
  definition: 'What the players acquired on a day have brought in, and how many of them have paid, by age.',
  key: ['cohort_date', 'day_n'],
  madeFrom: ['player_days', 'players'],
  restated: { day: 'cohort_date', rows: 'mature', marks: ['mature', 'gaps_before'] },
  columns: {
    cohort_date: date('UTC day of acquisition.'),
    day_n: whole('Age.', { unit: 'days' }),
    cohort_size: players('Players acquired on the day.'),
    revenue: money('IAP revenue of the cohort up to and with the age.', immature),
    ad_revenue: money('Ad revenue of the cohort up to and with the age.', immature),
    ltv: number('(`revenue` + `ad_revenue`) / `cohort_size`: observed lifetime value.', {
      unit: 'base currency',
      ...immature,
    }),
    ltv_iap: number('`revenue` / `cohort_size`.', { unit: 'base currency', ...immature }),
    payers: players('Players of the cohort who have paid by the age.', immature),
    paid_share: share('`payers` / `cohort_size`.', immature),
    mature: flag('Whether the cohort day and the day of the age are complete.'),
    gaps_before: whole('Incomplete days in the data before the day of the age.', {
      unit: 'days',
      ...immature,
    }),
  },
};
