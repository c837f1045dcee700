import type { Config } from '../../../config/schema.ts';
import { tables } from '../../../schema/tables.ts';
import type { Answer } from '../../api/routes.ts';
import type { DistinctMetric } from './kpis.ts';

type Definition = Answer<'definitions'>['metrics'][string];

const money = { unit: 'base currency', nullWhen: 'nobody was active' };

/** Metrics that pages work out, beside those of distinct players. */
type WorkedOut = 'sessions_per_player' | 'new_payers' | 'share_of_revenue' | 'hourly_players';

/** Metrics that no table has. */
const workedOut: Readonly<Record<DistinctMetric | WorkedOut, Definition>> = {
  arpu: { definition: 'IAP revenue of the range / distinct players active in it.', ...money },
  arppu_period: {
    definition: 'IAP revenue of the range / distinct players who bought for more than 0 in it.',
    unit: 'base currency',
    nullWhen: 'nobody paid',
  },
  payer_rate_period: {
    definition: 'Distinct players who bought for more than 0 in the range / distinct players active in it.',
    unit: 'share',
    nullWhen: 'nobody was active',
  },
  sessions_per_player: {
    definition: 'Sessions / `dau`, summed over days: sessions of a player on a day of play.',
    unit: 'sessions',
    nullWhen: 'nobody was active',
  },
  new_payers: {
    definition: 'Players whose first purchase for more than 0 was on the day.',
    unit: 'players',
    nullWhen: 'the day is not complete',
  },
  share_of_revenue: {
    definition:
      'IAP revenue of the payers who paid most in the range / IAP revenue of the range. A share of payers is rounded up to whole players.',
    unit: 'share',
    nullWhen: 'nobody paid',
  },
  hourly_players: {
    definition:
      'Distinct players with an event in the UTC hour, in the mean over the dates of the weekday that have events; an hour without events counts as 0.',
    unit: 'players',
    nullWhen: null,
  },
  active_players: {
    definition: 'Distinct players with at least one event in the range.',
    unit: 'players',
    nullWhen: null,
  },
  paying_players: {
    definition: 'Distinct players who bought for more than 0 in the range.',
    unit: 'players',
    nullWhen: null,
  },
};

/** Tables whose columns pages show; of a name that several have, the first one's definition holds. */
const shown = [
  'daily_metrics',
  'event_type_daily',
  'retention_cohorts',
  'cohort_ltv',
  'level_funnel',
  'conversion_funnel',
  'hourly_activity',
] as const;

/** Definition of each metric that pages show, as the tables declare it. */
export function answerDefinitions({ pipeline }: Config): Answer<'definitions'> {
  const metrics: Record<string, Definition> = { ...workedOut };
  for (const table of shown)
    for (const [name, { definition, unit, nullWhen }] of Object.entries(tables[table].columns))
      metrics[name] ??= { definition, unit, nullWhen };
  return { metrics, baseCurrency: pipeline.baseCurrency };
}
