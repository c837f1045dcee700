import { date, events, players, share, text } from '../column.ts';
import type { Table } from '../table.ts';

/** `event_type_daily`. */
export const eventTypeDaily: Table = {
  row: 'A date that has events, and an event type of the contract',
  definition: 'How much each kind of event happens, and how many of the active players it reaches.',
  key: ['date', 'event_type'],
  madeFrom: ['player_days'],
  restated: { day: 'date', marks: [] },
  columns: {
    date: date('UTC day.'),
    event_type: text('One of the event types of the contract.'),
    events: events('Events of the type.'),
    players: players('Distinct players with one.'),
    adoption_rate: share('`players` / players active on the date: feature adoption.'),
  },
};
