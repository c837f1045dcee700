import { date, events, money, players, small } from '../column.ts';
import type { Table } from '../table.ts';

/** `hourly_activity`. */
export const hourlyActivity: Table = {
  row: 'An hour of a date that has events; all 24 are there',
  definition:
    'When people play, by UTC hour and weekday. Players of hours do not add up to players of a day.',
  key: ['date', 'hour'],
  madeFrom: ['events_cleaned'],
  restated: { day: 'date', marks: ['weekday'] },
  columns: {
    date: date('UTC day.'),
    weekday: small('Day of the week, 1 (Monday) to 7.'),
    hour: small('UTC hour, 0 to 23.'),
    events: events('Events in the hour.'),
    players: players('Distinct players with an event in the hour.'),
    purchases: events('`purchase` events.'),
    revenue: money('Sum of `amount_base` of purchases (IAP).'),
    ads_watched: events('`ad_watched` events.'),
    ad_revenue: money('Sum of `revenue` of `ad_watched`.'),
  },
};
