import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import pl, { type LazyDataFrame } from 'nodejs-polars';
import type { Config } from '../config/schema.ts';
import type { WholeTable } from '../domain/tables.ts';
import { copyToParquet } from '../engine/duckdb.ts';
import { dimensions } from '../schema/tables/daily-metrics-by.ts';
import { emptyTableSql, metadataOf } from '../schema/tables.ts';
import { linkActivity, linkSessions } from '../transforms/activity.ts';
import { buildCohortLtv } from '../transforms/cohort-ltv.ts';
import { buildConversionFunnel, followPlayers } from '../transforms/conversion-funnel.ts';
import { buildDailyMetrics } from '../transforms/daily-metrics.ts';
import { joinDimensions, measureDimension, measureSessionsBy } from '../transforms/daily-metrics-by.ts';
import { buildEventTypeDaily } from '../transforms/event-type-daily.ts';
import { measureSessions } from '../transforms/group-metrics.ts';
import { buildLevelFunnel, sumUpTries } from '../transforms/level-funnel.ts';
import { buildPlayers } from '../transforms/players.ts';
import { buildRetentionCohorts } from '../transforms/retention-cohorts.ts';
import { withinRange } from '../transforms/value-range.ts';
import {
  type PlayerShard,
  type SourceTable,
  scanFiles,
  sourceTables,
  splitByPlayer,
} from './player-shards.ts';
import { bracketsOf, funnelOf } from './rules.ts';
import { cutIntoSlices } from './shards.ts';
import { sinkOptions, type TableFile, type TableFiles } from './table-files.ts';

/** Days that players were active on, in one shard at most: what is done with them at once fits into a worker's memory. */
export const PLAYER_DAYS_A_SHARD = 1_000_000;

/** What the tables that span all days are made from. */
export interface WholeTableInputs {
  /** Files of the tables by day, one a day. */
  readonly files: Readonly<Record<SourceTable, readonly string[]>>;
  readonly profiles: LazyDataFrame;
  readonly dayStates: LazyDataFrame;
  /** In how many shards, which changes nothing but the memory that it takes. */
  readonly shards: number;
}

/** Writes a frame that others are made from into a file, and reads it from there. */
type Keep = (name: string, frame: LazyDataFrame) => Promise<LazyDataFrame>;

/**
 * Writes the tables that span all days into files of a scratch folder. What looks at all days of a player is worked out shard by shard;
 * what is counted over all players is counted over the narrow rows that the shards leave.
 */
export async function writeWholeTables(
  config: Config,
  tables: TableFiles,
  scratch: string,
  { files: given, profiles, dayStates, shards: count }: WholeTableInputs,
): Promise<Record<WholeTable, TableFile>> {
  const files = await orEmpty(tables.connection, scratch, given);
  const shards = await splitByPlayer(tables.connection, scratch, files, profiles, count);
  const keep: Keep = async (name, frame) => {
    const file = join(scratch, `${name}.parquet`);
    await frame.sinkParquet(file, sinkOptions).collect();
    return pl.scanParquet(file);
  };
  const keepOfEach = async (name: string, made: (shard: PlayerShard) => LazyDataFrame) => {
    const frames: LazyDataFrame[] = [];
    for (const shard of shards) frames.push(await keep(`${name}-${frames.length}`, made(shard)));
    return pl.concat(frames);
  };
  const written = new Map<WholeTable, TableFile>();
  const write = async (table: WholeTable, ...frames: LazyDataFrame[]): Promise<LazyDataFrame> => {
    const file = await tables.write(table, frames);
    written.set(table, file);
    return pl.scanParquet(file.file);
  };
  const players = await write(
    'players',
    ...shards.map((shard) => buildPlayers(shard.player_days, shard.sessions, shard.profiles, dayStates)),
  );
  const playersOf = (shard: PlayerShard) => withinRange(players, 'player_id', shard.players);
  const activity = await keepOfEach('activity', (shard) => linkActivity(shard.player_days, playersOf(shard)));
  const sessions = await measureAllSessions(cutIntoSlices(files.sessions, shards.length), players, keep);
  const brackets = bracketsOf(config);
  const retention = await write(
    'retention_cohorts',
    buildRetentionCohorts(activity, players, dayStates, brackets),
  );
  await write('daily_metrics', buildDailyMetrics(activity, sessions.all, retention, dayStates));
  const measured: LazyDataFrame[] = [];
  for (const dimension of dimensions) {
    const metrics = measureDimension(dimension, activity, sessions[dimension], dayStates);
    measured.push(await keep(`by-${dimension}`, metrics));
  }
  await write('daily_metrics_by', joinDimensions(measured));
  await write('event_type_daily', buildEventTypeDaily(pl.concat(shards.map((shard) => shard.player_days))));
  await write('cohort_ltv', buildCohortLtv(activity, players, dayStates));
  const tries = await keepOfEach('tries', (shard) => sumUpTries(shard.player_levels));
  await write('level_funnel', buildLevelFunnel(tries, dayStates));
  const funnel = funnelOf(config);
  const followed = await keepOfEach('followed', (shard) => followPlayers(shard.funnel_steps, funnel));
  await write('conversion_funnel', buildConversionFunnel(followed, dayStates, funnel));
  return Object.fromEntries(written) as Record<WholeTable, TableFile>;
}

/** A table of which there is no file yet is read from one without rows. */
async function orEmpty(
  connection: DuckDBConnection,
  scratch: string,
  files: WholeTableInputs['files'],
): Promise<WholeTableInputs['files']> {
  const some = sourceTables.map(async (table) => {
    if (files[table].length > 0) return [table, files[table]] as const;
    const file = join(scratch, `no-${table}.parquet`);
    await copyToParquet(connection, emptyTableSql(table), file, metadataOf(table));
    return [table, [file]] as const;
  });
  return Object.fromEntries(await Promise.all(some)) as Record<SourceTable, readonly string[]>;
}

type Grouping = 'all' | (typeof dimensions)[number];

/** Sessions by date, and by date and value of each dimension. Their quantiles look at all sessions of a date, so they are taken some days at a time. */
async function measureAllSessions(
  slices: readonly (readonly string[])[],
  players: LazyDataFrame,
  keep: Keep,
): Promise<Readonly<Record<Grouping, LazyDataFrame>>> {
  const measured: Record<string, LazyDataFrame[]> = {};
  for (const [n, files] of slices.entries()) {
    const linked = await keep(`sessions-${n}`, linkSessions(scanFiles(files), players));
    const frames = {
      all: measureSessions(linked, []),
      ...Object.fromEntries(dimensions.map((dimension) => [dimension, measureSessionsBy(dimension, linked)])),
    };
    for (const [grouping, frame] of Object.entries(frames)) {
      measured[grouping] ??= [];
      measured[grouping].push(await keep(`sessions-${n}-${grouping}`, frame));
    }
  }
  const all = Object.entries(measured).map(([grouping, frames]) => [grouping, pl.concat(frames)]);
  return Object.fromEntries(all) as Record<Grouping, LazyDataFrame>;
}
