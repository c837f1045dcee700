import { nameMetric } from '../format/metric-names.ts';
import { type PlotSeries, seriesColors } from './plot-types.ts';

const dashes = [undefined, '7 3', '2 3', '9 3 2 3'];

/** Series of metrics, by their names; each line has dashes of its own, so that colour is not the only sign. */
export function seriesOf(metrics: readonly string[]): PlotSeries[] {
  return metrics.map((metric, n) => {
    const dash = dashes[n % dashes.length];
    return {
      key: metric,
      label: nameMetric(metric).label,
      color: seriesColors[n % seriesColors.length] ?? 'currentcolor',
      ...(dash === undefined ? {} : { dashes: dash }),
    };
  });
}
