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
import { type ValueRange, withinRange } from '../transforms/value-range.ts';
import {
  type PlayerRows,
  type SourceFiles,
  type SourceTable,
  scanFiles,
  splitByPlayer,
} from './player-shards.ts';
import { bracketsOf, funnelOf } from './rules.ts';
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

/** What each player went through, over all days: rows of `sumUpTries` and of `followPlayers`. */
export type JourneyTable = 'level_tries' | 'funnel_entries';

/** Files of these, written when they are first asked for. */
export type Journeys = Readonly<Record<JourneyTable, () => Promise<readonly string[]>>>;

/** What the tables over all days of some players are made from: all rows of these players and no others. */
export interface PlayersInputs {
  readonly rows: PlayerRows;
  readonly journeys: (table: JourneyTable) => Promise<LazyDataFrame>;
  readonly players: LazyDataFrame;
  readonly dayStates: LazyDataFrame;
}

/**
 * Writes the tables that span all days into files of a scratch folder. What looks at all days of a player is worked out shard by shard;
 * what is counted over all players is counted over the narrow rows that the shards leave.
 */
export async function writeWholeTables(
  config: Config,
  tables: TableFiles,
  scratch: string,
  { files, profiles, dayStates, shards }: WholeTableInputs,
): Promise<Record<WholeTable, TableFile>> {
  const rows = await splitByPlayer(tables.connection, scratch, async (table) => files[table], shards);
  const [days, sessions] = [await rows.byPlayer('player_days'), await rows.byPlayer('sessions')];
  const built = rows.ranges.map((range, n) =>
    buildPlayers(
      days[n] as LazyDataFrame,
      sessions[n] as LazyDataFrame,
      withinRange(profiles, 'player_id', range),
      dayStates,
    ),
  );
  const written = { players: await tables.write('players', built) } as Record<WholeTable, TableFile>;
  const journeyFiles = followJourneys(config, scratch, rows);
  const journeys = async (table: JourneyTable) => scanFiles(await journeyFiles[table]());
  const inputs = { rows, journeys, players: pl.scanParquet(written.players.file), dayStates };
  const others = tablesOfPlayers(config, tables, scratch, inputs);
  for (const table of wholeTables) if (table !== 'players') written[table] = await others[table]();
  return written;
}

/** Writes the tables over all days for the players that are given, each when it is first asked for. */
export function tablesOfPlayers(
  config: Config,
  tables: TableFiles,
  scratch: string,
  { rows, journeys, players, dayStates }: PlayersInputs,
): Readonly<Record<TableOfPlayers, () => Promise<TableFile>>> {
  const keep = (name: string, frame: LazyDataFrame) => keepFrame(scratch, name, frame);
  const activity = once(async () => {
    const files = await keepEach(scratch, 'activity', rows, 'player_days', (days, range) =>
      linkActivity(days, withinRange(players, 'player_id', range)),
    );
    return scanFiles(files);
  });
  /** Their quantiles look at all sessions of a date, so they are taken some days at a time. */
  const linkedSessions = once(async () => {
    const linked: LazyDataFrame[] = [];
    for (const [n, part] of (await rows.byDate('sessions')).entries())
      linked.push(await keep(`sessions-${n}`, linkSessions(part, players)));
    return linked;
  });
  const measureEachDay = async (name: string, measure: (sessions: LazyDataFrame) => LazyDataFrame) => {
    const measured: LazyDataFrame[] = [];
    for (const [n, linked] of (await linkedSessions()).entries())
      measured.push(await keep(`sessions-${n}-${name}`, measure(linked)));
    return pl.concat(measured);
  };
  const writeOnce = (table: TableOfPlayers, build: () => Promise<LazyDataFrame>) =>
    once(async () => tables.write(table, [await build()]));
  const retention = writeOnce('retention_cohorts', async () =>
    buildRetentionCohorts(await activity(), players, dayStates, bracketsOf(config)),
  );
  return {
    retention_cohorts: retention,
    daily_metrics: writeOnce('daily_metrics', async () => {
      const cohorts = pl.scanParquet((await retention()).file);
      const sessions = await measureEachDay('all', (linked) => measureSessions(linked, []));
      return buildDailyMetrics(await activity(), sessions, cohorts, dayStates);
    }),
    daily_metrics_by: writeOnce('daily_metrics_by', async () => {
      const measured: LazyDataFrame[] = [];
      for (const dimension of dimensions) {
        const sessions = await measureEachDay(dimension, (linked) => measureSessionsBy(dimension, linked));
        const metrics = measureDimension(dimension, await activity(), sessions, dayStates);
        measured.push(await keep(`by-${dimension}`, metrics));
      }
      return joinDimensions(measured);
    }),
    event_type_daily: writeOnce('event_type_daily', async () =>
      buildEventTypeDaily(pl.concat([...(await rows.byPlayer('player_days'))])),
    ),
    cohort_ltv: writeOnce('cohort_ltv', async () => buildCohortLtv(await activity(), players, dayStates)),
    level_funnel: writeOnce('level_funnel', async () =>
      buildLevelFunnel(await journeys('level_tries'), dayStates),
    ),
    conversion_funnel: writeOnce('conversion_funnel', async () =>
      buildConversionFunnel(await journeys('funnel_entries'), dayStates, funnelOf(config)),
    ),
  };
}

/** Works out what each player went through. */
export function followJourneys(config: Config, scratch: string, rows: PlayerRows): Journeys {
  const funnel = funnelOf(config);
  return {
    level_tries: once(() => keepEach(scratch, 'level_tries', rows, 'player_levels', sumUpTries)),
    funnel_entries: once(() =>
      keepEach(scratch, 'funnel_entries', rows, 'funnel_steps', (steps) => followPlayers(steps, funnel)),
    ),
  };
}

/** Writes a frame that others are made from into a file, and reads it from there. */
async function keepFrame(scratch: string, name: string, frame: LazyDataFrame): Promise<LazyDataFrame> {
  const file = join(scratch, `${name}.parquet`);
  await frame.sinkParquet(file, sinkOptions).collect();
  return pl.scanParquet(file);
}

/** Writes what is made of the rows of each range of players into a file each. */
async function keepEach(
  scratch: string,
  name: string,
  rows: PlayerRows,
  source: SourceTable,
  make: (rows: LazyDataFrame, range: ValueRange) => LazyDataFrame,
): Promise<string[]> {
  const files: string[] = [];
  const shards = await rows.byPlayer(source);
  for (const [n, range] of rows.ranges.entries()) {
    await keepFrame(scratch, `${name}-${n}`, make(shards[n] as LazyDataFrame, range));
    files.push(join(scratch, `${name}-${n}.parquet`));
  }
  return files;
}
