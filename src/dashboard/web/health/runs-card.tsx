import type { Answer } from '../../api/routes.ts';
import { Card } from '../cards/card.tsx';
import { DataActions } from '../cards/data-actions.tsx';
import { type DataColumn, DataTable } from '../cards/data-table.tsx';
import { runColumn } from './run-column.tsx';
import { type ShownStanding, Standing, showStanding, standings } from './standing.tsx';
import { countVerdicts } from './verdict.tsx';

const TITLE = 'Lines and runs';

const columns: readonly DataColumn[] = [
  { key: 'day', label: 'Day', kind: 'day' },
  {
    key: 'state',
    label: 'State',
    kind: 'text',
    render: ({ state }) => <Standing state={state as ShownStanding} />,
  },
  { key: 'lines', label: 'Lines in', kind: 'count' },
  { key: 'accepted', label: 'Accepted', kind: 'count' },
  { key: 'rejected', label: 'Rejected', kind: 'count' },
  { key: 'superseded', label: 'Superseded', kind: 'count' },
  { key: 'kept', label: 'Rows of the date', kind: 'count' },
  { key: 'duplicates', label: 'Duplicates', kind: 'count' },
  { key: 'checks', label: 'Checks', kind: 'text' },
  { key: 'seconds', label: 'Run time', kind: 'seconds' },
  runColumn,
];

/** What came in on each day and where it went, with the run that made it. */
export function RunsCard({ days, unsettled }: Pick<Answer<'health'>, 'days' | 'unsettled'>) {
  const late = new Set(unsettled);
  const rows = days
    .map(({ checks, ...day }) => ({
      ...day,
      state: showStanding(day.state, late.has(day.day)),
      checks: countVerdicts(checks),
    }))
    .toReversed();
  const named = rows.map((row) => ({ ...row, state: standings[row.state].label }));
  return (
    <Card
      title={TITLE}
      about="Lines that came in with each day are accepted, rejected or superseded; rows of the date come from all days."
      actions={<DataActions title={TITLE} file="lines-and-runs" columns={columns} rows={named} />}
    >
      <DataTable caption={`${TITLE}, the newest day first`} columns={columns} rows={rows} />
    </Card>
  );
}
