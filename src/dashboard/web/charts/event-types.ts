import type { Daily } from '../../api/daily.ts';
import type { Answer } from '../../api/routes.ts';
import { pointsOfDays } from './day-points.ts';
import type { PlotPoint, PlotSeries } from './plot-types.ts';
import { seriesLook } from './series-of.ts';

const MOST_TYPES = 7;
const OTHER = 'other types';

/** Days with their events by type: the most frequent types of the range, and the rest together. */
export function eventTypePlot(
  daily: readonly Daily[],
  eventTypes: Answer<'overview'>['eventTypes'],
): { readonly points: PlotPoint[]; readonly series: PlotSeries[] } {
  const totals = Map.groupBy(eventTypes, ({ event_type }) => event_type);
  const sum = (rows: Answer<'overview'>['eventTypes']) => rows.reduce((all, { events }) => all + events, 0);
  const ranked = [...totals]
    .map(([type, rows]) => ({ type, events: sum(rows) }))
    .sort((a, b) => b.events - a.events);
  const shown = ranked.length > MOST_TYPES + 1 ? ranked.slice(0, MOST_TYPES) : ranked;
  const names = new Set(shown.map(({ type }) => type));
  const keys = [...names, ...(shown.length < ranked.length ? [OTHER] : [])];
  const byDay = Map.groupBy(eventTypes, ({ date }) => date);
  const points = pointsOfDays(daily, []).map((point) => {
    const rows = byDay.get(point.key) ?? [];
    const valueOf = (key: string) =>
      sum(rows.filter(({ event_type }) => (key === OTHER ? !names.has(event_type) : event_type === key)));
    const values =
      point.isIncomplete === true && rows.length === 0
        ? {}
        : Object.fromEntries(keys.map((key) => [key, valueOf(key)]));
    return { ...point, values };
  });
  const series = keys.map((key, n) => ({ key, label: key, ...seriesLook(n) }));
  return { points, series };
}
