import { eventTypeNames } from './contract.ts';
import { dimensions } from './tables/daily-metrics-by.ts';
import { countColumnOf } from './tables/player-days.ts';

/** One way to the totals: what they are taken from, and SQL that gives the columns `by` and the totals, one row each `by`. */
export interface Side {
  readonly of: string;
  readonly sql: string;
}

/** Totals that follow from two tables and have to be the same, to the last digit; a row that one side lacks has zeros. */
export interface Agreement {
  /** Columns that rows of both sides are matched by; none: one row each. */
  readonly by: readonly string[];
  readonly totals: readonly string[];
  readonly sides: readonly [Side, Side];
}

const typeSums = eventTypeNames.map((type) => {
  const column = countColumnOf(type);
  return `sum(${column}) AS ${column}, count_if(${column} > 0) AS ${type}_players`;
});

/** Sums of a table that several sides need, made once under these names. */
export const preparedSums: Readonly<Record<string, string>> = {
  player_day_sums: `SELECT date, count(*) AS dau, sum(events) AS events, count_if(is_payer) AS payers, sum(revenue) AS revenue,
    sum(ad_revenue) AS ad_revenue, sum(levels_completed) AS wins, sum(purchases_unconverted) AS purchases_unconverted,
    ${typeSums.join(', ')} FROM player_days GROUP BY date`,
};

const touched = 'date IN (SELECT date FROM touched)';
const playerDays = (columns: string): Side => ({
  of: 'player_days',
  sql: `SELECT date, ${columns} FROM player_day_sums`,
});
const byType = eventTypeNames.map(
  (type) =>
    `SELECT date, '${type}' AS event_type, ${countColumnOf(type)} AS events, ${type}_players AS players FROM player_day_sums`,
);
const perDimension = dimensions.map((name) => `('${name}')`).join(', ');
const groupTotals = [
  'dau',
  'new_players',
  'returning_players',
  'resurrected_players',
  'events',
  'sessions',
  'revenue',
  'ad_revenue',
  'payers',
];
const list = groupTotals.join(', ');
const sums = groupTotals.map((name) => `sum(${name}) AS ${name}`).join(', ');
/** Sums of cohorts by the day on which they have an age, of days of which every cell is mature. */
const byTargetDate = (table: string, where: string, columns: string) =>
  `SELECT cohort_date + day_n::INT AS date, ${columns} FROM ${table} WHERE ${where} GROUP BY ALL HAVING bool_and(mature)`;
const classic = "kind = 'classic'";
const ltvCells = byTargetDate('cohort_ltv', 'true', 'sum(revenue) AS revenue, sum(ad_revenue) AS ad_revenue');
const onObservedDay =
  'FROM cohort_ltv, (SELECT max(observed_to) AS day FROM players) WHERE mature AND cohort_date + day_n::INT = day';
const enteredOnTouched =
  'FROM conversion_funnel WHERE step = 1 AND players IS NOT NULL AND entry_date IN (SELECT date FROM touched)';

/**
 * What has to agree before a commit. Tables that span all days stand under their names with all rows, tables by day with the rows of the
 * event days that the commit touches (`touched`), `accepted` and `quarantine` with the rows of the arrivals that are new to it; what
 * the ledgers say is in `event_day_ledger` (of all event days), `arrival_ledger` and `aside_ledger` (of those arrivals).
 */
