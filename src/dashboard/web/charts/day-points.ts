import { addDays, type Day, daysBetween } from '../../../domain/day.ts';
import type { Daily, DailyMetric } from '../../api/daily.ts';
import { formatDay, formatShortDay } from '../format/locale.ts';
import type { PlotPoint, PlotSeries } from './plot-types.ts';

/** The key of a series of the days before. */
export const BEFORE = 'previous';

const noteOf = ({ complete, settled }: Daily) => {
  if (!complete) return 'Incomplete: its own data has not been published.';
  return settled ? undefined : 'Late events may still come.';
};

/** What a point says of a day: a metric of `daily_metrics`, or something that follows from the day. */
export type DayValue =
  | DailyMetric
  | { readonly key: string; readonly valueOf: (day: Daily) => number | null };

const keyOf = (value: DayValue) => (typeof value === 'string' ? value : value.key);
const valueIn = (day: Daily, value: DayValue) =>
  typeof value === 'string' ? day[value] : value.valueOf(day);

/** Days of `daily_metrics` as points of a chart, with some values; beside the first of these the day that many days before, where such are given. */
export function pointsOfDays(
  daily: readonly Daily[],
  shown: readonly DayValue[],
  previous: PreviousDays | null = null,
): PlotPoint[] {
  const [first] = shown;
  const before = new Map(previous?.daily.map((day) => [day.date, day]));
  const valueBefore = (value: DayValue, { date }: Daily, length: number) => {
    const day = before.get(addDays(date as Day, -length));
    return day === undefined ? null : valueIn(day, value);
  };
  return daily.map((day) => ({
    key: day.date,
    tick: formatShortDay(day.date),
    label: formatDay(day.date),
    day: day.date,
    isIncomplete: !day.complete,
    note: noteOf(day),
    values: {
      ...Object.fromEntries(shown.map((value) => [keyOf(value), valueIn(day, value)])),
      ...(previous === null || first === undefined
        ? {}
        : { [BEFORE]: valueBefore(first, day, previous.length) }),
    },
  }));
}

/** The days before a range, which has a length in days. */
export interface PreviousDays {
  readonly daily: readonly Daily[];
  readonly length: number;
}

/** The days before a range, where the answer has them. */
export function daysBefore(
  { daily, previous }: { readonly daily: readonly Daily[]; readonly previous: readonly Daily[] | null },
  range: { readonly from: string; readonly to: string } | null,
): PreviousDays | null {
  if (previous === null) return null;
  const length = range === null ? daily.length : daysBetween(range.from as Day, range.to as Day) + 1;
  return { daily: previous, length };
}

/** The series of the days before. */
const beforeSeries: PlotSeries = {
  key: BEFORE,
  label: 'Period before',
  color: 'var(--series-before)',
  dashes: '5 4',
};

/** Series with that of the days before, where there are such days. */
export function withBefore(
  series: readonly PlotSeries[],
  before: PreviousDays | null,
): readonly PlotSeries[] {
  return before === null ? series : [...series, beforeSeries];
}
