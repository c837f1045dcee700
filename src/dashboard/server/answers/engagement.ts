import type { Answer } from '../../api/routes.ts';
import type { ComparedScope } from '../../api/scope.ts';
import { compareRange, type RangeMetric } from './kpis.ts';
import { askTables, type Question, rowsWithin } from './question.ts';

const metrics: readonly RangeMetric[] = [
  { kind: 'distinct', metric: 'active_players' },
  { kind: 'last', metric: 'wau', lag: 0 },
  { kind: 'last', metric: 'mau', lag: 0 },
  { kind: 'last', metric: 'stickiness', lag: 0 },
  { kind: 'ratio', metric: 'sessions_per_player', of: ['sessions'], by: 'dau' },
  { kind: 'last', metric: 'session_length_p50', lag: 0 },
  { kind: 'last', metric: 'session_length_p90', lag: 0 },
];

const within = 'date BETWEEN $from::DATE AND $to::DATE';

const lengthsSql = `WITH bins(from_s, to_s) AS (
    VALUES (0, 60), (60, 180), (180, 300), (300, 600), (600, 1200), (1200, 1800), (1800, 3600), (3600, NULL)
  )
  SELECT from_s::DOUBLE AS from_s, to_s::DOUBLE AS to_s, count(duration_s)::DOUBLE AS sessions
  FROM bins LEFT JOIN (SELECT duration_s FROM sessions WHERE ${within}) ON duration_s >= from_s AND (to_s IS NULL OR duration_s < to_s)
  GROUP BY bins.from_s, bins.to_s ORDER BY bins.from_s`;

/** Means over all dates of a weekday in the range that have events, for each of its hours: one without events counts as 0. */
const hoursSql = `WITH happened AS (
    FROM hourly_activity WHERE ${within}
  ), counted AS (
    SELECT weekday, count(DISTINCT date) AS days FROM happened GROUP BY weekday
  )
  SELECT weekday::DOUBLE AS weekday, hour::DOUBLE AS hour, any_value(days)::DOUBLE AS days,
    coalesce(sum(players), 0)::DOUBLE / any_value(days) AS players, coalesce(sum(events), 0)::DOUBLE / any_value(days) AS events
  FROM counted CROSS JOIN range(24) hours(hour) LEFT JOIN happened USING (weekday, hour) GROUP BY ALL ORDER BY ALL`;

const adoptionSql = `SELECT event_type, sum(events)::DOUBLE AS events,
    sum(players) / (SELECT sum(dau) FROM daily_metrics WHERE ${within} AND dau > 0) AS adoption_rate
  FROM event_type_daily WHERE ${within} GROUP BY event_type ORDER BY adoption_rate DESC NULLS LAST, event_type`;

/** How people play. */
export function answerEngagement(question: Question<ComparedScope>): Promise<Answer<'engagement'>> {
  const { scope } = question;
  const tables = ['daily_metrics', 'player_days', 'sessions', 'hourly_activity', 'event_type_daily'] as const;
  return askTables(question, tables, async (connection) => {
    const ask = <T>(sql: string) => rowsWithin<T>(connection, scope, sql);
    return {
      ...(await compareRange(connection, scope, metrics)),
      sessionLengths: await ask<Answer<'engagement'>['sessionLengths'][number]>(lengthsSql),
      hours: await ask<Answer<'engagement'>['hours'][number]>(hoursSql),
      adoption: await ask<Answer<'engagement'>['adoption'][number]>(adoptionSql),
    };
  });
}
