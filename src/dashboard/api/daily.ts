import { z } from 'zod';
import { date, known } from './meta.ts';

/** Metrics of `daily_metrics` that pages show; docs/tables.md defines them. */
export const dailyMetricNames = [
  'dau',
  'wau',
  'mau',
  'stickiness',
  'new_players',
  'returning_players',
  'resurrected_players',
  'dormant_players',
  'events',
  'sessions',
  'session_length_mean',
  'session_length_p50',
  'session_length_p90',
  'events_per_session',
  'revenue',
  'ad_revenue',
  'payers',
  'conversion_rate',
  'arpdau',
  'arpdau_iap',
  'arppu',
  'arpu_total',
  'retention_d1',
  'retention_d7',
  'retention_d30',
] as const;

/** One of `dailyMetricNames`. */
export type DailyMetric = (typeof dailyMetricNames)[number];

/** A day of `daily_metrics`. */
export const dailySchema = z.object({
  date,
  complete: z.boolean(),
  settled: z.boolean(),
  ...(Object.fromEntries(dailyMetricNames.map((name) => [name, known])) as Record<DailyMetric, typeof known>),
});

/** A day of `daily_metrics`; money as numbers. */
export type Daily = z.output<typeof dailySchema>;

/** One number for a range, beside the range before it. */
export const kpiSchema = z.object({
  metric: z.string(),
  value: known,
  comparedValue: known.describe('The value over the days alone that are complete in both ranges.'),
  previous: known.describe('The same over their counterparts in the range before.'),
  change: known.describe(
    'comparedValue / previous − 1; null when one of them is not known, or previous is 0.',
  ),
  days: z.number().describe('Complete days that the value rests on.'),
  comparedDays: z.number().describe('Pairs of days that the change rests on.'),
  at: date.nullable().describe('The day or cohort that the value is of; null when it is of the whole range.'),
  previousAt: date.nullable(),
  spark: z.array(z.object({ date, value: known })),
});

/** One number for a range, beside the range before it. */
export type Kpi = z.output<typeof kpiSchema>;
