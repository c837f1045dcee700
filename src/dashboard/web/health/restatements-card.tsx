import { Text } from '@mantine/core';
import type { Answer } from '../../api/routes.ts';
import { Card } from '../cards/card.tsx';
import { DataActions } from '../cards/data-actions.tsx';
import { type DataColumn, DataTable } from '../cards/data-table.tsx';
import { formatInstant } from '../format/locale.ts';
import { formatNumber } from '../format/number.ts';
import { runColumn } from './run-column.tsx';

type Restatement = Answer<'health'>['restatements'][number];

const TITLE = 'Restatements';
const columns: readonly DataColumn[] = [
  { key: 'day', label: 'Day', kind: 'day' },
  { key: 'table', label: 'Table', kind: 'text' },
  { key: 'key', label: 'Row', kind: 'text' },
  { key: 'metric', label: 'Metric', kind: 'text' },
  { key: 'before', label: 'Before', kind: 'text' },
  { key: 'after', label: 'After', kind: 'text' },
  {
    key: 'committedAt',
    label: 'Published (UTC)',
    kind: 'text',
    render: ({ committedAt }) => formatInstant(String(committedAt)),
  },
  runColumn,
];

/** Values of complete days that a later publish changed; `total` when not all of them are told. */
export function RestatementsCard({
  restatements,
  total = restatements.length,
}: {
  readonly restatements: readonly Restatement[];
  readonly total?: number;
}) {
  return (
    <Card
      title={TITLE}
      about="Numbers of complete days that a later publish changed, the newest first."
      actions={<DataActions title={TITLE} file="restatements" columns={columns} rows={restatements} />}
    >
      {restatements.length === 0 ? (
        <p className="nothing">No number of a complete day was changed.</p>
      ) : (
        <DataTable caption={`${TITLE}, as a table`} columns={columns} rows={restatements} />
      )}
      {total > restatements.length ? (
        <Text size="sm" mt="xs">
          {formatNumber(restatements.length, 'count', '')} of {formatNumber(total, 'count', '')} are shown;
          npx questline restatements lists all.
        </Text>
      ) : null}
    </Card>
  );
}
