import { date, events, number, players, share, whole } from '../column.ts';
import type { Table } from '../table.ts';

const noAttempt = 'nobody has won it';

/** `level_funnel`. */
export const levelFunnel: Table = {
  row: 'A date and a level that players started for the first time on it',
  definition:
    'How players who first started a level on a day fared at it, on that day and later: it is restated as they go on.',
  key: ['date', 'level'],
  madeFrom: ['player_levels'],
  columns: {
    date: date('UTC day of the players’ first start of the level.'),
    level: whole('Level number.'),
    players_started: players('Players who first started it on the date.'),
    players_completed: players('Of these, those who have won it, on any day.'),
    completion_rate: share('`players_completed` / `players_started`.'),
    dropped_off: players('`players_started` − `players_completed`.'),
    drop_off_rate: share('`dropped_off` / `players_started`.'),
    attempts: events('Starts of the level by these players.'),
    wins: events('Wins of the level by these players.'),
    attempt_success_rate: share('`wins` / `attempts`; above 1 where starts got lost.'),
    attempts_to_win_p50: number('Median number of starts up to the first win, of who has won.', {
      unit: 'events',
      nullWhen: noAttempt,
    }),
    time_to_win_s_p50: number(
      'Median time spent up to the first win, of who has won and whose times are all known.',
      {
        unit: 'seconds',
        nullWhen: noAttempt,
      },
    ),
    gaps_before: whole('Incomplete days earlier in the data.', { unit: 'days' }),
  },
};
