import { BarChart, LineChart } from '@mantine/charts';
import '@mantine/charts/styles.css';
import { ReferenceArea, ReferenceLine } from 'recharts';
import { formatAxis, formatNumber } from '../format/number.ts';
import type { PlotPoint, PlotProps } from './plot-types.ts';

/** On the right half a label has room, without which the axis leaves out more than that one. */
const MARGIN = { top: 8, right: 28, bottom: 0, left: 0 };

/** Lines or bars in SVG; keys, spoken values and the table are its frame's. */
export function Plot({ points, series, shape, kind, currency, active, onOpen }: PlotProps) {
  const byKey = new Map(points.map((point) => [point.key, point]));
  const data = points.map(({ key, values }) => ({ key, ...values }));
  const open = (state: { readonly activeTooltipIndex?: unknown }) => {
    const index = Number(state.activeTooltipIndex);
    if (Number.isInteger(index)) onOpen?.(index);
  };
  const shared = {
    h: 'var(--chart-height)',
    data,
    dataKey: 'key',
    series: series.map(({ key, label, color, dashes }) => ({
      name: key,
      label,
      color,
      ...(dashes === undefined ? {} : { strokeDasharray: dashes }),
    })),
    gridAxis: 'x',
    tickLine: 'none',
    tooltipAnimationDuration: 0,
    yAxisProps: {
      width: kind === 'seconds' ? 68 : 52,
      tickFormatter: (value: number) => formatAxis(value, kind),
      allowDecimals: kind !== 'count',
    },
    xAxisProps: {
      tickFormatter: (key: string) => byKey.get(key)?.tick ?? '',
      interval: 'equidistantPreserveStart',
      minTickGap: 24,
    },
    tooltipProps: {
      content: ({ label }: { readonly label?: string | number }) => (
        <PlotTooltip point={byKey.get(String(label))} {...{ series, kind, currency }} />
      ),
    },
  } as const;
  const marks = (
    <>
      {incompleteSpans(points).map(([from, to]) => (
        <ReferenceArea
          key={from}
          x1={from}
          x2={to}
          fill="var(--series-8)"
          fillOpacity={0.12}
          strokeOpacity={0}
        />
      ))}
      {active === null ? null : (
        <ReferenceLine x={points[active]?.key ?? ''} stroke="var(--mantine-color-text)" strokeWidth={1.5} />
      )}
    </>
  );
  const chart = { accessibilityLayer: false, margin: MARGIN, onClick: open } as const;
  return shape === 'lines' ? (
    <LineChart
      {...shared}
      curveType="linear"
      withDots={points.length <= 45}
      dotProps={{ r: 2.5 }}
      connectNulls={false}
      lineChartProps={chart}
      lineProps={{ isAnimationActive: false }}
    >
      {marks}
    </LineChart>
  ) : (
    <BarChart
      {...shared}
      type={shape === 'stacked' ? 'stacked' : 'default'}
      barChartProps={{ ...chart, barCategoryGap: '18%' }}
      barProps={{ isAnimationActive: false, stroke: 'var(--surface)', strokeWidth: 1 }}
    >
      {marks}
    </BarChart>
  );
}

/** First and last key of each run of points of which nothing final is known. */
function incompleteSpans(points: readonly PlotPoint[]): [string, string][] {
  const spans: [string, string][] = [];
  for (const [n, { key, isIncomplete }] of points.entries()) {
    if (isIncomplete !== true) continue;
    const last = spans.at(-1);
    if (last !== undefined && points[n - 1]?.key === last[1]) last[1] = key;
    else spans.push([key, key]);
  }
  return spans;
}

function PlotTooltip({ point, series, kind, currency }: TooltipProps) {
  if (point === undefined) return null;
  return (
    <div className="plot-tooltip">
      <strong>{point.label}</strong>
      {series.map(({ key, label, color }) => (
        <div key={key} className="plot-tooltip-row">
          <span className="plot-swatch" style={{ background: color }} />
          <span>{label}</span>
          <span>{formatNumber(point.values[key], kind, currency)}</span>
        </div>
      ))}
      {point.note === undefined ? null : <div>{point.note}</div>}
    </div>
  );
}

interface TooltipProps extends Pick<PlotProps, 'series' | 'kind' | 'currency'> {
  readonly point: PlotPoint | undefined;
}
