import { Table } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { formatDay } from '../format/locale.ts';
import { nameMetric } from '../format/metric-names.ts';
import { formatNumber, type NumberKind, UNKNOWN } from '../format/number.ts';
import { keepScope } from '../scope/search.ts';
import { useSearchState } from '../scope/use-scope.ts';
import { useCurrency } from './use-currency.ts';

/** A column of a table: text, a day that leads to its page, or a kind of number. */
export interface DataColumn {
  readonly key: string;
  readonly label: string;
  readonly kind: NumberKind | 'day' | 'text';
  /** What stands in a cell of the table instead of its plain value, which a CSV file has. */
  readonly render?: (row: DataRow) => ReactNode;
  /** Drawn as well: as a bar beside the largest of the column, or as a shade beside the largest of all shaded columns. */
  readonly look?: 'bar' | 'shade';
}

/** Columns of metrics, by the names of these. */
export function columnsOf(metrics: readonly string[]): DataColumn[] {
  return metrics.map((key) => ({ key, ...nameMetric(key) }));
}

/** A row by the keys of its columns. */
export type DataRow = Readonly<Record<string, string | number | null>>;

/**
 * A table of plain values, whose first column names its rows; a day leads to its page. It scrolls by itself and can be reached by Tab; its
 * caption is for who does not see what is around it.
 */
export function DataTable({ caption, columns, rows }: DataTableProps) {
  const shareOf = measureShares(columns, rows);
  const currency = useCurrency();
  return (
    <section className="table-scroll" aria-label={caption} tabIndex={0}>
      <Table striped verticalSpacing={6}>
        <Table.Caption className="visually-hidden">{caption}</Table.Caption>
        <Table.Thead>
          <Table.Tr>
            {columns.map(({ key, label, kind }) => (
              <Table.Th key={key} scope="col" className={isNumber(kind) ? 'number' : ''}>
                {label}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row, place) => (
            <Table.Tr key={`${place} ${String(row[columns[0]?.key ?? ''])}`}>
              {columns.map((column, n) => (
                <Cell
                  key={column.key}
                  {...{ column, row, currency, isHead: n === 0 }}
                  share={shareOf(column, row)}
                />
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </section>
  );
}

/** What a table shows. */
export interface DataTableProps {
  readonly caption: string;
  readonly columns: readonly DataColumn[];
  readonly rows: readonly DataRow[];
}

const isNumber = (kind: DataColumn['kind']) => kind !== 'day' && kind !== 'text';

/** Share of the largest value that a drawn cell stands beside; null where nothing is drawn. */
function measureShares(columns: readonly DataColumn[], rows: readonly DataRow[]) {
  const largest = (keys: readonly string[]) =>
    Math.max(0, ...keys.flatMap((key) => rows.map((row) => Number(row[key] ?? 0))));
  const shaded = largest(columns.filter(({ look }) => look === 'shade').map(({ key }) => key));
  const most = new Map(columns.map(({ key, look }) => [key, look === 'bar' ? largest([key]) : shaded]));
  return ({ key, look }: DataColumn, row: DataRow): number | null => {
    const whole = most.get(key) ?? 0;
    return look === undefined || whole === 0 ? null : Number(row[key] ?? 0) / whole;
  };
}

function Cell({ column: { key, kind, look, render }, row, currency, isHead, share }: CellProps) {
  const text = render === undefined ? showValue(row[key] ?? null, kind, currency) : render(row);
  const className = isNumber(kind) ? 'number' : '';
  if (isHead)
    return (
      <Table.Th scope="row" className={className}>
        {text}
      </Table.Th>
    );
  if (share === null) return <Table.Td className={className}>{text}</Table.Td>;
  return (
    <Table.Td
      className={`${className} ${look === 'bar' ? 'bar-cell' : 'shade-cell'}`}
      style={{ '--share': share.toFixed(4) }}
    >
      {text}
    </Table.Td>
  );
}

interface CellProps {
  readonly column: DataColumn;
  readonly row: DataRow;
  readonly currency: string;
  readonly isHead: boolean;
  readonly share: number | null;
}

function showValue(value: string | number | null, kind: DataColumn['kind'], currency: string): ReactNode {
  if (value === null) return UNKNOWN;
  if (kind === 'day') return <DayLink day={String(value)} />;
  if (kind === 'text') return String(value);
  return formatNumber(Number(value), kind, currency);
}

/** A day that leads to its page. */
export function DayLink({ day }: { readonly day: string }) {
  const [search] = useSearchState();
  return (
    <Link className="cell-link day-link" to="/days/$day" params={{ day }} search={keepScope(search)}>
      {formatDay(day)}
    </Link>
  );
}
