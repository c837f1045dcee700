import { Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { asideReasons } from '../../../domain/kept-line.ts';
import type { Answer } from '../../api/routes.ts';
import { Card } from '../cards/card.tsx';
import { DataActions } from '../cards/data-actions.tsx';
import { type DataColumn, DataTable } from '../cards/data-table.tsx';
import { formatNumber } from '../format/number.ts';
import { nameReason } from '../health/reason-names.ts';
import { useSearchState } from '../scope/use-scope.ts';
import { Agreement } from './agreement.tsx';

const TITLE = 'Where the lines went';
const reasons = new Set<string>(asideReasons);

const columns: readonly DataColumn[] = [
  { key: 'name', label: 'Lines', kind: 'text', render: ({ name }) => <LedgerName name={String(name)} /> },
  { key: 'in', label: 'Came in', kind: 'count', render: (row) => show(row['in']) },
  { key: 'out', label: 'Went out', kind: 'count', render: (row) => show(row['out']) },
];

const show = (value: string | number | null | undefined) =>
  value === null || value === undefined ? '' : formatNumber(Number(value), 'count', '');

/** The ledger of a day's lines: what came in is what was accepted, rejected or superseded. */
export function LedgerCard({ ledger }: Pick<Answer<'day'>, 'ledger'>) {
  const rows = ledger.map(({ name, rows: count, part }) => ({
    name,
    in: part === 'came in' ? count : null,
    out: part === 'went out' ? count : null,
  }));
  const sum = (side: 'in' | 'out') => rows.reduce((all, row) => all + (row[side] ?? 0), 0);
  const total = { name: 'sum', in: sum('in'), out: sum('out') };
  return (
    <Card
      title={TITLE}
      about="Every line that came in with the day, by the last run that read them."
      actions={<DataActions title={TITLE} file="ledger" columns={columns} rows={rows} />}
    >
      {rows.length === 0 ? (
        <p className="nothing">No run has read this day’s lines.</p>
      ) : (
        <div className="whole">
          <DataTable caption={`${TITLE}, as a table`} columns={columns} rows={[...rows, total]} />
          <Agreement left={total.in} right={total.out} />
        </div>
      )}
    </Card>
  );
}

const names: Readonly<Record<string, string>> = {
  lines: 'Lines of the raw objects',
  accepted: 'Accepted',
  sum: 'Sum',
};

function LedgerName({ name }: { readonly name: string }) {
  const [search] = useSearchState();
  if (name === 'sum')
    return (
      <Text component="strong" size="sm" fw={700}>
        {names[name]}
      </Text>
    );
  if (!reasons.has(name)) return names[name] ?? name;
  return (
    <Link className="cell-link" to="." search={{ ...search, reason: name, object: undefined }} hash="lines">
      {nameReason(name)}
    </Link>
  );
}
