import { Button } from '@mantine/core';
import { type ReactNode, Suspense } from 'react';
import type { Answer } from '../../api/routes.ts';
import { Card } from '../cards/card.tsx';
import { DataActions } from '../cards/data-actions.tsx';
import { type DataColumn, type DataRow, DataTable } from '../cards/data-table.tsx';
import { PlotCard } from '../charts/plot-card.tsx';
import { formatDay, formatShortDay } from '../format/locale.ts';
import { formatNumber } from '../format/number.ts';
import { useSearchState } from '../scope/use-scope.ts';
import { lazily } from '../shell/lazily.ts';
import { countVerdicts, formatThreshold, kindsOfChecks, Verdict } from './verdict.tsx';

type Check = Answer<'health'>['checks'][number];
type CheckPoint = Check['points'][number];

const TITLE = 'Checks';
const Spark = lazily(() => import('../charts/spark.tsx'), 'Spark');

/** The quality checks of a range: newest value against threshold, verdicts, trend; one of them as a chart. */
export function ChecksCard({ checks }: Pick<Answer<'health'>, 'checks'>) {
  const [search, change] = useSearchState();
  const chosen = checks.find(({ name }) => name === search.check);
  const byName = new Map(checks.map((check) => [check.name, check]));
  const columns = columnsOf(byName, (name) => (
    <Button
      size="compact-xs"
      variant="default"
      aria-pressed={name === search.check}
      aria-label={`Chart: ${byName.get(name)?.definition}`}
      onClick={() => change({ check: name === search.check ? undefined : name })}
    >
      Chart
    </Button>
  ));
  const rows = checks.map(toRow).sort((a, b) => severity(a) - severity(b));
  return (
    <>
      <Card
        title={TITLE}
        about="What is measured of each day before it is published, against what is allowed; value and verdict are of the newest day."
        actions={<DataActions title={TITLE} file="checks" columns={columns.slice(0, -2)} rows={rows} />}
      >
        <div className="whole">
          <DataTable caption={`${TITLE}, of the newest day`} columns={columns} rows={rows} />
        </div>
      </Card>
      {chosen === undefined ? null : <CheckPlot check={chosen} />}
    </>
  );
}

function columnsOf(byName: ReadonlyMap<string, Check>, openChart: (name: string) => ReactNode): DataColumn[] {
  const newest = (row: DataRow) => byName.get(String(row['name']))?.points.at(-1);
  return [
    { key: 'check', label: 'Check', kind: 'text' },
    { key: 'day', label: 'Day', kind: 'day' },
    {
      key: 'value',
      label: 'Value',
      kind: 'decimal',
      render: (row) => formatNumber(newest(row)?.value, kindOf(byName, row), ''),
    },
    {
      key: 'threshold',
      label: 'Threshold',
      kind: 'decimal',
      render: (row) => <Threshold check={byName.get(String(row['name']))} point={newest(row)} />,
    },
    {
      key: 'verdict',
      label: 'Verdict',
      kind: 'text',
      render: (row) => <Verdict verdict={newest(row)?.verdict ?? 'skipped'} />,
    },
    { key: 'verdicts', label: 'Over the range', kind: 'text' },
    {
      key: 'trend',
      label: 'Trend',
      kind: 'text',
      render: (row) => <Trend check={byName.get(String(row['name']))} />,
    },
    { key: 'chart', label: 'By day', kind: 'text', render: (row) => openChart(String(row['name'])) },
  ];
}

/** Checks that do not hold come first. */
const severity = ({ verdict }: DataRow) => ['failed', 'warned'].indexOf(String(verdict)) >>> 0;

const kindOf = (byName: ReadonlyMap<string, Check>, row: DataRow) =>
  kindsOfChecks[byName.get(String(row['name']))?.kind ?? 'count'];

function toRow({ name, definition, points }: Check): DataRow {
  const newest = points.at(-1);
  const byVerdict = Map.groupBy(points, ({ verdict }) => verdict);
  const counts = Object.fromEntries([...byVerdict].map(([verdict, those]) => [verdict, those.length]));
  return {
    name,
    check: definition,
    day: newest?.day ?? null,
    value: newest?.value ?? null,
    threshold: newest?.threshold ?? null,
    verdict: newest?.verdict ?? null,
    verdicts: countVerdicts(counts),
  };
}

function Threshold({
  check,
  point,
}: {
  readonly check: Check | undefined;
  readonly point: CheckPoint | undefined;
}) {
  if (check === undefined || point === undefined) return null;
  return formatThreshold(check.comparison, point.threshold, check.kind);
}

function Trend({ check }: { readonly check: Check | undefined }) {
  const values = check?.points.map(({ value }) => value) ?? [];
  return (
    <div className="trend">
      {values.filter((value) => value !== null).length < 2 ? null : (
        <Suspense fallback={null}>
          <Spark values={values} />
        </Suspense>
      )}
    </div>
  );
}

function CheckPlot({ check: { name, definition, kind, comparison, points } }: { readonly check: Check }) {
  return (
    <PlotCard
      title={definition}
      about={`Its value has to be ${comparison} the threshold.`}
      file={`check-${name}`}
      points={points.map(({ day, value, threshold, verdict }) => ({
        key: day,
        tick: formatShortDay(day),
        label: formatDay(day),
        day,
        note: verdict,
        values: { value, threshold },
      }))}
      series={[
        { key: 'value', label: 'Value', color: 'var(--series-1)' },
        { key: 'threshold', label: `Threshold, ${comparison}`, color: 'var(--series-2)', dashes: '6 4' },
      ]}
      shape="lines"
      kind={kindsOfChecks[kind]}
    />
  );
}
