import { Table } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { formatDay } from '../format/locale.ts';
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
}

/** A row by the keys of its columns. */
export type DataRow = Readonly<Record<string, string | number | null>>;

/** A table of plain values with a caption; a day leads to its page. It scrolls by itself and can be reached by Tab. */
export function DataTable({ caption, columns, rows }: DataTableProps) {
  return (
    <section className="table-scroll" aria-label={caption} tabIndex={0}>
      <Table striped verticalSpacing={6}>
        <Table.Caption style={{ captionSide: 'top', marginTop: 0 }}>{caption}</Table.Caption>
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
              {columns.map(({ key, kind, render }) => (
                <Table.Td key={key} className={isNumber(kind) ? 'number' : ''}>
                  {render === undefined ? <Cell value={row[key] ?? null} kind={kind} /> : render(row)}
                </Table.Td>
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

function Cell({
  value,
  kind,
}: {
  readonly value: string | number | null;
  readonly kind: DataColumn['kind'];
}) {
  const currency = useCurrency();
  if (value === null) return UNKNOWN;
  if (kind === 'day') return <DayLink day={String(value)} />;
  if (kind === 'text') return String(value);
  return formatNumber(Number(value), kind, currency);
}

/** A day that leads to its page. */
export function DayLink({ day }: { readonly day: string }) {
  const [search] = useSearchState();
  return (
    <Link className="cell-link" to="/days/$day" params={{ day }} search={keepScope(search)}>
      {formatDay(day)}
    </Link>
  );
}
