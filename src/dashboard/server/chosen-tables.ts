import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import pl, { type LazyDataFrame } from 'nodejs-polars';
import PQueue from 'p-queue';
import { type SourceTable, scanFiles, splitByPlayer } from '../../activities/player-shards.ts';
import { shardsFor } from '../../activities/shards.ts';
import { tableFilesOver } from '../../activities/table-files.ts';
import { statesOf } from '../../activities/whole-tables.ts';
import {
  followJourneys,
  type JourneyTable,
  PLAYER_DAYS_A_SHARD,
  type TableOfPlayers,
  tablesOfPlayers,
} from '../../activities/write-whole-tables.ts';
import type { Config } from '../../config/schema.ts';
import { sum } from '../../domain/ledger.ts';
import { once } from '../../domain/once.ts';
import { copyToParquet, type DuckDb } from '../../engine/duckdb.ts';
import type { CatalogState } from '../../storage/catalog.ts';
import { dayStatesFrame } from '../../transforms/calendar.ts';
import { joinColumns } from '../../transforms/columns.ts';

/** What the tables of some players of a snapshot are made with. */
export interface ChosenSources {
  readonly config: Config;
  readonly state: CatalogState;
  readonly duckDb: DuckDb;
  /** For the files that it takes; they stay. */
  readonly folder: string;
  /** Files of a table, one a day. */
  readonly filesOf: (table: SourceTable) => Promise<readonly string[]>;
}

/** Writes a table over all days for some players when it is first asked for; the path of its file. */
export type WriteChosen = (table: TableOfPlayers) => Promise<string>;

/** Writes tables over all days for some of the players of a snapshot, by the code that publishes them for all; one at a time. */
export class ChosenTables {
  private readonly sources: ChosenSources;
  private readonly queue = new PQueue({ concurrency: 1 });
  private readonly connection = once(() => this.sources.duckDb.connectAgain());
  private readonly rows = once(async () => {
    const { state, folder, filesOf } = this.sources;
    const playerDays = sum([...state.eventDays.values()].map(({ tables }) => tables.player_days.rows));
    const shards = shardsFor(playerDays, PLAYER_DAYS_A_SHARD);
    return splitByPlayer(await this.connection(), folder, filesOf, shards);
  });
  private readonly journeys = once(async () => {
    const { config, folder } = this.sources;
    return followJourneys(config, folder, await this.rows());
  });
  private readonly dayStates = once(() => {
    const { config, state } = this.sources;
    return dayStatesFrame(statesOf(config, state));
  });

  constructor(sources: ChosenSources) {
    this.sources = sources;
  }

  /** Files of what all players of the snapshot went through. */
  journeysOf(table: JourneyTable): Promise<readonly string[]> {
    return this.queue.add(() => this.writeJourneys(table));
  }

  private async writeJourneys(table: JourneyTable): Promise<readonly string[]> {
    return (await this.journeys())[table]();
  }

  /** What writes the tables of the players of whom `sql` are the rows in `players`. */
  open(sql: string): Promise<WriteChosen> {
    return this.queue.add(async () => {
      const { config, folder } = this.sources;
      const scratch = await mkdtemp(join(folder, 'chosen-'));
      const file = join(scratch, 'chosen-players.parquet');
      const connection = await this.connection();
      await copyToParquet(connection, sql, file, {});
      const players = pl.scanParquet(file);
      const rows = await this.rows();
      const ofThem = (all: LazyDataFrame) =>
        all.join(players.select(id), { on: joinColumns('player_id'), how: 'semi' });
      const partsOfThem = async (parts: Promise<readonly LazyDataFrame[]>) => (await parts).map(ofThem);
      const tables = tablesOfPlayers(config, tableFilesOver(connection, scratch), scratch, {
        rows: {
          ranges: rows.ranges,
          byPlayer: (table) => partsOfThem(rows.byPlayer(table)),
          byDate: (table) => partsOfThem(rows.byDate(table)),
        },
        journeys: async (table) => ofThem(scanFiles(await this.writeJourneys(table))),
        players,
        dayStates: this.dayStates().lazy(),
      });
      return (table) => this.queue.add(async () => (await tables[table]()).file);
    });
  }
}

const id = pl.col('player_id');
