import type { PublishedTable } from '../domain/tables.ts';
import { type PropertyKind, propertyNames, propertyOf } from './contract.ts';

/** DuckDB type of each kind of property. */
export const columnTypes: Readonly<Record<PropertyKind, string>> = {
  text: 'VARCHAR',
  integer: 'BIGINT',
  number: 'DOUBLE',
  money: 'DECIMAL(18,4)',
  boolean: 'BOOLEAN',
};

/** Columns of every published table with their DuckDB types, in order. */
export const tableColumns: Readonly<Record<PublishedTable, Readonly<Record<string, string>>>> = {
  events_cleaned: {
    event_id: 'VARCHAR',
    player_id: 'VARCHAR',
    event_type: 'VARCHAR',
    timestamp: 'TIMESTAMP WITH TIME ZONE',
    date: 'DATE',
    hour: 'TINYINT',
    weekday: 'TINYINT',
    arrival_day: 'DATE',
    ...Object.fromEntries(propertyNames.map((name) => [name, columnTypes[propertyOf(name).kind]])),
  },
  player_days: {
    date: 'DATE',
    player_id: 'VARCHAR',
    events: 'BIGINT',
    first_event_at: 'TIMESTAMP WITH TIME ZONE',
    last_event_at: 'TIMESTAMP WITH TIME ZONE',
    registered: 'BOOLEAN',
    session_starts: 'BIGINT',
    level_starts: 'BIGINT',
    levels_completed: 'BIGINT',
    highest_level: 'BIGINT',
    achievements: 'BIGINT',
    purchases: 'BIGINT',
    purchases_other_currency: 'BIGINT',
    is_payer: 'BOOLEAN',
    revenue: 'DECIMAL(18,4)',
    ads_watched: 'BIGINT',
    ad_revenue: 'DECIMAL(18,4)',
    country: 'VARCHAR',
    platform: 'VARCHAR',
    source: 'VARCHAR',
  },
  players: {
    player_id: 'VARCHAR',
    acquisition_date: 'DATE',
    acquisition_basis: 'VARCHAR',
    segment: 'VARCHAR',
    country: 'VARCHAR',
    platform: 'VARCHAR',
    source: 'VARCHAR',
    first_active_date: 'DATE',
    last_active_date: 'DATE',
    active_days: 'BIGINT',
    events: 'BIGINT',
    session_starts: 'BIGINT',
    highest_level: 'BIGINT',
    purchases: 'BIGINT',
    revenue: 'DECIMAL(18,4)',
    ad_revenue: 'DECIMAL(18,4)',
    is_payer: 'BOOLEAN',
  },
  daily_metrics: {
    date: 'DATE',
    dau: 'BIGINT',
    wau: 'BIGINT',
    mau: 'BIGINT',
    stickiness: 'DOUBLE',
    new_players: 'BIGINT',
    returning_players: 'BIGINT',
    resurrected_players: 'BIGINT',
    dormant_players: 'BIGINT',
    events: 'BIGINT',
    revenue: 'DECIMAL(18,4)',
    ad_revenue: 'DECIMAL(18,4)',
    payers: 'BIGINT',
    conversion_rate: 'DOUBLE',
    arpdau: 'DOUBLE',
    arpdau_iap: 'DOUBLE',
    arppu: 'DOUBLE',
    retention_d1: 'DOUBLE',
    retention_d7: 'DOUBLE',
    retention_d30: 'DOUBLE',
    complete: 'BOOLEAN',
    settled: 'BOOLEAN',
    gaps_before: 'BIGINT',
  },
  retention_cohorts: {
    cohort_date: 'DATE',
    day_n: 'BIGINT',
    kind: 'VARCHAR',
    cohort_size: 'BIGINT',
    retained: 'BIGINT',
    rate: 'DOUBLE',
    mature: 'BOOLEAN',
  },
};

/** SQL of a table with its columns and no rows: what stands for one before the first publish. */
export function emptyTableSql(table: PublishedTable): string {
  const columns = Object.entries(tableColumns[table]).map(([name, type]) => `NULL::${type} AS "${name}"`);
  return `SELECT ${columns.join(', ')} WHERE false`;
}
