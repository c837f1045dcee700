import type { Answer } from '../../api/routes.ts';
import { formatNumber } from '../format/number.ts';
import type { PlotPoint, PlotSeries } from './plot-types.ts';

/** How an age is called: `D7`, and `D7–D13` where it spans days. */
export function nameAge({ day_n, day_from }: { readonly day_n: number; readonly day_from: number }): string {
  return day_from === day_n ? `D${day_n}` : `D${day_from}–D${day_n}`;
}

/** How many players an age of cohorts together rests on. */
export function noteAge({
  players,
  cohorts,
}: {
  readonly players: number;
  readonly cohorts: number;
}): string {
  return `${formatNumber(players, 'count', '')} players of ${formatNumber(cohorts, 'count', '')} ${cohorts === 1 ? 'cohort' : 'cohorts'}`;
}

/** Retention of cohorts together as points of a curve; an age that no cohort has reached is no point. */
export function pointsOfAges(pooled: Answer<'overview'>['retention']): PlotPoint[] {
  return pooled
    .filter(({ rate, day_n }) => rate !== null && day_n > 0)
    .map((age) => ({
      key: nameAge(age),
      tick: nameAge(age),
      label: nameAge(age),
      note: noteAge(age),
      values: { rate: age.rate },
    }));
}

/** Its only series. */
export const retentionSeries: readonly PlotSeries[] = [
  { key: 'rate', label: 'Retention', color: 'var(--series-1)' },
];
