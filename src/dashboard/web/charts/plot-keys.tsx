import { type KeyboardEvent, type ReactNode, useState } from 'react';
import { formatNumber } from '../format/number.ts';
import { keepSingleStop } from './keep-single-stop.ts';
import type { PlotPoint, PlotProps } from './plot-types.ts';

/** Makes a plot a place that Tab reaches: arrow keys, Home and End go from point to point, and what is there is shown and spoken. */
export function PlotKeys({ title, points, series, kind, currency, onOpen, children }: PlotKeysProps) {
  const [chosen, setActive] = useState<number | null>(null);
  const last = points.length - 1;
  const active = chosen === null ? null : Math.min(chosen, last);
  const describe = (point: PlotPoint | undefined) =>
    point === undefined
      ? ''
      : [
          `${point.label}:`,
          series
            .map(({ key, label }) => `${label} ${formatNumber(point.values[key], kind, currency)}`)
            .join(', '),
          point.note ?? '',
        ].join(' ');
  const onKeyDown = (event: KeyboardEvent) => {
    const at = active ?? last;
    const target = { ArrowLeft: at - (active === null ? 0 : 1), ArrowRight: at + 1, Home: 0, End: last }[
      event.key
    ];
    if (target !== undefined) {
      event.preventDefault();
      setActive(Math.max(0, Math.min(last, target)));
    } else if (event.key === 'Enter' && active !== null) onOpen?.(active);
    else if (event.key === 'Escape') setActive(null);
  };
  return (
    <>
      <div
        ref={keepSingleStop}
        className={onOpen === undefined ? 'plot' : 'plot plot-open'}
        role="slider"
        tabIndex={0}
        aria-label={`${title}, chart`}
        aria-roledescription="chart"
        aria-valuemin={0}
        aria-valuemax={Math.max(last, 0)}
        aria-valuenow={active ?? last}
        aria-valuetext={describe(points[active ?? last])}
        onKeyDown={onKeyDown}
        onBlur={() => setActive(null)}
      >
        {children(active)}
      </div>
      <p className="readout">{active === null ? '' : describe(points[active])}</p>
    </>
  );
}

/** What they go over. */
export interface PlotKeysProps extends Pick<PlotProps, 'points' | 'series' | 'kind' | 'currency' | 'onOpen'> {
  readonly title: string;
  readonly children: (active: number | null) => ReactNode;
}
