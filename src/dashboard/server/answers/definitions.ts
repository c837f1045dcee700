import type { Config } from '../../../config/schema.ts';
import { tables } from '../../../schema/tables.ts';
import type { Answer } from '../../api/routes.ts';
import type { DistinctMetric } from './kpis.ts';

type Definition = Answer<'definitions'>['metrics'][string];

const money = { unit: 'base currency', nullWhen: 'nobody was active' };

/** Metrics of a range of days, which no table has. */
const ofRange: Readonly<Record<DistinctMetric, Definition>> = {
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
  const metrics: Record<string, Definition> = { ...ofRange };
  for (const table of shown)
    for (const [name, { definition, unit, nullWhen }] of Object.entries(tables[table].columns))
      metrics[name] ??= { definition, unit, nullWhen };
  return { metrics, baseCurrency: pipeline.baseCurrency };
}
