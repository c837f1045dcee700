import { date, events, flag, instant, money, number, text, whole } from '../column.ts';
import type { Table } from '../table.ts';

/** `sessions`. */
export const sessions: Table = {
  row: 'A session',
  definition:
    'A run of a player’s events. A new one begins at an event more than 30 minutes after the one before, strictly later than a `session_end`, or that is a `session_start` strictly later than the event before. It belongs to the day it begins, with the part after midnight, unless that part goes on past noon UTC: then it is cut at midnight.',
  key: ['date', 'player_id', 'session_number'],
  madeFrom: ['events_cleaned of the day and its two neighbours'],
  columns: {
    date: date('UTC day on which it begins.'),
    player_id: text('Id of the player.'),
    session_number: whole('Its place among the player’s sessions of the date, from 1.'),
    started_at: instant('Its first event.'),
    ended_at: instant('Its last event.'),
    duration_s: number('From its first to its last event.', { unit: 'seconds' }),
    events: events('Events in it.'),
    purchases: events('`purchase` events in it.'),
    revenue: money('Sum of `amount_base` of its purchases.'),
    ad_revenue: money('Sum of `revenue` of its `ad_watched`.'),
    is_open: flag(
      'Whether it runs at the end of its day while the next day is not complete: it may still grow, and is restated then.',
    ),
  },
};
