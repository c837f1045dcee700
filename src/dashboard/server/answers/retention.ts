import type { DuckDBConnection } from '@duckdb/node-api';
import type { z } from 'zod';
import type { DayRange } from '../../../domain/day.ts';
import { readRows } from '../../../engine/duckdb.ts';
import type { retentionQuery } from '../../api/retention.ts';
import type { Answer } from '../../api/routes.ts';
import { askTables, type Question } from './question.ts';

type Kind = z.output<typeof retentionQuery>['kind'];
type Cohort = Answer<'retention'>['cohorts'][number];

/** Are newer players staying better: the cohorts of a range, and what they come to together. */
export function answerRetention(
  question: Question<z.output<typeof retentionQuery>>,
): Promise<Answer<'retention'>> {
  const { scope } = question;
  const { kind } = scope;
  return askTables(question, ['retention_cohorts', 'daily_metrics'], async (connection) => {
    const [horizon] = await readRows(
      connection,
      'SELECT max(date)::VARCHAR AS day FROM daily_metrics WHERE complete',
    );
    return {
      kind,
      observedTo: (horizon?.['day'] ?? null) as string | null,
      cohorts: await readCohorts(connection, scope, kind),
      pooled: await poolRetention(connection, scope, kind),
    };
  });
}

async function readCohorts(
  connection: DuckDBConnection,
  { from, to }: DayRange,
  kind: Kind,
): Promise<Cohort[]> {
  const rows = await readRows(
    connection,
    `SELECT cohort_date::VARCHAR AS cohort_date, any_value(cohort_size)::DOUBLE AS cohort_size,
      list({day_n: day_n::DOUBLE, day_from: day_from::DOUBLE, retained: retained::DOUBLE, rate: rate, mature: mature} ORDER BY day_n, day_from) AS cells
    FROM retention_cohorts WHERE kind = $kind AND cohort_date BETWEEN $from::DATE AND $to::DATE GROUP BY ALL ORDER BY ALL`,
    { from, to, kind },
  );
  return rows as unknown as Cohort[];
}

/** Retention of the cohorts of a range together: Σ retained / Σ cohort size over the mature cells of each day N. */
export async function poolRetention(
  connection: DuckDBConnection,
  { from, to }: DayRange,
  kind: Kind,
): Promise<Answer<'overview'>['retention']> {
  const rows = await readRows(
    connection,
    `SELECT day_n::DOUBLE AS day_n, day_from::DOUBLE AS day_from,
      CASE WHEN count(*) FILTER (mature) > 0 THEN sum(retained) FILTER (mature) / sum(cohort_size) FILTER (mature) END AS rate,
      count(*) FILTER (mature)::DOUBLE AS cohorts,
      coalesce(sum(cohort_size) FILTER (mature), 0)::DOUBLE AS players
    FROM retention_cohorts WHERE kind = $kind AND cohort_date BETWEEN $from::DATE AND $to::DATE
    GROUP BY ALL ORDER BY day_n, day_from`,
    { from, to, kind },
  );
  return rows as unknown as Answer<'overview'>['retention'];
}
