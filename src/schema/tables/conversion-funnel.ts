import { date, flag, number, players, share, text, whole } from '../column.ts';
import type { Table } from '../table.ts';

const immature = 'the window is not complete';

/** `conversion_funnel`. */
export const conversionFunnel: Table = {
  row: 'An entry date and a step of the configured funnel',
  definition:
    'How far players got through the ordered steps of `tables.funnelSteps` within its window. A player enters once, at the first match of step 1; a step is reached at its first match at or after the time of the one before.',
  key: ['entry_date', 'step'],
  madeFrom: ['funnel_steps'],
  restated: { day: 'entry_date', marks: ['name', 'mature', 'gaps_before'] },
  columns: {
    entry_date: date('UTC day on which the players entered.'),
    step: whole('Place of the step, from 1.'),
    name: text('Its name.'),
    players: players('Players who reached it within the window.', { nullWhen: immature }),
    rate_of_entered: share('`players` / players who entered.', { nullWhen: immature }),
    rate_of_previous: share('`players` / players who reached the step before.', {
      nullWhen: `${immature}, it is the first step, or nobody reached the one before`,
    }),
    seconds_from_entry_p50: number('Median time from the entry, of who reached it.', {
      unit: 'seconds',
      nullWhen: `${immature}, or nobody reached it`,
    }),
    mature: flag('Whether every day of the window is complete.'),
    gaps_before: whole(
      'Incomplete days earlier in the data: who entered on one of them counts as entering later.',
      {
        unit: 'days',
      },
    ),
  },
};
