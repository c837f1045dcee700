import { date, flag, number, share, whole } from '../column.ts';
import { groupMetrics, sessionMetrics } from '../metrics.ts';
import type { Table } from '../table.ts';

const retention = (n: number) =>
  share(`Share of the players acquired on the date who were active on exactly the day ${n} days later.`, {
    nullWhen: 'the cell is not mature, or nobody was acquired',
  });

/** `daily_metrics`. */
export const dailyMetrics: Table = {
  row: 'A date from the first to the last one known',
  definition:
    'The game’s day in numbers. A date without events has zeros when it is complete; when it is not, nothing is known of it and its metrics are null.',
  key: ['date'],
  madeFrom: ['player_days', 'sessions', 'players', 'retention_cohorts'],
  restated: { day: 'date', marks: ['complete', 'settled', 'gaps_before'], ofSessions: sessionMetrics },
  columns: {
    date: date('UTC day.'),
    ...groupMetrics,
    arpu_total: number('All `revenue` up to and with the date / all players ever active up to and with it.', {
      unit: 'base currency',
      nullWhen: 'there are none',
    }),
    retention_d1: retention(1),
    retention_d7: retention(7),
    retention_d30: retention(30),
    complete: flag('Whether the date’s own arrival was published.'),
    settled: flag('Whether every arrival that may still bring events of the date was published.'),
    gaps_before: whole('Incomplete days earlier in the data: what rests on whole lives may be off by them.', {
      unit: 'days',
    }),
  },
};
