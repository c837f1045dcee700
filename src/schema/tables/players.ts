import { date, events, flag, money, number, text, whole } from '../column.ts';
import type { Table } from '../table.ts';

const noComplete = 'no day is complete';
const days = (definition: string, nullWhen?: string) =>
  whole(definition, { unit: 'days', ...(nullWhen === undefined ? {} : { nullWhen }) });

/** `players`. */
export const players: Table = {
  row: 'A player with at least one accepted event',
  definition:
    'Who a player is and all they did so far, with the features of a churn model: recency, frequency, spend, progress and streaks. `observed_to` is the day that recency and trailing windows look back from.',
  key: ['player_id'],
  madeFrom: ['player_days', 'sessions', 'player profiles'],
  columns: {
    player_id: text('Id of the player.'),
    acquisition_date: date('Earliest of profile date, registration event and first event: the cohort.'),
    acquisition_basis: text('Which of them: `profile`, `registration` or `first_event`.'),
    segment: text('The profile’s.', { nullWhen: 'there is no profile, or it has none' }),
    country: text('The profile’s, else the latest that an event told.', { nullWhen: 'neither tells it' }),
    platform: text('The profile’s, else the latest that an event told.', { nullWhen: 'neither tells it' }),
    source: text('The profile’s, else the latest that an event told.', { nullWhen: 'neither tells it' }),
    first_active_date: date('First date with an event.'),
    last_active_date: date('Last date with an event.'),
    observed_to: date('Last complete day.', { nullWhen: noComplete }),
    days_since_active: days(
      'From `last_active_date` to `observed_to`; 0 for who was active on it or after it.',
      noComplete,
    ),
    active_days: days('Dates with an event.'),
    active_days_7: days('Of the 7 days up to `observed_to`, those with an event.', noComplete),
    active_days_30: days('Of the 30 days up to `observed_to`, those with an event.', noComplete),
    current_streak: days('Dates in a row with an event, up to `last_active_date`.'),
    longest_streak: days('Most dates in a row with an event.'),
    events: events('Events.'),
    sessions: whole('Sessions.', { unit: 'sessions' }),
    session_seconds: number('Length of all sessions together.', { unit: 'seconds' }),
    highest_level: whole('Highest `level` of an event.', { unit: 'level', nullWhen: 'no event has a level' }),
    levels_completed: events('`level_complete` with `success`.'),
    achievements: events('`achievement_unlocked`.'),
    purchases: events('`purchase`, in any currency.'),
    first_purchase_date: date('First date with a purchase for more than 0.', { nullWhen: 'there is none' }),
    last_purchase_date: date('Last date with a purchase for more than 0.', { nullWhen: 'there is none' }),
    revenue: money('IAP revenue.'),
    revenue_30: money('IAP revenue of the 30 days up to `observed_to`.', { nullWhen: noComplete }),
    ads_watched: events('`ad_watched`.'),
    ad_revenue: money('Ad revenue.'),
    is_payer: flag('Whether the player ever bought for more than 0.'),
  },
};
