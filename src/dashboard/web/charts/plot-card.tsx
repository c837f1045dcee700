import { Skeleton } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, Suspense, useState } from 'react';
import { Card, type CardProps } from '../cards/card.tsx';
import { DataActions } from '../cards/data-actions.tsx';
import { type DataColumn, type DataRow, DataTable } from '../cards/data-table.tsx';
import { useCurrency } from '../cards/use-currency.ts';
import { keepScope } from '../scope/search.ts';
import { useSearchState } from '../scope/use-scope.ts';
import { lazily } from '../shell/lazily.ts';
import { Legend } from './legend.tsx';
import { PlotKeys } from './plot-keys.tsx';
import type { PlotProps } from './plot-types.ts';

const Plot = lazily(() => import('./plot.tsx'), 'Plot');

/**
 * A chart with its heading, legend, table and CSV file. Arrow keys go from point to point and say what is there; Enter, like a click, opens
 * the day of a point.
 */
export function PlotCard(props: PlotCardProps) {
  const { title, about, points, series, shape, kind, file, axis = { label: 'Day', kind: 'day' } } = props;
  const [isTable, setTable] = useState(false);
  const currency = useCurrency();
  const navigate = useNavigate();
  const [search] = useSearchState();
  const openDay = (index: number) => {
    const day = points[index]?.day;
    if (day !== undefined) void navigate({ to: '/days/$day', params: { day }, search: keepScope(search) });
  };
  const onOpen = points.some(({ day }) => day !== undefined) ? openDay : undefined;
  const columns: DataColumn[] = [
    { key: 'point', ...axis },
    ...series.map(({ key, label }) => ({ key, label, kind })),
  ];
  const rows: DataRow[] = points.map(({ key, values }) => ({ point: key, ...values }));
  const isEmpty = points.every(({ values }) => series.every(({ key }) => (values[key] ?? null) === null));
  const table = { shown: isTable, toggle: () => setTable(!isTable) };
  return (
    <Card {...props} actions={<DataActions {...{ title, file, columns, rows, table }} />}>
      {props.controls}
      {isTable ? (
        <DataTable caption={`${title}. ${about}`} columns={columns} rows={rows} />
      ) : isEmpty ? (
        <p className="plot-empty">{props.empty ?? 'Nothing is known of these days.'}</p>
      ) : (
        <PlotKeys {...{ title, points, series, kind, currency, onOpen }}>
          {(active) => (
            <Suspense fallback={<Skeleton height="var(--chart-height)" />}>
              <Plot {...{ points, series, shape, kind, currency, active, onOpen }} />
            </Suspense>
          )}
        </PlotKeys>
      )}
      {series.length > 1 ? <Legend series={series} shape={shape} /> : null}
    </Card>
  );
}

/** What a chart is made of. */
export interface PlotCardProps
  extends Omit<CardProps, 'children' | 'actions'>,
    Pick<PlotProps, 'points' | 'series' | 'shape' | 'kind'> {
  /** Name of its CSV file, without the ending. */
  readonly file: string;
  /** What the horizontal axis is; days, when nothing is said. */
  readonly axis?: { readonly label: string; readonly kind: 'day' | 'text' };
  /** What the chart can be asked, above it. */
  readonly controls?: ReactNode;
  /** Said when there is nothing to draw. */
  readonly empty?: string;
}
