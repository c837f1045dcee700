import { Sparkline } from '@mantine/charts';
import '@mantine/charts/styles.css';

/** A small line without axes, for the eye alone: its numbers stand in a chart of the page. */
export function Spark({ values }: { readonly values: readonly (number | null)[] }) {
  return (
    <div aria-hidden="true">
      <Sparkline
        h={36}
        data={values.filter((value) => value !== null)}
        color="var(--series-1)"
        curveType="linear"
        fillOpacity={0.15}
        strokeWidth={1.5}
        areaProps={{ isAnimationActive: false }}
      />
    </div>
  );
}
