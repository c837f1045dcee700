import type { Answer } from '../../api/routes.ts';
import { Card } from '../cards/card.tsx';
import { DataActions } from '../cards/data-actions.tsx';
import { type DataColumn, DataTable } from '../cards/data-table.tsx';
import { Agreement } from './agreement.tsx';

const TITLE = 'Where the events of the date went';

const columns: readonly DataColumn[] = [
  { key: 'name', label: 'Events', kind: 'text' },
  { key: 'rows', label: 'Rows', kind: 'count' },
];

/** The ledger of the events that happened on a date, whichever day they came in with. */
export function EventDayCard({ eventDay }: Pick<Answer<'day'>, 'eventDay'>) {
  const { cameIn = 0, kept = 0, exactDuplicates = 0, conflictingDuplicates = 0 } = eventDay ?? {};
  const rows = [
    { name: 'Came in, with any day', rows: cameIn },
    { name: 'Kept', rows: kept },
    { name: 'Exact duplicates', rows: exactDuplicates },
    { name: 'Conflicting duplicates', rows: conflictingDuplicates },
  ];
  return (
    <Card
      title={TITLE}
      about="Accepted events that happened on the date, from every published day; each is kept once."
      actions={<DataActions title={TITLE} file="events-of-the-date" columns={columns} rows={rows} />}
    >
      {eventDay === null ? (
        <p className="nothing">No event of this date is published.</p>
      ) : (
        <>
          <DataTable caption={`${TITLE}, as a table`} columns={columns} rows={rows} />
          <Agreement left={cameIn} right={kept + exactDuplicates + conflictingDuplicates} />
        </>
      )}
    </Card>
  );
}
