import { date, instant, text, whole } from '../column.ts';
import type { Table } from '../table.ts';

/** `funnel_steps`. */
export const funnelSteps: Table = {
  row: 'An event that matches a step of the conversion funnel, and the step',
  definition:
    'The steps of the configured funnel (`tables.funnelSteps`) that players took on a day, as far as they can decide a funnel: the conversion funnel is made from them.',
  key: ['date', 'player_id', 'matched_at', 'step'],
  madeFrom: ['events_cleaned'],
  columns: {
    date: date('UTC day.'),
    player_id: text('Id of the player.'),
    step: whole('Place of the step in the funnel, from 1.'),
    matched_at: instant('When the event happened.'),
  },
};
