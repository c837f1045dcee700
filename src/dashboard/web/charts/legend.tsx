import type { PlotSeries, PlotShape } from './plot-types.ts';

/** What each line or colour of a plot stands for. */
export function Legend({
  series,
  shape,
}: {
  readonly series: readonly PlotSeries[];
  readonly shape: PlotShape;
}) {
  return (
    <ul className="legend">
      {series.map(({ key, label, color, dashes }) => (
        <li key={key}>
          <svg width={22} height={12} aria-hidden="true">
            {shape === 'lines' ? (
              <line
                x1={0}
                x2={22}
                y1={6}
                y2={6}
                stroke={color}
                strokeWidth={2.5}
                strokeDasharray={dashes ?? ''}
              />
            ) : (
              <rect width={14} height={12} x={4} rx={2} fill={color} />
            )}
          </svg>
          {label}
        </li>
      ))}
    </ul>
  );
}
