import type { DuckDBConnection } from '@duckdb/node-api';
import type { z } from 'zod';
import { funnelOf } from '../../../activities/rules.ts';
import type { Config } from '../../../config/schema.ts';
import type { DayRange } from '../../../domain/day.ts';
import type { funnelsQuery } from '../../api/funnels.ts';
import type { Answer } from '../../api/routes.ts';
import { askTables, type Question, rowsWithin } from './question.ts';

type Level = Answer<'funnels'>['levels'][number];
type Step = Answer<'funnels'>['steps'][number];

const MOST_GROUPS = 12;

/**
 * Levels by the players who first started them in the range. Counts are sums of `level_funnel`, since a player starts a level first on one
 * day; medians are over the players who won it.
 */
const levelsSql = `WITH counted AS (
    SELECT level, sum(players_started) AS players_started, sum(players_completed) AS players_completed, sum(attempts) AS attempts, sum(wins) AS wins
    FROM level_funnel WHERE date BETWEEN $from::DATE AND $to::DATE GROUP BY level
  ), medians AS (
    SELECT level, quantile_cont(attempts_to_win, 0.5) AS attempts_to_win_p50, quantile_cont(time_to_win_us, 0.5) / 1e6 AS time_to_win_s_p50
    FROM level_tries WHERE wins > 0 AND date BETWEEN $from::DATE AND $to::DATE GROUP BY level
  )
  SELECT level::DOUBLE AS level, players_started::DOUBLE AS players_started, players_completed::DOUBLE AS players_completed,
    players_completed / players_started AS completion_rate,
    (players_started - players_completed) / players_started AS drop_off_rate,
    attempts::DOUBLE AS attempts, wins::DOUBLE AS wins, wins / nullif(attempts, 0) AS attempt_success_rate,
    attempts_to_win_p50::DOUBLE AS attempts_to_win_p50, time_to_win_s_p50::DOUBLE AS time_to_win_s_p50
  FROM counted LEFT JOIN medians USING (level) ORDER BY counted.level`;

/** Where players drop: levels, and the configured conversion funnel over the entry dates whose window is complete. */
export async function answerFunnels(
  question: Question<z.output<typeof funnelsQuery>>,
  config: Config,
): Promise<Answer<'funnels'>> {
  const { scope } = question;
  const funnel = funnelOf(config);
  const names = funnel.steps.map(({ name }) => name);
  const tables = ['level_funnel', 'conversion_funnel', 'level_tries', 'funnel_entries', 'players'] as const;
  return askTables(question, tables, async (connection) => {
    const [dates] = await rowsWithin<{ mature: number; immature: number }>(
      connection,
      scope,
      `SELECT count(DISTINCT entry_date) FILTER (mature)::DOUBLE AS mature, count(DISTINCT entry_date) FILTER (NOT mature)::DOUBLE AS immature
      FROM conversion_funnel WHERE entry_date BETWEEN $from::DATE AND $to::DATE`,
    );
    const count = (by: string | null) => countSteps(connection, scope, names, by);
    const [all] = await count(null);
    return {
      levels: await rowsWithin<Level>(connection, scope, levelsSql),
      windowDays: funnel.windowDays,
      matureEntryDates: dates?.mature ?? 0,
      immatureEntryDates: dates?.immature ?? 0,
      steps: all?.steps ?? names.map((name, n) => emptyStep(n + 1, name)),
      by: scope.by ?? null,
      groups: scope.by === undefined ? [] : (await count(scope.by)).slice(0, MOST_GROUPS),
    };
  });
}

function emptyStep(step: number, name: string): Step {
  return {
    step,
    name,
    players: 0,
    rate_of_entered: null,
    rate_of_previous: null,
    seconds_from_entry_p50: null,
  };
}

/** How many players of the mature entry dates reach each step; by a dimension of players when one is named, the most players first. */
async function countSteps(
  connection: DuckDBConnection,
  range: DayRange,
  names: readonly string[],
  by: string | null,
): Promise<{ readonly value: string | null; readonly steps: Step[] }[]> {
  const counts = names.map(
    (_, n) => `SELECT ${n + 1} AS step, value, count("${n + 1}")::DOUBLE AS players,
        round_even(quantile_cont("${n + 1}" - entered_at, 0.5), 0) / 1e6 AS seconds
      FROM entered GROUP BY ALL`,
  );
  const rows = await rowsWithin<{
    step: number;
    value: string | null;
    players: number;
    seconds: number | null;
  }>(
    connection,
    range,
    `WITH dates AS (
      SELECT DISTINCT entry_date FROM conversion_funnel WHERE mature AND entry_date BETWEEN $from::DATE AND $to::DATE
    ), entered AS MATERIALIZED (
      SELECT funnel_entries.*, ${by === null ? 'NULL::VARCHAR' : by} AS value
      FROM funnel_entries JOIN players USING (player_id) WHERE entry_date IN (SELECT entry_date FROM dates)
    ) ${counts.join(' UNION ALL ')} ORDER BY step`,
  );
  const groups = new Map<string | null, Step[]>();
  for (const { value, players, seconds } of rows) {
    const known = groups.get(value) ?? [];
    const [entered, before] = [known[0]?.players ?? players, known.at(-1)?.players];
    known.push({
      step: known.length + 1,
      name: names[known.length] ?? '',
      players,
      rate_of_entered: entered === 0 ? null : players / entered,
      rate_of_previous: before === undefined || before === 0 ? null : players / before,
      seconds_from_entry_p50: seconds,
    });
    groups.set(value, known);
  }
  return [...groups]
    .map(([value, reached]) => ({ value, steps: reached }))
    .sort((a, b) => (b.steps[0]?.players ?? 0) - (a.steps[0]?.players ?? 0));
}
