import { addDays, type Day } from '../../../domain/day.ts';
import type { Daily, DailyMetric } from '../../api/daily.ts';
import { formatDay, formatShortDay } from '../format/locale.ts';
import type { PlotPoint, PlotSeries } from './plot-types.ts';

/** The key of a series of the days before. */
export const BEFORE = 'previous';

const noteOf = ({ complete, settled }: Daily) => {
  if (!complete) return 'Incomplete: its own data has not been published.';
  return settled ? undefined : 'Late events may still come.';
};

/** Days of `daily_metrics` as points of a chart, with some of their metrics; beside the first of these the day that many days before, where such are given. */
export function pointsOfDays(
  daily: readonly Daily[],
  metrics: readonly DailyMetric[],
  previous: PreviousDays | null = null,
): PlotPoint[] {
  const [first] = metrics;
  const before = new Map(previous?.daily.map((day) => [day.date, day]));
  return daily.map((day) => ({
    key: day.date,
    tick: formatShortDay(day.date),
    label: formatDay(day.date),
    day: day.date,
    isIncomplete: !day.complete,
    note: noteOf(day),
    values: {
      ...Object.fromEntries(metrics.map((metric) => [metric, day[metric]])),
      ...(previous === null || first === undefined
        ? {}
        : { [BEFORE]: before.get(addDays(day.date as Day, -previous.length))?.[first] ?? null }),
    },
  }));
}

/** The days before a range, which has a length in days. */
export interface PreviousDays {
  readonly daily: readonly Daily[];
  readonly length: number;
}

/** The series of the days before. */
export const beforeSeries: PlotSeries = {
  key: BEFORE,
  label: 'Period before',
  color: 'var(--series-before)',
  dashes: '5 4',
};
