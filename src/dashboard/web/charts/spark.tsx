import { LineChart } from '@mantine/charts';
import '@mantine/charts/styles.css';

/** A small line without axes, for the eye alone: its numbers stand in a chart of the page. */
export function Spark({ values }: { readonly values: readonly (number | null)[] }) {
  return (
    <div aria-hidden="true" inert>
      <LineChart
        h={36}
        data={values.map((value, place) => ({ place, value }))}
        dataKey="place"
        series={[{ name: 'value', color: 'var(--series-1)' }]}
        curveType="linear"
        strokeWidth={1.5}
        gridAxis="none"
        withDots={false}
        withTooltip={false}
        withXAxis={false}
        withYAxis={false}
        yAxisProps={{ domain: ['dataMin', 'dataMax'] }}
        lineChartProps={{ accessibilityLayer: false, margin: { top: 3, right: 2, bottom: 3, left: 2 } }}
        lineProps={{ isAnimationActive: false }}
      />
    </div>
  );
}