export const agreements: readonly Agreement[] = [
  {
    by: ['arrival_day', 'event_day'],
    totals: ['rows'],
    sides: [
      {
        of: 'accepted',
        sql: 'SELECT arrival_day, event_day, count(*) AS rows FROM accepted GROUP BY ALL',
      },
      { of: 'the ledger', sql: 'FROM arrival_ledger' },
    ],
  },
  {
    by: ['arrival_day', 'reason'],
    totals: ['lines'],
    sides: [
      {
        of: 'quarantine',
        sql: 'SELECT arrival_day, reason, count(*) AS lines FROM quarantine GROUP BY ALL',
      },
      { of: 'the ledger', sql: 'FROM aside_ledger' },
    ],
  },
  {
    by: ['date'],
    totals: ['events', 'revenue', 'ad_revenue'],
    sides: [
      playerDays('events, revenue, ad_revenue'),
      {
        of: 'events_cleaned',
        sql: `SELECT date, count(*) AS events, sum(e.amount_base) AS revenue,
          sum(e.revenue) FILTER (e.event_type = 'ad_watched') AS ad_revenue FROM events_cleaned e GROUP BY date`,
      },
    ],
  },
  {
    by: ['date'],
    totals: ['events', 'purchases', 'revenue', 'ads_watched', 'ad_revenue'],
    sides: [
      {
        of: 'hourly_activity',
        sql: `SELECT date, sum(events) AS events, sum(purchases) AS purchases, sum(revenue) AS revenue, sum(ads_watched) AS ads_watched,
          sum(ad_revenue) AS ad_revenue FROM hourly_activity GROUP BY date`,
      },
      playerDays(
        `events, ${countColumnOf('purchase')} AS purchases, revenue, ${countColumnOf('ad_watched')} AS ads_watched, ad_revenue`,
      ),
    ],
  },
  {
    by: ['date'],
    totals: ['starts', 'wins', 'ends'],
    sides: [
      {
        of: 'player_levels',
        sql: 'SELECT date, sum(starts) AS starts, sum(wins) AS wins, sum(wins + losses) AS ends FROM player_levels GROUP BY date',
      },
      playerDays(
        `${countColumnOf('level_start')} AS starts, wins, ${countColumnOf('level_complete')} AS ends`,
      ),
    ],
  },
  {
    by: ['date'],
    totals: ['purchases'],
    sides: [
      {
        of: 'revenue_other',
        sql: 'SELECT date, sum(purchases) AS purchases FROM revenue_other GROUP BY date',
      },
      playerDays('purchases_unconverted AS purchases'),
    ],
  },
  {
    by: ['date'],
    totals: ['dau', 'events', 'payers', 'revenue', 'ad_revenue'],
    sides: [
      {
        of: 'daily_metrics',
        sql: `SELECT date, dau, events, payers, revenue, ad_revenue FROM daily_metrics WHERE ${touched}`,
      },
      playerDays('dau, events, payers, revenue, ad_revenue'),
    ],
  },
  {
    by: ['date'],
    totals: ['dau', 'events', 'sessions'],
    sides: [
      { of: 'daily_metrics', sql: 'SELECT date, dau, events, sessions FROM daily_metrics' },
      {
        of: 'the catalog',
        sql: 'SELECT date, player_days AS dau, kept AS events, sessions FROM event_day_ledger',
      },
    ],
  },
  {
    by: ['date'],
    totals: ['session_events'],
    sides: [
      {
        of: 'daily_metrics',
        sql: `SELECT date, round(events_per_session * sessions)::BIGINT AS session_events FROM daily_metrics WHERE ${touched}`,
      },
      { of: 'sessions', sql: 'SELECT date, sum(events) AS session_events FROM sessions GROUP BY date' },
    ],
  },
  {
    by: [],
    totals: ['events'],
    sides: [
      {
        of: 'sessions',
        sql: 'SELECT sum(round(events_per_session * sessions)::BIGINT) AS events FROM daily_metrics',
      },
      { of: 'daily_metrics', sql: 'SELECT sum(events) AS events FROM daily_metrics' },
    ],
  },
  {
    by: ['date', 'event_type'],
    totals: ['events', 'players'],
    sides: [
      {
        of: 'event_type_daily',
        sql: `SELECT date, event_type, events, players FROM event_type_daily WHERE ${touched}`,
      },
      { of: 'player_days', sql: byType.join(' UNION ALL ') },
    ],
  },
  {
    by: ['date'],
    totals: ['events'],
    sides: [
      {
        of: 'event_type_daily',
        sql: 'SELECT date, sum(events) AS events FROM event_type_daily GROUP BY date',
      },
      { of: 'daily_metrics', sql: 'SELECT date, events FROM daily_metrics' },
    ],
  },
  {
    by: ['date', 'dimension'],
    totals: groupTotals,
    sides: [
      { of: 'daily_metrics_by', sql: `SELECT date, dimension, ${sums} FROM daily_metrics_by GROUP BY ALL` },
      {
        of: 'daily_metrics',
        sql: `SELECT date, dimension, ${list} FROM daily_metrics, (VALUES ${perDimension}) d(dimension) WHERE dau > 0`,
      },
    ],
  },
  {
    by: [],
    totals: ['players'],
    sides: [
      { of: 'players', sql: 'SELECT count(*) AS players FROM players' },
      { of: 'players, each once', sql: 'SELECT count(DISTINCT player_id) AS players FROM players' },
    ],
  },
  {
    by: [],
    totals: ['players'],
    sides: [
      {
        of: 'players',
        sql: 'SELECT count(*) AS players FROM players WHERE player_id IN (SELECT player_id FROM player_days)',
      },
      { of: 'player_days', sql: 'SELECT count(DISTINCT player_id) AS players FROM player_days' },
    ],
  },
  {
    by: [],
    totals: ['active_days', 'events', 'sessions', 'revenue', 'ad_revenue'],
    sides: [
      {
        of: 'players',
        sql: `SELECT sum(active_days) AS active_days, sum(events) AS events, sum(sessions) AS sessions, sum(revenue) AS revenue,
          sum(ad_revenue) AS ad_revenue FROM players`,
      },
      {
        of: 'daily_metrics',
        sql: `SELECT sum(dau) AS active_days, sum(events) AS events, sum(sessions) AS sessions, sum(revenue) AS revenue,
          sum(ad_revenue) AS ad_revenue FROM daily_metrics`,
      },
    ],
  },
  {
    by: [],
    totals: ['purchases', 'ads_watched', 'achievements'],
    sides: [
      {
        of: 'players',
        sql: `SELECT sum(purchases) AS purchases, sum(ads_watched) AS ads_watched, sum(achievements) AS achievements FROM players`,
      },
      {
        of: 'event_type_daily',
        sql: `SELECT sum(events) FILTER (event_type = 'purchase') AS purchases, sum(events) FILTER (event_type = 'ad_watched') AS ads_watched,
          sum(events) FILTER (event_type = 'achievement_unlocked') AS achievements FROM event_type_daily`,
      },
    ],
  },
  {
    by: ['cohort_date'],
    totals: ['cohort_size'],
    sides: [
      {
        of: 'retention_cohorts',
        sql: `SELECT cohort_date, cohort_size FROM retention_cohorts WHERE ${classic} AND day_n = 0`,
      },
      {
        of: 'players',
        sql: 'SELECT acquisition_date AS cohort_date, count(*) AS cohort_size FROM players GROUP BY ALL',
      },
    ],
  },
  {
    by: ['cohort_date'],
    totals: ['cohort_size'],
    sides: [
      { of: 'cohort_ltv', sql: 'SELECT cohort_date, cohort_size FROM cohort_ltv WHERE day_n = 0' },
      {
        of: 'retention_cohorts',
        sql: `SELECT cohort_date, max(cohort_size) AS cohort_size FROM retention_cohorts GROUP BY ALL`,
      },
    ],
  },
  {
    by: ['date'],
    totals: ['new_players'],
    sides: [
      {
        of: 'retention_cohorts',
        sql: `SELECT cohort_date AS date, retained AS new_players FROM retention_cohorts WHERE ${classic} AND day_n = 0 AND mature`,
      },
      { of: 'daily_metrics', sql: 'SELECT date, new_players FROM daily_metrics WHERE complete' },
    ],
  },
  {
    by: ['date'],
    totals: ['dau'],
    sides: [
      {
        of: 'retention_cohorts',
        sql: byTargetDate('retention_cohorts', classic, 'sum(retained) AS dau'),
      },
      {
        of: 'daily_metrics',
        sql: `SELECT date, dau FROM daily_metrics
          WHERE date IN (SELECT date FROM (${byTargetDate('retention_cohorts', classic, 'count(*) AS cells')}))`,
      },
    ],
  },
  {
    by: ['date'],
    totals: ['retention_d1', 'retention_d7', 'retention_d30'],
    sides: [
      {
        of: 'daily_metrics',
        sql: 'SELECT date, retention_d1, retention_d7, retention_d30 FROM daily_metrics',
      },
      {
        of: 'retention_cohorts',
        sql: `SELECT cohort_date AS date, any_value(rate) FILTER (day_n = 1) AS retention_d1, any_value(rate) FILTER (day_n = 7) AS retention_d7,
          any_value(rate) FILTER (day_n = 30) AS retention_d30 FROM retention_cohorts
          WHERE ${classic} AND cohort_date IN (SELECT date FROM daily_metrics) GROUP BY ALL`,
      },
    ],
  },
  {
    by: ['date'],
    totals: ['revenue', 'ad_revenue'],
    sides: [
      { of: 'cohort_ltv', sql: ltvCells },
      {
        of: 'daily_metrics',
        sql: `FROM (SELECT date, sum(revenue) OVER (ORDER BY date) AS revenue, sum(ad_revenue) OVER (ORDER BY date) AS ad_revenue FROM daily_metrics)
          WHERE date IN (SELECT date FROM (${ltvCells}))`,
      },
    ],
  },
  {
    by: ['cohort_date'],
    totals: ['payers'],
    sides: [
      { of: 'cohort_ltv', sql: `SELECT cohort_date, payers ${onObservedDay}` },
      {
        of: 'players',
        sql: `SELECT acquisition_date AS cohort_date, count_if(first_purchase_date <= observed_to) AS payers FROM players
          WHERE acquisition_date IN (SELECT cohort_date ${onObservedDay}) GROUP BY ALL`,
      },
    ],
  },
  {
    by: ['date', 'level'],
    totals: ['players_started'],
    sides: [
      { of: 'level_funnel', sql: `SELECT date, level, players_started FROM level_funnel WHERE ${touched}` },
      {
        of: 'player_levels at most',
        sql: `SELECT date, level, least(players_started, coalesce(starters, 0)) AS players_started FROM level_funnel
          LEFT JOIN (SELECT date, level, count(*) AS starters FROM player_levels WHERE starts > 0 GROUP BY ALL) USING (date, level)
          WHERE ${touched}`,
      },
    ],
  },
  {
    by: ['date'],
    totals: ['players'],
    sides: [
      { of: 'conversion_funnel', sql: `SELECT entry_date AS date, players ${enteredOnTouched}` },
      {
        of: 'funnel_steps at most',
        sql: `SELECT date, least(players, coalesce(matched, 0)) AS players FROM (SELECT entry_date AS date, players ${enteredOnTouched})
          LEFT JOIN (SELECT date, count(DISTINCT player_id) AS matched FROM funnel_steps WHERE step = 1 GROUP BY ALL) USING (date)`,
      },
    ],
  },
];
