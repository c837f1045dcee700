import type { DuckDBConnection } from '@duckdb/node-api';
import type { DayRange } from '../../../domain/day.ts';
import type { Answer } from '../../api/routes.ts';
import type { ComparedScope } from '../../api/scope.ts';
import { compareRange, type RangeMetric } from './kpis.ts';
import { askTables, type Question, rowsWithin } from './question.ts';
import { poolRetention } from './retention.ts';

const metrics: readonly RangeMetric[] = [
  { kind: 'mean', metric: 'dau' },
  { kind: 'sum', metric: 'events' },
  { kind: 'sum', metric: 'revenue' },
  { kind: 'ratio', metric: 'arpdau', of: ['revenue', 'ad_revenue'], by: 'dau' },
  { kind: 'distinct', metric: 'arpu' },
  { kind: 'last', metric: 'retention_d1', lag: 1 },
  { kind: 'last', metric: 'retention_d7', lag: 7 },
];

/** Is the game healthy, what changed. */
export function answerOverview(question: Question<ComparedScope>): Promise<Answer<'overview'>> {
  const { scope } = question;
  const tables = ['daily_metrics', 'event_type_daily', 'retention_cohorts', 'player_days'] as const;
  return askTables(question, tables, async (connection) => {
    return {
      ...(await compareRange(connection, scope, metrics)),
      eventTypes: await readEventTypes(connection, scope),
      retention: await poolRetention(connection, scope, 'classic'),
    };
  });
}

function readEventTypes(
  connection: DuckDBConnection,
  range: DayRange,
): Promise<Answer<'overview'>['eventTypes']> {
  return rowsWithin(
    connection,
    range,
    `SELECT date::VARCHAR AS date, event_type, events::DOUBLE AS events FROM event_type_daily
    WHERE date BETWEEN $from::DATE AND $to::DATE AND events > 0 ORDER BY event_type_daily.date, event_type`,
  );
}
