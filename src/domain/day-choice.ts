/** Which days of a range a backfill takes: all, those never published, those whose last run failed, those whose raw data or rules are other than published. */
export const dayChoices = ['all', 'missing', 'failed', 'changed'] as const;

/** One of them. */
export type DayChoice = (typeof dayChoices)[number];

/** How an arrival day stands. */
export const dayStandings = [
  'published',
  'changed',
  'running',
  'held',
  'failed',
  'landed',
  'missing',
] as const;

/** One of `dayStandings`. */
export type DayStanding = (typeof dayStandings)[number];
