import { Group, Text } from '@mantine/core';
import { IconArrowDownRight, IconArrowUpRight, IconMinus } from '@tabler/icons-react';
import { Suspense, useId } from 'react';
import type { Kpi } from '../../api/daily.ts';
import { formatDay, formatShortDay } from '../format/locale.ts';
import { nameMetric } from '../format/metric-names.ts';
import { formatChange, formatNumber } from '../format/number.ts';
import { lazily } from '../shell/lazily.ts';
import { Definition } from './definition.tsx';
import { useCurrency } from './use-currency.ts';

const Spark = lazily(() => import('../charts/spark.tsx'), 'Spark');

/** One number for the range, its change over like days, and its course. */
export function KpiCard({ kpi, how, compared }: KpiCardProps) {
  const { metric, value, spark } = kpi;
  const { label, kind } = nameMetric(metric);
  const currency = useCurrency();
  const heading = useId();
  return (
    <section className="card kpi" aria-labelledby={heading} data-metric={metric}>
      <Group justify="space-between" wrap="nowrap" gap={4}>
        <Text component="h2" id={heading} size="sm" fw={600}>
          {label}
        </Text>
        <Definition title={label} metrics={[metric]} />
      </Group>
      <Text className="kpi-value" fw={700}>
        {formatNumber(value, kind, currency)}
      </Text>
      <Text className="kpi-span" size="xs" c="dimmed">
        {describeSpan(kpi, how)}
      </Text>
      {compared ? <Change kpi={kpi} /> : null}
      <div className="kpi-spark">
        {spark.filter((point) => point.value !== null).length < 2 ? null : (
          <Suspense fallback={null}>
            <Spark values={spark.map((point) => point.value)} />
          </Suspense>
        )}
      </div>
    </section>
  );
}

function describeSpan({ at, days }: Kpi, how: string): string {
  if (at !== null) return `${how} ${formatShortDay(at)}`;
  return days === 0 ? 'not known' : how;
}

/** What a card shows. */
export interface KpiCardProps {
  readonly kpi: Kpi;
  /** What the number is of: `a day, mean`. */
  readonly how: string;
  readonly compared: boolean;
}

function Change({ kpi }: { readonly kpi: Kpi }) {
  const { change } = kpi;
  const said = useComparison(kpi);
  if (change === null)
    return (
      <Text className="kpi-change" size="xs" c="dimmed">
        {said}
      </Text>
    );
  const Arrow = change > 0 ? IconArrowUpRight : change < 0 ? IconArrowDownRight : IconMinus;
  const color = change > 0 ? 'var(--good)' : change < 0 ? 'var(--bad)' : 'inherit';
  return (
    <Group gap={4} wrap="nowrap" align="flex-start">
      <Arrow size={16} color={color} aria-hidden style={{ flex: 'none' }} />
      <Text className="kpi-change" size="xs">
        <span style={{ color, fontWeight: 600 }}>{formatChange(change)}</span> {said}
      </Text>
    </Group>
  );
}

/** What the change is of; where few days can be compared, their own number stands beside, since it is another than the card's. */
function useComparison({ metric, comparedValue, previous, days, comparedDays, at, previousAt }: Kpi): string {
  const { kind } = nameMetric(metric);
  const currency = useCurrency();
  const write = (value: number | null) => formatNumber(value, kind, currency);
  if (comparedDays === 0 && at === null) return 'No day to compare with';
  if (comparedValue === null || previous === null) return 'Nothing to compare with';
  if (previousAt !== null) return `against ${write(previous)} of ${formatDay(previousAt)}`;
  if (comparedDays === days) return `against ${write(previous)}`;
  return `on ${comparedDays} of ${days} days: ${write(comparedValue)} against ${write(previous)}`;
}
