/** Tables with one file an event day, in the order in which they are made. */
export const dayTables = ['events_cleaned', 'player_days'] as const;

/** Tables that span all days, one file each. */
export const wholeTables = ['players', 'daily_metrics', 'retention_cohorts'] as const;

/** Every published table. */
export const publishedTables = [...dayTables, ...wholeTables] as const;

/** One of `dayTables`. */
export type DayTable = (typeof dayTables)[number];

/** One of `wholeTables`. */
export type WholeTable = (typeof wholeTables)[number];

/** One of `publishedTables`. */
export type PublishedTable = (typeof publishedTables)[number];
