import type { Answer } from '../../api/routes.ts';
import { columnsOf, type DataColumn } from '../cards/data-table.tsx';
import { TableCard } from '../cards/table-card.tsx';

const columns: readonly DataColumn[] = [
  { key: 'event_type', label: 'Event type', kind: 'text' },
  ...columnsOf(['adoption_rate']).map((column) => ({ ...column, look: 'bar' as const })),
  ...columnsOf(['events']),
];

/** How many of the active players each kind of event reaches. */
export function Adoption({ rows }: { readonly rows: Answer<'engagement'>['adoption'] }) {
  return (
    <TableCard
      title="Adoption"
      about="Share of a day’s active players who have an event of the type, in the mean over the range."
      metrics={['adoption_rate', 'events']}
      file="adoption"
      columns={columns}
      rows={rows}
      empty="There is no event in these days."
    />
  );
}
