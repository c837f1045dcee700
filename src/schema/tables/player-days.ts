import { date, events, flag, instant, money, text, whole } from '../column.ts';
import { type EventTypeName, eventTypeNames } from '../contract.ts';
import type { Table } from '../table.ts';

/** Column of `player_days` that counts a type's events. */
export function countColumnOf(type: EventTypeName): string {
  return `${type}_events`;
}

/** `player_days`. */
export const playerDays: Table = {
  row: 'A player on a date with at least one event',
  definition:
    'What a player did on a day. Cross-day tables are made from it, and a combination of filters is answered from it, joined with `players`.',
  key: ['date', 'player_id'],
  madeFrom: ['events_cleaned'],
  columns: {
    date: date('UTC day.'),
    player_id: text('Id of the player.'),
    events: events('Events of the player on the date.'),
    first_event_at: instant('First of them.'),
    last_event_at: instant('Last of them.'),
    ...Object.fromEntries(
      eventTypeNames.map((type) => [countColumnOf(type), events(`Of these, \`${type}\`.`)]),
    ),
    levels_completed: events('`level_complete` with `success`.'),
    highest_level: whole('Highest `level` of an event.', { unit: 'level', nullWhen: 'no event has a level' }),
    purchases_unconverted: events('`purchase` in a currency without a known rate; not in `revenue`.'),
    is_payer: flag('Whether the player bought for more than 0, in any currency.'),
    revenue: money('Sum of `amount_base` of purchases (IAP).'),
    ad_revenue: money('Sum of `revenue` of `ad_watched`.'),
    country: text('Last one that an event of the date tells.', { nullWhen: 'none tells it' }),
    platform: text('Last one that an event of the date tells.', { nullWhen: 'none tells it' }),
    source: text('Last one that an event of the date tells.', { nullWhen: 'none tells it' }),
  },
};
