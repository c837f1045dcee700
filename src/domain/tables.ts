/** Tables with one file an event day, in the order in which they are made. */
export const dayTables = [
  'events_cleaned',
  'player_days',
  'player_levels',
  'funnel_steps',
  'hourly_activity',
  'revenue_other',
  'sessions',
] as const;

/** Tables that span all days, one file each. */
export const wholeTables = [
  'players',
  'daily_metrics',
  'daily_metrics_by',
  'event_type_daily',
  'retention_cohorts',
  'cohort_ltv',
  'level_funnel',
  'conversion_funnel',
] as const;

/** Every published table. */
export const publishedTables = [...dayTables, ...wholeTables] as const;

/** One of `dayTables`. */
export type DayTable = (typeof dayTables)[number];

/** Tables that are made from an event day's `events_cleaned`. */
export type AggregateTable = Exclude<DayTable, 'events_cleaned'>;

/** One of `wholeTables`. */
export type WholeTable = (typeof wholeTables)[number];

/** One of `publishedTables`. */
export type PublishedTable = (typeof publishedTables)[number];
