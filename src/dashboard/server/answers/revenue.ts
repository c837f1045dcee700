import type { Answer } from '../../api/routes.ts';
import type { ComparedScope } from '../../api/scope.ts';
import { compareRange, type RangeMetric } from './kpis.ts';
import { askTables, type Question, rowsWithin } from './question.ts';

const metrics: readonly RangeMetric[] = [
  { kind: 'sum', metric: 'revenue' },
  { kind: 'sum', metric: 'ad_revenue' },
  { kind: 'ratio', metric: 'arpdau', of: ['revenue', 'ad_revenue'], by: 'dau' },
  { kind: 'distinct', metric: 'arpu' },
  { kind: 'distinct', metric: 'arppu_period' },
  { kind: 'distinct', metric: 'payer_rate_period' },
  { kind: 'distinct', metric: 'paying_players' },
];

const within = (column: string) => `${column} BETWEEN $from::DATE AND $to::DATE`;

const newPayersSql = `SELECT first_purchase_date::VARCHAR AS date, count(*)::DOUBLE AS players FROM players
  WHERE ${within('first_purchase_date')} GROUP BY first_purchase_date ORDER BY first_purchase_date`;

const ltvSql = `SELECT day_n::DOUBLE AS day_n,
    sum(revenue + ad_revenue)::DOUBLE / sum(cohort_size) AS ltv,
    sum(revenue)::DOUBLE / sum(cohort_size) AS ltv_iap,
    sum(payers) / sum(cohort_size) AS paid_share,
    count(*)::DOUBLE AS cohorts,
    sum(cohort_size)::DOUBLE AS players
  FROM cohort_ltv WHERE mature AND ${within('cohort_date')} GROUP BY day_n ORDER BY cohort_ltv.day_n`;

/** Payers ranked by what they paid; a share of them is rounded up to whole payers. */
const concentrationSql = `WITH paid AS (
    SELECT player_id, sum(revenue) AS revenue FROM player_days WHERE ${within('date')} GROUP BY player_id HAVING sum(revenue) > 0
  ), ranked AS (
    SELECT revenue, row_number() OVER (ORDER BY revenue DESC, player_id) AS place, count(*) OVER () AS payers, sum(revenue) OVER () AS total FROM paid
  )
  SELECT share AS share_of_payers, count(*)::DOUBLE AS payers, sum(revenue)::DOUBLE AS revenue, sum(revenue)::DOUBLE / any_value(total)::DOUBLE AS share_of_revenue
  FROM ranked, (VALUES (0.01::DOUBLE), (0.05), (0.1), (0.25), (0.5), (1)) shares(share)
  WHERE place <= ceil(share * payers) GROUP BY share ORDER BY share`;

const unconvertedSql = `SELECT currency, sum(purchases)::DOUBLE AS purchases, sum(amount)::DOUBLE AS amount
  FROM revenue_other WHERE ${within('date')} GROUP BY currency ORDER BY purchases DESC, currency`;

/** Who pays. */
export function answerRevenue(question: Question<ComparedScope>): Promise<Answer<'revenue'>> {
  const { scope } = question;
  const tables = ['daily_metrics', 'player_days', 'players', 'cohort_ltv', 'revenue_other'] as const;
  return askTables(question, tables, async (connection) => {
    const ask = <T>(sql: string) => rowsWithin<T>(connection, scope, sql);
    return {
      ...(await compareRange(connection, scope, metrics)),
      newPayers: await ask<Answer<'revenue'>['newPayers'][number]>(newPayersSql),
      ltv: await ask<Answer<'revenue'>['ltv'][number]>(ltvSql),
      concentration: await ask<Answer<'revenue'>['concentration'][number]>(concentrationSql),
      unconverted: await ask<Answer<'revenue'>['unconverted'][number]>(unconvertedSql),
    };
  });
}
