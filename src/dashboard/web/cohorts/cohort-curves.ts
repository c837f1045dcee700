import type { Answer } from '../../api/routes.ts';
import type { PlotPoint, PlotSeries } from '../charts/plot-types.ts';
import { nameAge, noteAge } from '../charts/retention-points.ts';
import { seriesLook } from '../charts/series-of.ts';
import { formatDay } from '../format/locale.ts';
import { cellAt } from './cell-at.ts';

const ALL = 'all';

/** Retention by age: of all cohorts together, and of those picked, each a line. Day 0, which is all of them, is left out. */
export function cohortCurves(
  { pooled, cohorts }: Answer<'retention'>,
  picked: readonly string[],
): { readonly points: PlotPoint[]; readonly series: PlotSeries[] } {
  const shown = cohorts.filter(({ cohort_date }) => picked.includes(cohort_date));
  const points = pooled
    .filter(({ day_n }) => day_n > 0)
    .map((age): PlotPoint => {
      const name = nameAge(age);
      const rates = shown.map((cohort) => [cohort.cohort_date, cellAt(cohort, age)?.rate ?? null]);
      return {
        key: name,
        tick: name,
        label: name,
        note: age.rate === null ? 'No cohort is old enough.' : noteAge(age),
        values: { [ALL]: age.rate, ...Object.fromEntries(rates) },
      };
    });
  const series = [
    { key: ALL, label: 'All cohorts, weighted by size', ...seriesLook(0) },
    ...shown.map(({ cohort_date }, n) => ({
      key: cohort_date,
      label: formatDay(cohort_date),
      ...seriesLook(n + 1),
    })),
  ];
  return { points, series };
}
