import type { PublishedTable } from '../domain/tables.ts';
import { type Column, duckDbTypes } from './column.ts';
import type { Table } from './table.ts';
import { cohortLtv } from './tables/cohort-ltv.ts';
import { conversionFunnel } from './tables/conversion-funnel.ts';
import { dailyMetrics } from './tables/daily-metrics.ts';
import { dailyMetricsBy } from './tables/daily-metrics-by.ts';
import { eventTypeDaily } from './tables/event-type-daily.ts';
import { eventsCleaned } from './tables/events-cleaned.ts';
import { funnelSteps } from './tables/funnel-steps.ts';
import { hourlyActivity } from './tables/hourly-activity.ts';
import { levelFunnel } from './tables/level-funnel.ts';
import { playerDays } from './tables/player-days.ts';
import { playerLevels } from './tables/player-levels.ts';
import { players } from './tables/players.ts';
import { retentionCohorts } from './tables/retention-cohorts.ts';
import { revenueOther } from './tables/revenue-other.ts';
import { sessions } from './tables/sessions.ts';

/** The declaration of every published table: its docs, its file's metadata and its columns follow from it. */
export const tables: Readonly<Record<PublishedTable, Table>> = {
  events_cleaned: eventsCleaned,
  player_days: playerDays,
  sessions,
  player_levels: playerLevels,
  funnel_steps: funnelSteps,
  hourly_activity: hourlyActivity,
  revenue_other: revenueOther,
  players,
  daily_metrics: dailyMetrics,
  daily_metrics_by: dailyMetricsBy,
  event_type_daily: eventTypeDaily,
  retention_cohorts: retentionCohorts,
  cohort_ltv: cohortLtv,
  level_funnel: levelFunnel,
  conversion_funnel: conversionFunnel,
};

/** Names of a table's columns, in order. */
export function columnNamesOf(table: PublishedTable): string[] {
  return Object.keys(tables[table].columns);
}

/** Columns of a table with their DuckDB types, in order. */
export function duckDbColumnsOf(table: PublishedTable): Readonly<Record<string, string>> {
  return typesOf(tables[table]);
}

/** The same of any declaration. */
export function typesOf({ columns }: Pick<Table, 'columns'>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(columns).map(([name, { type }]) => [name, duckDbTypes[type]]));
}

/** SQL of a table with its columns and no rows: what stands for one before the first publish. */
export function emptyTableSql(table: PublishedTable): string {
  return emptyRowsSql(duckDbColumnsOf(table));
}

/** SQL of columns with these DuckDB types and no rows. */
export function emptyRowsSql(types: Readonly<Record<string, string>>): string {
  const columns = Object.entries(types).map(([name, type]) => `NULL::${type} AS "${name}"`);
  return `SELECT ${columns.join(', ')} WHERE false`;
}

/** Columns of a table whose changes are restatements, in order; none where it has none. */
export function restatedColumnsOf(table: PublishedTable): string[] {
  const { key, columns, restated } = tables[table];
  if (restated === undefined) return [];
  return Object.keys(columns).filter((name) => !key.includes(name) && !restated.marks.includes(name));
}

/** What a table's Parquet file says of itself, as key-value metadata: nothing that two equal tables could differ in. */
export function metadataOf(table: PublishedTable): Readonly<Record<string, string>> {
  return metadataOfTable(table, tables[table]);
}

/** The same of any declaration. */
export function metadataOfTable(
  table: string,
  { columns, row, definition, key }: Table,
): Readonly<Record<string, string>> {
  return {
    'questline.table': table,
    'questline.row': row,
    'questline.definition': definition,
    'questline.key': JSON.stringify(key),
    'questline.columns': JSON.stringify(Object.fromEntries(Object.entries(columns).map(describe))),
  };
}

function describe([name, { unit, definition, nullWhen }]: [string, Column]): [string, unknown] {
  return [
    name,
    { definition, ...(unit === null ? {} : { unit }), ...(nullWhen === null ? {} : { nullWhen }) },
  ];
}
