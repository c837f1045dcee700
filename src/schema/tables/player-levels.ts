import { date, events, instant, number, text, whole } from '../column.ts';
import type { Table } from '../table.ts';

const noWin = 'the level was not won on the date';

/** `player_levels`. */
export const playerLevels: Table = {
  row: 'A player and level on a date with a start or an end of that level',
  definition: 'What a player did at a level on a day: the level funnel is made from it.',
  key: ['date', 'player_id', 'level'],
  madeFrom: ['events_cleaned'],
  columns: {
    date: date('UTC day.'),
    player_id: text('Id of the player.'),
    level: whole('Level number.'),
    starts: events('`level_start`.'),
    wins: events('`level_complete` with `success`.'),
    losses: events('`level_complete` without `success`.'),
    time_spent_s: number('Sum of `time_spent` of wins and losses, to the microsecond.', {
      unit: 'seconds',
      nullWhen: 'one of them does not say it, or says three years or more',
    }),
    starts_until_win: events('Starts no later than the first win of the date.', { nullWhen: noWin }),
    time_until_win_s: number('`time_spent` up to and with the first win of the date.', {
      unit: 'seconds',
      nullWhen: `${noWin}, or a time in it is not known`,
    }),
    first_start_at: instant('First start of the date.', { nullWhen: 'there was none' }),
    first_win_at: instant('First win of the date.', { nullWhen: noWin }),
  },
};
