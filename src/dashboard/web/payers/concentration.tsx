import { Text } from '@mantine/core';
import type { Answer } from '../../api/routes.ts';
import type { DataColumn } from '../cards/data-table.tsx';
import { TableCard } from '../cards/table-card.tsx';
import { nameMetric } from '../format/metric-names.ts';
import { formatAxis, formatNumber } from '../format/number.ts';

type Share = Answer<'revenue'>['concentration'][number];

const columns: readonly DataColumn[] = [
  { key: 'who', label: 'Payers', kind: 'text' },
  { key: 'payers', label: 'Players', kind: 'count' },
  { key: 'share_of_revenue', ...nameMetric('share_of_revenue'), look: 'bar' },
  { key: 'revenue', ...nameMetric('revenue') },
];
/** Of payers: the share that the sentence below the table is about. */
const TOLD = 0.1;

/** What part of revenue the payers brought in who paid most. */
export function Concentration({ rows }: { readonly rows: readonly Share[] }) {
  const told = rows.find(({ share_of_payers }) => share_of_payers === TOLD);
  const all = rows.at(-1);
  return (
    <TableCard
      title="Concentration"
      about="What the players who paid most brought in, of all IAP revenue of the range."
      metrics={['share_of_revenue']}
      file="revenue-concentration"
      columns={columns}
      rows={rows.map((row) => ({ ...row, who: nameShare(row) }))}
      empty="Nobody paid in these days."
    >
      {told === undefined || all === undefined ? null : (
        <Text size="sm" c="dimmed" mt="sm">
          {countPlayers(told.payers)} of {countPlayers(all.payers)} who paid brought in{' '}
          {formatNumber(told.share_of_revenue, 'rate', '')} of it.
        </Text>
      )}
    </TableCard>
  );
}

const nameShare = ({ share_of_payers }: Share) =>
  share_of_payers === 1 ? 'All' : `Top ${formatAxis(share_of_payers, 'rate')}`;

const countPlayers = (players: number) => formatNumber(players, 'count', '');
