import { Button, Code } from '@mantine/core';
import type { Answer } from '../../api/routes.ts';
import { Card } from '../cards/card.tsx';
import { DataActions } from '../cards/data-actions.tsx';
import { type DataColumn, DataTable } from '../cards/data-table.tsx';
import { makeVisible } from '../format/visible-text.ts';
import { nameReason } from '../health/reason-names.ts';
import { useSearchState } from '../scope/use-scope.ts';
import { BrowsedLines } from './browsed-lines.tsx';

const TITLE = 'Lines set aside';

/** The lines of a day that were rejected or superseded, by reason and object; those of one of them line by line. */
export function LinesCard({ day, groups }: LinesCardProps) {
  const [search, change] = useSearchState();
  const isBrowsed = search.reason !== undefined || search.object !== undefined;
  const columns: readonly DataColumn[] = [
    { key: 'reason', label: 'Reason', kind: 'text', render: ({ reason }) => nameReason(String(reason)) },
    { key: 'lines', label: 'Lines', kind: 'count' },
    {
      key: 'object',
      label: 'Raw object',
      kind: 'text',
      render: ({ object }) => <Code>{shorten(object)}</Code>,
    },
    {
      key: 'detail',
      label: 'For example',
      kind: 'text',
      render: ({ detail }) => makeVisible(String(detail ?? '')),
    },
    {
      key: 'raw',
      label: 'Text',
      kind: 'text',
      render: ({ raw }) => <Code className="raw-sample">{makeVisible(String(raw).slice(0, 160))}</Code>,
    },
    {
      key: 'browse',
      label: 'Lines',
      kind: 'text',
      render: ({ reason, object }) => (
        <Button
          size="compact-xs"
          variant="default"
          aria-label={`Browse: ${String(reason)} of ${shorten(object)}`}
          onClick={() => change({ reason: String(reason), object: String(object) })}
        >
          Browse
        </Button>
      ),
    },
  ];
  const rows = groups.map(({ reason, lines, object, sample: { detail, raw } }) => ({
    reason,
    lines,
    object,
    detail,
    raw,
  }));
  return (
    <div id="lines">
      <Card
        title={TITLE}
        about="Rejected and superseded lines by reason and raw object; every one is kept, and rejected ones can be mended."
        actions={
          <DataActions title={TITLE} file="lines-set-aside" columns={columns.slice(0, -1)} rows={rows} />
        }
      >
        {rows.length === 0 ? (
          <p className="nothing">No line of the day was set aside.</p>
        ) : (
          <DataTable caption={`${TITLE}, as a table`} columns={columns} rows={rows} />
        )}
        {isBrowsed ? <BrowsedLines day={day} groups={groups} /> : null}
      </Card>
    </div>
  );
}

/** What it shows. */
export interface LinesCardProps {
  readonly day: string;
  readonly groups: Answer<'day'>['quarantine'];
}

/** The name of an object within its day. */
const shorten = (object: unknown) => String(object).replace(/^raw\/dt=[^/]+\//, '');
