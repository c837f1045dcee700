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
      <Text size="xs" c="dimmed">
        {kpi.at === null ? how : `${how} ${formatShortDay(kpi.at)}`}
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

/** What a card shows. */
export interface KpiCardProps {
  readonly kpi: Kpi;
  /** What the number is of: `a day, mean`. */
  readonly how: string;
  readonly compared: boolean;
}

function Change({
  kpi: { metric, change, previous, days, comparedDays, at, previousAt },
}: {
  readonly kpi: Kpi;
}) {
  const { kind } = nameMetric(metric);
  const currency = useCurrency();
  if (change === null)
    return (
      <Text size="xs" c="dimmed">
        {at !== null && previousAt === null ? 'Nothing to compare with' : 'No day to compare with'}
      </Text>
    );
  const Arrow = change > 0 ? IconArrowUpRight : change < 0 ? IconArrowDownRight : IconMinus;
  const color = change > 0 ? 'var(--good)' : change < 0 ? 'var(--bad)' : 'inherit';
  const against = previousAt === null ? '' : ` of ${formatDay(previousAt)}`;
  const partly = at === null && comparedDays < days ? ` (${comparedDays} of ${days} days)` : '';
  return (
    <Group gap={4} wrap="nowrap" align="flex-start">
      <Arrow size={16} color={color} aria-hidden style={{ flex: 'none' }} />
      <Text size="xs">
        <span style={{ color, fontWeight: 600 }}>{formatChange(change)}</span> against{' '}
        {formatNumber(previous, kind, currency)}
        {against}
        {partly}
      </Text>
    </Group>
  );
}
