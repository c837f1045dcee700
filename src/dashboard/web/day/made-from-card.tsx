import { Code, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Answer } from '../../api/routes.ts';
import { Card } from '../cards/card.tsx';
import { DataActions } from '../cards/data-actions.tsx';
import { type DataColumn, DataTable } from '../cards/data-table.tsx';
import { formatDay, formatInstant } from '../format/locale.ts';
import { UNKNOWN } from '../format/number.ts';
import { RunLink } from '../health/run-link.tsx';

const TITLE = 'Made from';

const columns: readonly DataColumn[] = [
  { key: 'key', label: 'Raw object', kind: 'text', render: ({ key }) => <Code>{String(key)}</Code> },
  { key: 'bytes', label: 'Bytes', kind: 'count' },
];

/** Where the numbers of a day come from: its run, report, snapshot, raw objects, and the decision about it. */
export function MadeFromCard({ day, data }: { readonly day: string; readonly data: Answer<'day'> }) {
  const { standing, report, snapshot, decision, objects } = data;
  return (
    <Card
      title={TITLE}
      about="What the day’s lines were read from, and by which run."
      actions={<DataActions title={TITLE} file="raw-objects" columns={columns} rows={objects} />}
    >
      <dl className="facts">
        <Fact name="Run">
          <RunLink href={standing.run} of={formatDay(day)} />
        </Fact>
        <Fact name="Quality report">{report === null ? UNKNOWN : <Code>{report}</Code>}</Fact>
        <Fact name="Snapshot">{snapshot === null ? UNKNOWN : <Code>{snapshot}</Code>}</Fact>
        <Fact name="Decision">
          {decision === null ? (
            'None was needed.'
          ) : (
            <Text size="sm" className="message">
              {decision.verdict} by {decision.by}, {formatInstant(decision.at)} UTC: {decision.why}
            </Text>
          )}
        </Fact>
      </dl>
      {objects.length === 0 ? (
        <p className="nothing">No raw object of the day was read.</p>
      ) : (
        <DataTable caption="Raw objects" columns={columns} rows={objects} />
      )}
    </Card>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
