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
  retention_d1: { label: 'D1 retention', kind: 'rate' },
  retention_d7: { label: 'D7 retention', kind: 'rate' },
  retention_d30: { label: 'D30 retention', kind: 'rate' },
};

/** The name of a metric; one that is not listed goes by its own. */
export function nameMetric(metric: string): MetricName {
  return metricNames[metric] ?? { label: metric, kind: 'decimal' };
}
