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
 * day; medians are over the players, from `player_levels`.
 */
const levelsSql = `WITH counted AS (
    SELECT level, sum(players_started) AS players_started, sum(players_completed) AS players_completed, sum(attempts) AS attempts, sum(wins) AS wins
    FROM level_funnel WHERE date BETWEEN $from::DATE AND $to::DATE GROUP BY level
  ), journeys AS (
    SELECT player_id, level, min(date) FILTER (starts > 0) AS started_on, min(date) FILTER (first_win_at IS NOT NULL) AS won_on
    FROM player_levels GROUP BY player_id, level HAVING started_on BETWEEN $from::DATE AND $to::DATE AND won_on IS NOT NULL
  ), wins AS (
    SELECT player_id, level,
      sum(CASE WHEN date = won_on THEN starts_until_win ELSE starts END) AS attempts,
      CASE WHEN count(*) = count(CASE WHEN date = won_on THEN time_until_win_s ELSE time_spent_s END)
        THEN sum(CASE WHEN date = won_on THEN time_until_win_s ELSE time_spent_s END) END AS time_s
    FROM player_levels JOIN journeys USING (player_id, level)
    WHERE date <= won_on GROUP BY player_id, level
  ), medians AS (
    SELECT level, quantile_cont(attempts, 0.5) AS attempts_to_win_p50, quantile_cont(time_s, 0.5) AS time_to_win_s_p50 FROM wins GROUP BY level
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
  const tables = ['level_funnel', 'conversion_funnel', 'player_levels', 'funnel_steps', 'players'] as const;
  return askTables(question, tables, async (connection) => {
    const [dates] = await rowsWithin<{ mature: number; immature: number }>(
      connection,
      scope,
      `SELECT count(DISTINCT entry_date) FILTER (mature)::DOUBLE AS mature, count(DISTINCT entry_date) FILTER (NOT mature)::DOUBLE AS immature
      FROM conversion_funnel WHERE entry_date BETWEEN $from::DATE AND $to::DATE`,
    );
    const follow = (by: string | null) => followFunnel(connection, scope, names, funnel.windowDays, by);
    const [all] = await follow(null);
    return {
      levels: await rowsWithin<Level>(connection, scope, levelsSql),
      windowDays: funnel.windowDays,
      matureEntryDates: dates?.mature ?? 0,
      immatureEntryDates: dates?.immature ?? 0,
      steps: all?.steps ?? names.map((name, n) => emptyStep(n + 1, name)),
      by: scope.by ?? null,
      groups: scope.by === undefined ? [] : (await follow(scope.by)).slice(0, MOST_GROUPS),
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

/** Follows each player of the mature entry dates through the steps; by a dimension of players when one is named, the most players first. */
async function followFunnel(
  connection: DuckDBConnection,
  range: DayRange,
  names: readonly string[],
  windowDays: number,
  by: string | null,
): Promise<{ readonly value: string | null; readonly steps: Step[] }[]> {
  const group = by === null ? 'NULL::VARCHAR' : by;
  const steps = names.map((_, n) =>
    n === 0
      ? `reached_1 AS (
          SELECT player_id, min(matched_at) AS reached_at, min(date) AS entry_date FROM funnel_steps WHERE step = 1 GROUP BY player_id
        ), entered AS (
          SELECT player_id, reached_at, reached_at + INTERVAL ${windowDays * 24} HOURS AS ends_at, ${group} AS value
          FROM reached_1 JOIN players USING (player_id) WHERE entry_date IN (SELECT entry_date FROM dates)
        )`
      : `reached_${n + 1} AS (
          SELECT e.player_id, min(s.matched_at) AS reached_at
          FROM ${n === 1 ? 'entered' : `reached_${n}`} b JOIN entered e USING (player_id) JOIN funnel_steps s USING (player_id)
          WHERE s.step = ${n + 1} AND s.matched_at BETWEEN b.reached_at AND e.ends_at GROUP BY e.player_id
        )`,
  );
  const counts = names.map((_, n) =>
    `SELECT ${n + 1} AS step, value, count(r.player_id)::DOUBLE AS players,
        round_even(quantile_cont(epoch_us(r.reached_at) - epoch_us(e.reached_at), 0.5), 0) / 1e6 AS seconds
      FROM entered e LEFT JOIN ${n === 0 ? 'entered' : `reached_${n + 1}`} r USING (player_id) GROUP BY ALL`.replace(
      'value,',
      'e.value AS value,',
    ),
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
    ), ${steps.join(', ')} ${counts.join(' UNION ALL ')} ORDER BY step`,
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
