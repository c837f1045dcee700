import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Answer } from '../../api/routes.ts';
import { Card } from '../cards/card.tsx';
import { DataActions } from '../cards/data-actions.tsx';
import { type DataColumn, DataTable } from '../cards/data-table.tsx';
import { formatNumber } from '../format/number.ts';
import { formatThreshold, kindsOfChecks, Verdict } from '../health/verdict.tsx';

type Check = Answer<'day'>['checks'][number];

const TITLE = 'Checks';

/** The quality checks of a day: each value against its threshold, and what to do about those that do not hold. */
export function DayChecksCard({ checks }: Pick<Answer<'day'>, 'checks'>) {
  const byName = new Map(checks.map((check) => [check.name, check]));
  const of = (render: (check: Check) => ReactNode): NonNullable<DataColumn['render']> => {
    return ({ name }) => {
      const check = byName.get(String(name));
      return check === undefined ? null : render(check);
    };
  };
  const columns: readonly DataColumn[] = [
    { key: 'definition', label: 'Check', kind: 'text' },
    {
      key: 'value',
      label: 'Value',
      kind: 'decimal',
      render: of(({ value, kind }) => formatNumber(value, kindsOfChecks[kind], '')),
    },
    {
      key: 'threshold',
      label: 'Threshold',
      kind: 'decimal',
      render: of(({ comparison, threshold, kind }) => formatThreshold(comparison, threshold, kind)),
    },
    {
      key: 'verdict',
      label: 'Verdict',
      kind: 'text',
      render: of(({ verdict }) => <Verdict verdict={verdict} />),
    },
    { key: 'severity', label: 'When it fails', kind: 'text', render: of(tellConsequence) },
    { key: 'detail', label: 'Detail', kind: 'text' },
    { key: 'toDo', label: 'What to do', kind: 'text', render: of(ToDo) },
  ];
  return (
    <Card
      title={TITLE}
      about="What was measured of the day’s data before it was published, by the last run that got that far."
      actions={<DataActions title={TITLE} file="checks-of-the-day" columns={columns} rows={checks} />}
    >
      {checks.length === 0 ? (
        <p className="nothing">No run of this day got as far as its checks.</p>
      ) : (
        <div className="whole">
          <DataTable caption={`${TITLE}, as a table`} columns={columns} rows={checks} />
        </div>
      )}
    </Card>
  );
}

function tellConsequence({ severity, action }: Check): string {
  if (severity === 'off') return 'Not measured';
  if (severity === 'warn') return 'It is told';
  return action === 'hold' ? 'The day waits' : 'The day fails';
}

function ToDo({ verdict, toDo }: Check) {
  return (
    <Text component="span" size="sm" c={verdict === 'failed' || verdict === 'warned' ? '' : 'dimmed'}>
      {toDo}
    </Text>
  );
}
