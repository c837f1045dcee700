import type { NumberKind } from './number.ts';

interface MetricName {
  readonly label: string;
  readonly kind: NumberKind;
}

/** What metrics are called on pages and how their numbers are written; definitions come from the server. */
export const metricNames: Readonly<Record<string, MetricName>> = {
  dau: { label: 'DAU', kind: 'count' },
  wau: { label: 'WAU', kind: 'count' },
  mau: { label: 'MAU', kind: 'count' },
  stickiness: { label: 'Stickiness (DAU / MAU)', kind: 'rate' },
  new_players: { label: 'New players', kind: 'count' },
  returning_players: { label: 'Returning players', kind: 'count' },
  resurrected_players: { label: 'Resurrected players', kind: 'count' },
  dormant_players: { label: 'Dormant players', kind: 'count' },
  events: { label: 'Events', kind: 'count' },
  sessions: { label: 'Sessions', kind: 'count' },
  sessions_per_player: { label: 'Sessions a player', kind: 'decimal' },
  session_length_mean: { label: 'Session length, mean', kind: 'seconds' },
  session_length_p50: { label: 'Session length, median', kind: 'seconds' },
  session_length_p90: { label: 'Session length, p90', kind: 'seconds' },
  events_per_session: { label: 'Events a session', kind: 'decimal' },
  revenue: { label: 'IAP revenue', kind: 'money' },
  ad_revenue: { label: 'Ad revenue', kind: 'money' },
  payers: { label: 'Payers', kind: 'count' },
  conversion_rate: { label: 'Payer rate', kind: 'rate' },
  arpdau: { label: 'ARPDAU', kind: 'money' },
  arpdau_iap: { label: 'ARPDAU, IAP', kind: 'money' },
  arppu: { label: 'ARPPU', kind: 'money' },
  arpu: { label: 'ARPU', kind: 'money' },
  arpu_total: { label: 'ARPU, all time', kind: 'money' },
  arppu_period: { label: 'ARPPU of the range', kind: 'money' },
  payer_rate_period: { label: 'Payer rate of the range', kind: 'rate' },
  active_players: { label: 'Active players', kind: 'count' },
  paying_players: { label: 'Paying players', kind: 'count' },
  new_payers: { label: 'New payers', kind: 'count' },
  paid_share: { label: 'Share who ever paid', kind: 'rate' },
  ltv: { label: 'LTV', kind: 'money' },
  ltv_iap: { label: 'LTV, IAP', kind: 'money' },
  share_of_revenue: { label: 'Share of IAP revenue', kind: 'rate' },
  hourly_players: { label: 'Players of an hour', kind: 'count' },
  players: { label: 'Players', kind: 'count' },
  adoption_rate: { label: 'Adoption', kind: 'rate' },
  players_started: { label: 'Started', kind: 'count' },
  players_completed: { label: 'Completed', kind: 'count' },
  completion_rate: { label: 'Completion', kind: 'rate' },
  dropped_off: { label: 'Dropped off', kind: 'count' },
  drop_off_rate: { label: 'Drop-off', kind: 'rate' },
  attempts: { label: 'Attempts', kind: 'count' },
  attempt_success_rate: { label: 'Attempts won', kind: 'rate' },
  attempts_to_win_p50: { label: 'Attempts to win, median', kind: 'decimal' },
  time_to_win_s_p50: { label: 'Time to win, median', kind: 'seconds' },
  rate_of_entered: { label: 'Of who entered', kind: 'rate' },
  rate_of_previous: { label: 'Of the step before', kind: 'rate' },
  seconds_from_entry_p50: { label: 'Time from entry, median', kind: 'seconds' },
  retention_d1: { label: 'D1 retention', kind: 'rate' },
  retention_d7: { label: 'D7 retention', kind: 'rate' },
  retention_d30: { label: 'D30 retention', kind: 'rate' },
};

/** The name of a metric; one that is not listed goes by its own. */
export function nameMetric(metric: string): MetricName {
  return metricNames[metric] ?? { label: metric, kind: 'decimal' };
}
