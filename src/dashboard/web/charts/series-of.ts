import { nameMetric } from '../format/metric-names.ts';
import { type PlotSeries, seriesColors } from './plot-types.ts';

const dashes = [undefined, '7 3', '2 3', '9 3 2 3'];

/** Colour and dashes of the n-th series, from 0; each line has dashes of its own, so that colour is not the only sign. */
export function seriesLook(n: number): Pick<PlotSeries, 'color' | 'dashes'> {
  const dash = dashes[n % dashes.length];
  const color = seriesColors[n % seriesColors.length] ?? 'currentcolor';
  return dash === undefined ? { color } : { color, dashes: dash };
}

/** Series of metrics, by their names. */
export function seriesOf(metrics: readonly string[]): PlotSeries[] {
  return metrics.map((metric, n) => ({ key: metric, label: nameMetric(metric).label, ...seriesLook(n) }));
}
