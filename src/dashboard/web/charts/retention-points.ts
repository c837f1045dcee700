import type { Answer } from '../../api/routes.ts';
import { formatNumber } from '../format/number.ts';
import type { PlotPoint, PlotSeries } from './plot-types.ts';

/** How an age is called: `D7`, and `D7–D13` where it spans days. */
export function nameAge({ day_n, day_from }: { readonly day_n: number; readonly day_from: number }): string {
  return day_from === day_n ? `D${day_n}` : `D${day_from}–D${day_n}`;
}

/** Retention of cohorts together as points of a curve; an age that no cohort has reached is no point. */
export function pointsOfAges(pooled: Answer<'overview'>['retention']): PlotPoint[] {
  return pooled
    .filter(({ rate, day_n }) => rate !== null && day_n > 0)
    .map((age) => ({
      key: nameAge(age),
      tick: nameAge(age),
      label: nameAge(age),
      note: `${formatNumber(age.players, 'count', '')} players of ${formatNumber(age.cohorts, 'count', '')} cohorts`,
      values: { rate: age.rate },
    }));
}

/** Its only series. */
export const retentionSeries: readonly PlotSeries[] = [
  { key: 'rate', label: 'Retention', color: 'var(--series-1)' },
];
