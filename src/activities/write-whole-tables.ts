import { join } from 'node:path';
import pl, { type LazyDataFrame } from 'nodejs-polars';
import type { Config } from '../config/schema.ts';
import { once } from '../domain/once.ts';
import { type WholeTable, wholeTables } from '../domain/tables.ts';
import { dimensions } from '../schema/tables/daily-metrics-by.ts';
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
  fillWithEmpty,
  type PlayerShard,
  type SourceFiles,
  type SourceTable,
  scanFiles,
  splitByPlayer,
} from './player-shards.ts';
import { bracketsOf, funnelOf } from './rules.ts';
import { cutIntoSlices } from './shards.ts';
import { sinkOptions, type TableFile, type TableFiles } from './table-files.ts';

/** Days that players were active on, in one shard at most: what is done with them at once fits into a worker's memory. */
export const PLAYER_DAYS_A_SHARD = 1_000_000;

/** Tables over all days that follow from who the players are. */
export type TableOfPlayers = Exclude<WholeTable, 'players'>;

/** What the tables that span all days are made from. */
export interface WholeTableInputs {
  /** Files of the tables by day, one a day. */
  readonly files: SourceFiles;
  readonly profiles: LazyDataFrame;
  readonly dayStates: LazyDataFrame;
  /** In how many shards, which changes nothing but the memory that it takes. */
  readonly shards: number;
}

/** Tables by day that each of the tables over all days is made from. */
export const sourcesOf: Readonly<Record<TableOfPlayers, readonly SourceTable[]>> = {
  daily_metrics: ['player_days', 'sessions'],
  daily_metrics_by: ['player_days', 'sessions'],
  event_type_daily: ['player_days'],
  retention_cohorts: ['player_days'],
  cohort_ltv: ['player_days'],
  level_funnel: ['player_levels'],
  conversion_funnel: ['funnel_steps'],
};

/** What the tables over all days of some players are made from: all rows of these players and no others. */
export interface PlayersInputs {
  readonly shards: readonly PlayerShard[];
  /** Files of their sessions, one a day or all in one. */
  readonly sessions: readonly string[];
  readonly players: LazyDataFrame;
  readonly dayStates: LazyDataFrame;
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
  const files = await fillWithEmpty(tables.connection, scratch, given);
  const shards = await splitByPlayer(tables.connection, scratch, files, count);
  const built = shards.map((shard) => {
    const profilesOf = withinRange(profiles, 'player_id', shard.players);
    return buildPlayers(shard.player_days, shard.sessions, profilesOf, dayStates);
  });
  const players = await tables.write('players', built);
  const inputs = { shards, sessions: files.sessions, players: pl.scanParquet(players.file), dayStates };
  const others = await writeTablesOfPlayers(config, tables, scratch, inputs, tablesOfPlayers);
  return { ...others, players };
}

const tablesOfPlayers = wholeTables.filter((table) => table !== 'players');

/** Writes those of the tables over all days that are `wanted`, for the players that are given. */
export async function writeTablesOfPlayers<T extends TableOfPlayers>(
  config: Config,
  tables: TableFiles,
  scratch: string,
  { shards, sessions: sessionFiles, players, dayStates }: PlayersInputs,
  wanted: readonly T[],
): Promise<Record<T, TableFile>> {
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
  const playersOf = (shard: PlayerShard) => withinRange(players, 'player_id', shard.players);
  const activity = once(() =>
    keepOfEach('activity', (shard) => linkActivity(shard.player_days, playersOf(shard))),
  );
  const sessions = once(() => measureAllSessions(cutIntoSlices(sessionFiles, shards.length), players, keep));
  const retention = once(async () => {
    const cohorts = buildRetentionCohorts(await activity(), players, dayStates, bracketsOf(config));
    return tables.write('retention_cohorts', [cohorts]);
  });
  const funnel = funnelOf(config);
  const build: Readonly<Record<Exclude<TableOfPlayers, 'retention_cohorts'>, () => Promise<LazyDataFrame>>> =
    {
      daily_metrics: async () => {
        const cohorts = pl.scanParquet((await retention()).file);
        return buildDailyMetrics(await activity(), (await sessions()).all, cohorts, dayStates);
      },
      daily_metrics_by: async () => {
        const measured: LazyDataFrame[] = [];
        for (const dimension of dimensions) {
          const sessionsBy = (await sessions())[dimension];
          const metrics = measureDimension(dimension, await activity(), sessionsBy, dayStates);
          measured.push(await keep(`by-${dimension}`, metrics));
        }
        return joinDimensions(measured);
      },
      event_type_daily: async () => buildEventTypeDaily(pl.concat(shards.map((shard) => shard.player_days))),
      cohort_ltv: async () => buildCohortLtv(await activity(), players, dayStates),
      level_funnel: async () =>
        buildLevelFunnel(await keepOfEach('tries', (shard) => sumUpTries(shard.player_levels)), dayStates),
      conversion_funnel: async () => {
        const followed = await keepOfEach('followed', (shard) => followPlayers(shard.funnel_steps, funnel));
        return buildConversionFunnel(followed, dayStates, funnel);
      },
    };
  const written = {} as Record<T, TableFile>;
  for (const table of wanted) {
    const name: TableOfPlayers = table;
    written[table] =
      name === 'retention_cohorts' ? await retention() : await tables.write(name, [await build[name]()]);
  }
  return written;
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
