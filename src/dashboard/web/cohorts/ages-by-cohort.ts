import type { Answer } from '../../api/routes.ts';
import type { PlotPoint, PlotSeries } from '../charts/plot-types.ts';
import { nameAge } from '../charts/retention-points.ts';
import { seriesLook } from '../charts/series-of.ts';
import { formatDay, formatShortDay } from '../format/locale.ts';
import { formatNumber } from '../format/number.ts';
import { cellAt } from './cell-at.ts';

/** Ages that studios speak of. */
const usual = new Set([1, 7, 30]);

/** Retention at a few ages by cohort: D1, D7 and D30, or every bracket. */
export function agesByCohort({ kind, pooled, cohorts }: Answer<'retention'>): {
  readonly points: PlotPoint[];
  readonly series: PlotSeries[];
} {
  const ages = pooled.filter(({ day_n }) => kind === 'bracket' || usual.has(day_n));
  const points = cohorts.map((cohort): PlotPoint => {
    const { cohort_date, cohort_size } = cohort;
    const values = ages.map((age) => [nameAge(age), cellAt(cohort, age)?.rate ?? null]);
    return {
      key: cohort_date,
      tick: formatShortDay(cohort_date),
      label: formatDay(cohort_date),
      day: cohort_date,
      note: `${formatNumber(cohort_size, 'count', '')} players`,
      values: Object.fromEntries(values),
    };
  });
  const series = ages.map((age, n) => ({ key: nameAge(age), label: nameAge(age), ...seriesLook(n) }));
  return { points, series };
}
