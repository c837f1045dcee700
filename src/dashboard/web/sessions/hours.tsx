import { Text } from '@mantine/core';
import type { Answer } from '../../api/routes.ts';
import type { DataColumn, DataRow } from '../cards/data-table.tsx';
import { TableCard } from '../cards/table-card.tsx';
import { nameWeekday } from '../format/locale.ts';
import { formatNumber } from '../format/number.ts';

type Hour = Answer<'engagement'>['hours'][number];

const keyOf = (hour: number) => `h${String(hour).padStart(2, '0')}`;
const nameHour = (hour: number) => String(hour).padStart(2, '0');

const columns: readonly DataColumn[] = [
  { key: 'weekday', label: 'Day', kind: 'text' },
  ...Array.from({ length: 24 }, (_, hour) => ({
    key: keyOf(hour),
    label: nameHour(hour),
    kind: 'count' as const,
    look: 'shade' as const,
  })),
];

const csvColumns: readonly DataColumn[] = [
  { key: 'weekday', label: 'Weekday, 1 (Monday) to 7', kind: 'count' },
  { key: 'hour', label: 'UTC hour', kind: 'count' },
  { key: 'days', label: 'Dates', kind: 'count' },
  { key: 'players', label: 'Players', kind: 'decimal' },
  { key: 'events', label: 'Events', kind: 'decimal' },
];

/** When people play: a week of hours, each with the players who play in it. */
export function Hours({ hours }: { readonly hours: readonly Hour[] }) {
  return (
    <TableCard
      title="Hours of the week"
      about="Distinct players in an hour (UTC), in the mean over the dates of the weekday; the more, the stronger the colour."
      metrics={['hourly_players']}
      file="hours-of-the-week"
      columns={columns}
      rows={rowsOf(hours)}
      csv={{ columns: csvColumns, rows: hours }}
      empty="There is no event in these days."
    >
      <Text size="sm" c="dimmed" mt="sm">
        {tellPeak(hours)}
      </Text>
    </TableCard>
  );
}

function rowsOf(hours: readonly Hour[]): DataRow[] {
  return [...Map.groupBy(hours, ({ weekday }) => weekday)].map(([weekday, ofDay]) => ({
    weekday: nameWeekday(weekday),
    ...Object.fromEntries(ofDay.map(({ hour, players }) => [keyOf(hour), players])),
  }));
}

/** The hours with the most and the fewest players, in words. */
function tellPeak(hours: readonly Hour[]): string {
  const ranked = [...hours].sort((a, b) => b.players - a.players);
  const [most, fewest] = [ranked[0], ranked.at(-1)];
  if (most === undefined || fewest === undefined) return '';
  const tell = ({ weekday, hour, players }: Hour) =>
    `${nameWeekday(weekday)}, ${nameHour(hour)}:00 (${formatNumber(players, 'count', '')} players)`;
  return `Most: ${tell(most)}. Fewest: ${tell(fewest)}.`;
}
