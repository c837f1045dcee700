import { Text } from '@mantine/core';
import type { Answer } from '../../api/routes.ts';
import { columnsOf, type DataColumn, type DataRow } from '../cards/data-table.tsx';
import { TableCard } from '../cards/table-card.tsx';
import { formatNumber } from '../format/number.ts';

const columns: readonly DataColumn[] = [
  { key: 'name', label: 'Step', kind: 'text' },
  ...columnsOf(['players']),
  ...columnsOf(['rate_of_entered']).map((column) => ({ ...column, look: 'bar' as const })),
  ...columnsOf(['rate_of_previous', 'dropped_off', 'drop_off_rate', 'seconds_from_entry_p50']),
];

/** How many players reach each step of the configured funnel, over the entry dates whose window is over. */
export function ConversionFunnel({ data }: { readonly data: Answer<'funnels'> }) {
  const { steps, matureEntryDates, windowDays } = data;
  return (
    <TableCard
      title="Conversion funnel"
      about={`Players by the steps that they reach, in order, within ${windowDays} days of the first one.`}
      metrics={['rate_of_entered', 'rate_of_previous', 'seconds_from_entry_p50']}
      note="Dropped off: players of the step before who did not reach this one."
      file="conversion-funnel"
      columns={columns}
      rows={matureEntryDates === 0 ? [] : rowsOf(steps)}
      empty={`No entry date of this range has its ${windowDays}-day window over.`}
    >
      <Text size="sm" c="dimmed" mt="sm">
        {tellMaturity(data)}
      </Text>
    </TableCard>
  );
}

function rowsOf(steps: Answer<'funnels'>['steps']): DataRow[] {
  return steps.map((step, n) => {
    const before = steps[n - 1]?.players;
    const rate = step.rate_of_previous;
    return {
      ...step,
      dropped_off: before === undefined ? null : before - step.players,
      drop_off_rate: rate === null ? null : 1 - rate,
    };
  });
}

/** Which entry dates count, and which do not yet. */
export function tellMaturity({
  matureEntryDates,
  immatureEntryDates,
  windowDays,
}: Pick<Answer<'funnels'>, 'matureEntryDates' | 'immatureEntryDates' | 'windowDays'>): string {
  const counted = `Over ${countDates(matureEntryDates)}.`;
  if (immatureEntryDates === 0) return counted;
  const [are, their] = immatureEntryDates === 1 ? ['is', 'its'] : ['are', 'their'];
  return `${counted} ${countDates(immatureEntryDates)} of this range ${are} left out: ${their} ${windowDays}-day window is not over.`;
}

const countDates = (dates: number) =>
  `${formatNumber(dates, 'count', '')} entry ${dates === 1 ? 'date' : 'dates'}`;
