import { type Column, events, money, number, players, share, whole } from './column.ts';

const noOne = 'nobody was active';
const noPayer = 'nobody paid';
const yesterdayGap = 'the day before is not complete';

/** Those of the metrics below that follow from sessions. */
export const sessionMetrics = [
  'sessions',
  'session_length_mean',
  'session_length_p50',
  'session_length_p90',
  'events_per_session',
] as const;

/** Metrics of a group of players on a date, in the order of their columns: of all players, or of those who share something. */
export const groupMetrics = {
  dau: players('Daily active users: distinct players with at least one event. Never to be added up.'),
  wau: players('Distinct players over the trailing 7 days, the date included.', {
    nullWhen: 'one of the 7 days is not complete',
  }),
  mau: players('Distinct players over the trailing 30 days, the date included.', {
    nullWhen: 'one of the 30 days is not complete',
  }),
  stickiness: share('`dau` / `mau`.', { nullWhen: '`mau` is null or 0' }),
  new_players: players('Active players acquired on the date.'),
  returning_players: players('Active players who are not new and were active the day before.', {
    nullWhen: yesterdayGap,
  }),
  resurrected_players: players('Active players who are neither new nor returning.', {
    nullWhen: yesterdayGap,
  }),
  dormant_players: players('Players who were active the day before and are not on the date.', {
    nullWhen: yesterdayGap,
  }),
  events: events('Accepted events, each once.'),
  sessions: whole('Sessions that begin on the date.', { unit: 'sessions' }),
  session_length_mean: number('Mean length of these sessions, from first to last event.', {
    unit: 'seconds',
    nullWhen: 'there is no session',
  }),
  session_length_p50: number('Median length of these sessions.', {
    unit: 'seconds',
    nullWhen: 'there is no session',
  }),
  session_length_p90: number('90th percentile of the lengths of these sessions.', {
    unit: 'seconds',
    nullWhen: 'there is no session',
  }),
  events_per_session: number('Mean number of events of these sessions.', {
    unit: 'events',
    nullWhen: 'there is no session',
  }),
  revenue: money('In-app purchase (IAP) revenue: sum of `amount_base`.'),
  ad_revenue: money('Sum of `revenue` of `ad_watched`.'),
  payers: players('Active players who bought for more than 0 on the date.'),
  conversion_rate: share('`payers` / `dau`.', { nullWhen: noOne }),
  arpdau: number('(`revenue` + `ad_revenue`) / `dau`.', { unit: 'base currency', nullWhen: noOne }),
  arpdau_iap: number('`revenue` / `dau`.', { unit: 'base currency', nullWhen: noOne }),
  arppu: number('`revenue` / `payers`.', { unit: 'base currency', nullWhen: noPayer }),
} as const satisfies Readonly<Record<string, Column>>;
