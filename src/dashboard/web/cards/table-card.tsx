import type { ReactNode } from 'react';
import { Card, type CardProps } from './card.tsx';
import { DataActions } from './data-actions.tsx';
import { type DataColumn, type DataRow, DataTable } from './data-table.tsx';

/** A table with its heading and CSV file. */
export function TableCard(props: TableCardProps) {
  const { title, about, file, columns, rows, csv = { columns, rows } } = props;
  return (
    <Card {...props} actions={<DataActions {...{ title, file, ...csv }} />}>
      {rows.length === 0 ? (
        <p className="plot-empty">{props.empty}</p>
      ) : (
        <DataTable caption={`${title}. ${about}`} columns={columns} rows={rows} />
      )}
      {props.children}
    </Card>
  );
}

/** What it is made of. */
export interface TableCardProps extends Omit<CardProps, 'children' | 'actions'> {
  /** Name of its CSV file, without the ending. */
  readonly file: string;
  readonly columns: readonly DataColumn[];
  readonly rows: readonly DataRow[];
  /** What the file has, where it is more than the table. */
  readonly csv?: { readonly columns: readonly DataColumn[]; readonly rows: readonly DataRow[] };
  /** Said when there is no row. */
  readonly empty: string;
  /** Something below the table. */
  readonly children?: ReactNode;
}
