import { SegmentedControl, Table, Text } from '@mantine/core';
import { useRovingIndex } from '@mantine/hooks';
import { Link } from '@tanstack/react-router';
import { addDays, type Day } from '../../../domain/day.ts';
import type { Answer } from '../../api/routes.ts';
import { Card } from '../cards/card.tsx';
import { DataActions } from '../cards/data-actions.tsx';
import { nameAge } from '../charts/retention-points.ts';
import { formatDay, formatShortDay } from '../format/locale.ts';
import { formatNumber, UNKNOWN } from '../format/number.ts';
import { keepScope, type Search } from '../scope/search.ts';
import { useSearchState } from '../scope/use-scope.ts';
import { cellAt } from './cell-at.ts';
import { csvOfCohorts } from './csv-of-cohorts.ts';

type Cohort = Answer<'retention'>['cohorts'][number];
type Cell = Cohort['cells'][number];

/** Cohorts of fewer players than this say little. */
const FEW_PLAYERS = 30;

/** The cohorts of a range, a row each: how many came back, by age. Arrow keys go from cell to cell; each leads to the last day it looks at. */
export function CohortTable({ data, about }: { readonly data: Answer<'retention'>; readonly about: string }) {
  const { cohorts, pooled, kind, observedTo } = data;
  const [search, change] = useSearchState();
  const isCount = search.show === 'count';
  const ages = pooled.filter(({ day_n }) => day_n > 0);
  const { getItemProps } = useRovingIndex({
    total: cohorts.length * ages.length,
    columns: ages.length,
    orientation: 'both',
    loop: false,
  });
  const csv = csvOfCohorts(data);
  return (
    <Card
      title="Cohorts"
      about={`Players acquired on a day, and the share of them ${about}.`}
      metrics={['cohort_size', 'retained', 'rate', 'mature']}
      actions={<DataActions title="Cohorts" file={`retention-${kind}`} {...csv} />}
    >
      <SegmentedControl
        size="xs"
        mb="sm"
        aria-label="Cells show"
        data={[
          { value: 'rate', label: '% of the cohort' },
          { value: 'count', label: 'Players' },
        ]}
        value={isCount ? 'count' : 'rate'}
        onChange={(value) => change({ show: value === 'rate' ? undefined : value })}
      />
      <section className="table-scroll cohorts" aria-label="Cohorts, table" tabIndex={0}>
        <Table verticalSpacing={4} horizontalSpacing={6} withRowBorders={false}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col" className="cohort-day">
                Acquired
              </Table.Th>
              <Table.Th scope="col" className="cohort-size number">
                Players
              </Table.Th>
              {ages.map((age) => (
                <Table.Th key={nameAge(age)} scope="col" className="number">
                  {nameAge(age)}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            <PooledRow
              {...{ ages, isCount, players: cohorts.reduce((sum, { cohort_size }) => sum + cohort_size, 0) }}
            />
            {cohorts.map((cohort, row) => (
              <Table.Tr
                key={cohort.cohort_date}
                className={cohort.cohort_size < FEW_PLAYERS ? 'few-players' : ''}
              >
                <Table.Th scope="row" className="cohort-day">
                  <Link
                    className="cell-link"
                    to="/days/$day"
                    params={{ day: cohort.cohort_date }}
                    search={keepScope(search)}
                  >
                    {formatShortDay(cohort.cohort_date)}
                  </Link>
                </Table.Th>
                <Table.Td className="cohort-size number">
                  {formatNumber(cohort.cohort_size, 'count', '')}
                </Table.Td>
                {ages.map((age, column) => (
                  <CohortCell
                    key={nameAge(age)}
                    {...{ cohort, observedTo, isCount, search }}
                    cell={cellAt(cohort, age)}
                    props={getItemProps({ index: row * ages.length + column })}
                  />
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </section>
      <Text size="sm" c="dimmed" mt="xs">
        {UNKNOWN} lies in the future; a hatched cell is not mature: a day that decides it is not complete.
        Cohorts of fewer than {FEW_PLAYERS} players are grey: their shares jump by chance. All cohorts: Σ came
        back / Σ players over the mature cells of an age.
      </Text>
    </Card>
  );
}

function PooledRow({ ages, isCount, players }: PooledRowProps) {
  return (
    <Table.Tr className="pooled">
      <Table.Th scope="row" className="cohort-day">
        All cohorts
      </Table.Th>
      <Table.Td className="cohort-size number">{formatNumber(players, 'count', '')}</Table.Td>
      {ages.map((age) => (
        <Table.Td key={nameAge(age)} className="number">
          {isCount
            ? formatNumber(age.rate === null ? null : age.rate * age.players, 'count', '')
            : formatNumber(age.rate, 'rate', '')}
        </Table.Td>
      ))}
    </Table.Tr>
  );
}

interface PooledRowProps {
  readonly ages: Answer<'retention'>['pooled'];
  readonly isCount: boolean;
  readonly players: number;
}

function CohortCell({ cohort, cell, observedTo, isCount, search, props }: CohortCellProps) {
  if (cell === undefined) return <Table.Td className="number">{UNKNOWN}</Table.Td>;
  const day = addDays(cohort.cohort_date as Day, cell.day_n);
  const isFuture = observedTo === null || day > observedTo;
  const text = isCount ? formatNumber(cell.retained, 'count', '') : formatNumber(cell.rate, 'rate', '');
  const state = cell.mature ? '' : isFuture ? 'lies in the future' : 'not mature';
  const label = `${nameAge(cell)} of players acquired ${formatDay(cohort.cohort_date)}: ${state === '' ? text : state}`;
  return (
    <Table.Td
      className={`number cohort-cell${state === 'not mature' ? ' immature' : ''}`}
      style={cell.rate === null ? {} : { '--share': `${Math.round(cell.rate * 100)}%` }}
    >
      <Link
        {...props}
        to="/days/$day"
        params={{ day: isFuture ? cohort.cohort_date : day }}
        search={keepScope(search)}
        aria-label={label}
        title={label}
        preload={false}
      >
        {text}
      </Link>
    </Table.Td>
  );
}

interface CohortCellProps {
  readonly cohort: Cohort;
  readonly cell: Cell | undefined;
  readonly observedTo: string | null;
  readonly isCount: boolean;
  readonly search: Search;
  /** What makes it one of the cells that arrow keys go over. */
  readonly props: ReturnType<ReturnType<typeof useRovingIndex>['getItemProps']>;
}
