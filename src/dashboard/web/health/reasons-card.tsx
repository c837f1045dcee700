import { Link } from '@tanstack/react-router';
import type { Answer } from '../../api/routes.ts';
import { Card } from '../cards/card.tsx';
import { DataActions } from '../cards/data-actions.tsx';
import { type DataColumn, DataTable } from '../cards/data-table.tsx';
import { formatDay } from '../format/locale.ts';
import { keepScope } from '../scope/search.ts';
import { useSearchState } from '../scope/use-scope.ts';
import { nameReason } from './reason-names.ts';

const TITLE = 'Lines set aside';

/** Why lines were rejected or superseded, and the way to them. */
export function ReasonsCard({ reasons }: Pick<Answer<'health'>, 'reasons'>) {
  const columns: readonly DataColumn[] = [
    { key: 'reason', label: 'Reason', kind: 'text', render: ({ reason }) => nameReason(String(reason)) },
    { key: 'lines', label: 'Lines', kind: 'count' },
    { key: 'days', label: 'Days', kind: 'count' },
    {
      key: 'lastDay',
      label: 'Last of them',
      kind: 'day',
      render: ({ reason, lastDay }) => <LinesLink day={String(lastDay)} reason={String(reason)} />,
    },
  ];
  return (
    <Card
      title={TITLE}
      about="Rejected and superseded lines of the published days, by reason; every one is kept and can be mended."
      actions={<DataActions title={TITLE} file="lines-set-aside" columns={columns} rows={reasons} />}
    >
      {reasons.length === 0 ? (
        <p className="nothing">Every line of these days was accepted.</p>
      ) : (
        <DataTable caption={`${TITLE}, the most lines first`} columns={columns} rows={reasons} />
      )}
    </Card>
  );
}

function LinesLink({ day, reason }: { readonly day: string; readonly reason: string }) {
  const [search] = useSearchState();
  return (
    <Link
      className="cell-link"
      to="/days/$day"
      params={{ day }}
      search={{ ...keepScope(search), reason }}
      hash="lines"
    >
      Lines of {formatDay(day)}
    </Link>
  );
}
