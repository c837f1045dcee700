import { date, flag, text } from '../column.ts';
import { groupMetrics, sessionMetrics } from '../metrics.ts';
import type { Table } from '../table.ts';

/** What players are told apart by, one at a time. */
export const dimensions = ['segment', 'country', 'platform', 'source', 'acquisition_week'] as const;

/** `daily_metrics_by`. */
export const dailyMetricsBy: Table = {
  row: 'A date, a dimension and a value of it that an active player has',
  definition:
    'The metrics of `daily_metrics` for the players who share one thing, by what `players` says of them. A player has one value of a dimension, so values of one dimension may be compared; distinct players must not be added up over dates.',
  key: ['date', 'dimension', 'value'],
  madeFrom: ['player_days', 'sessions', 'players'],
  restated: { day: 'date', marks: ['complete'], ofSessions: sessionMetrics },
  columns: {
    date: date('UTC day.'),
    dimension: text('One of segment, country, platform, source, acquisition_week.'),
    value: text('Its value; a week is named by its Monday.', { nullWhen: 'it is not known of the players' }),
    ...groupMetrics,
    complete: flag('Whether the date’s own arrival was published.'),
  },
};
