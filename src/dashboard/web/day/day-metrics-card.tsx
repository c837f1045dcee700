import type { Daily, DailyMetric } from '../../api/daily.ts';
import { Card } from '../cards/card.tsx';
import { DataActions } from '../cards/data-actions.tsx';
import { type DataColumn, DataTable } from '../cards/data-table.tsx';
import { useCurrency } from '../cards/use-currency.ts';
import { nameMetric } from '../format/metric-names.ts';
import { formatChange, formatNumber, UNKNOWN } from '../format/number.ts';

const TITLE = 'Metrics';
const marks = new Set(['date', 'complete', 'settled']);

/** The metrics of a day beside those of the day before. */
export function DayMetricsCard({ day, before }: DayMetricsCardProps) {
  const currency = useCurrency();
  const metrics = day === null ? [] : (Object.keys(day).filter((key) => !marks.has(key)) as DailyMetric[]);
  const show = (metric: unknown, value: unknown) =>
    formatNumber(value as number | null, nameMetric(String(metric)).kind, currency);
  const columns: readonly DataColumn[] = [
    {
      key: 'metric',
      label: 'Metric',
      kind: 'text',
      render: ({ metric }) => nameMetric(String(metric)).label,
    },
    { key: 'value', label: 'This day', kind: 'decimal', render: ({ metric, value }) => show(metric, value) },
    {
      key: 'before',
      label: 'Day before',
      kind: 'decimal',
      render: (row) => show(row['metric'], row['before']),
    },
    {
      key: 'change',
      label: 'Change',
      kind: 'rate',
      render: ({ change }) => (change === null ? UNKNOWN : formatChange(Number(change))),
    },
  ];
  const rows = metrics.map((metric) => {
    const [value, last] = [day?.[metric] ?? null, before?.[metric] ?? null];
    return { metric, value, before: last, change: value === null || !last ? null : value / last - 1 };
  });
  return (
    <Card
      title={TITLE}
      about={aboutOf(day)}
      metrics={metrics}
      actions={<DataActions title={TITLE} file="metrics-of-the-day" columns={columns} rows={rows} />}
    >
      {rows.length === 0 ? (
        <p className="nothing">No metric of this day is published.</p>
      ) : (
        <DataTable caption={`${TITLE}, as a table`} columns={columns} rows={rows} />
      )}
    </Card>
  );
}

/** The days that are compared, as `daily_metrics` has them. */
export interface DayMetricsCardProps {
  readonly day: Daily | null;
  readonly before: Daily | null;
}

function aboutOf(day: Daily | null): string {
  if (day === null) return 'What the tables say of the date.';
  if (!day.complete)
    return 'The day’s own data is not published: only events that came with other days are counted.';
  return day.settled
    ? 'What the tables say of the date; no arrival that may still change it is open.'
    : 'What the tables say of the date; late events may still change it.';
}
