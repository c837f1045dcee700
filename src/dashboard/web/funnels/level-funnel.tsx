import { Text } from '@mantine/core';
import type { Answer } from '../../api/routes.ts';
import { Card } from '../cards/card.tsx';
import { columnsOf, type DataColumn } from '../cards/data-table.tsx';
import { TableCard } from '../cards/table-card.tsx';
import { PlotCard } from '../charts/plot-card.tsx';
import { seriesOf } from '../charts/series-of.ts';
import { formatNumber } from '../format/number.ts';

type Level = Answer<'funnels'>['levels'][number];

/** Levels that fewer players than this, and than a tenth of those of the most started level, have started say little. */
const FEW_PLAYERS = 30;
const MOST_NAMED = 5;
const nobody = 'Nobody first started a level in these days.';
const counted = ['players_started', 'players_completed'];

const columns: readonly DataColumn[] = [
  { key: 'level', label: 'Level', kind: 'count' },
  ...columnsOf([
    ...counted,
    'completion_rate',
    'drop_off_rate',
    'attempts',
    'attempt_success_rate',
    'attempts_to_win_p50',
    'time_to_win_s_p50',
  ]),
];

/** How players fare at each level that they first started in the range. */
export function LevelFunnel({ levels }: { readonly levels: readonly Level[] }) {
  return (
    <>
      <PlotCard
        title="Level funnel"
        about="Players who first started a level in the range, and those of them who have won it, on any day."
        metrics={counted}
        file="level-funnel-players"
        axis={{ label: 'Level', kind: 'text' }}
        points={levels.map(({ level, players_started, players_completed, drop_off_rate }) => ({
          key: String(level),
          tick: String(level),
          label: `Level ${level}`,
          note: `Drop-off ${formatNumber(drop_off_rate, 'rate', '')}`,
          values: { players_started, players_completed },
        }))}
        series={seriesOf(counted)}
        shape="lines"
        kind="count"
        empty={nobody}
      />
      <SteepestDrops levels={levels} />
      <TableCard
        title="Levels"
        about="Completion, drop-off and how hard it is to win, by level."
        metrics={columns.slice(1).map(({ key }) => key)}
        file="level-funnel"
        columns={columns}
        rows={levels}
        empty={nobody}
      />
    </>
  );
}

function SteepestDrops({ levels }: { readonly levels: readonly Level[] }) {
  const tenth = Math.ceil(Math.max(0, ...levels.map(({ players_started }) => players_started)) / 10);
  const enough = Math.max(FEW_PLAYERS, tenth);
  const steepest = levels
    .filter(({ players_started }) => players_started >= enough)
    .sort((a, b) => (b.drop_off_rate ?? 0) - (a.drop_off_rate ?? 0))
    .slice(0, MOST_NAMED);
  return (
    <Card
      title="Steepest drops"
      about={`Levels at which the largest share of players has stopped so far, of those that ${formatNumber(enough, 'count', '')} players or more have started.`}
      metrics={['drop_off_rate']}
    >
      {steepest.length === 0 ? (
        <Text size="sm">No level has been started by so many.</Text>
      ) : (
        <ol className="steepest">
          {steepest.map(({ level, players_started, players_completed, drop_off_rate }) => (
            <li key={level}>
              <strong>Level {level}</strong>: {formatNumber(drop_off_rate, 'rate', '')} drop off,{' '}
              {formatNumber(players_started - players_completed, 'count', '')} of{' '}
              {formatNumber(players_started, 'count', '')} players.
            </li>
          ))}
        </ol>
      )}
    </Card>
  );
}
