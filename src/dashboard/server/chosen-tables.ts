import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import pl from 'nodejs-polars';
import PQueue from 'p-queue';
import { type SourceTable, sourceTables, splitByPlayer } from '../../activities/player-shards.ts';
import { shardsFor } from '../../activities/shards.ts';
import { tableFilesOver } from '../../activities/table-files.ts';
import { statesOf } from '../../activities/whole-tables.ts';
import {
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

/** What the tables of some players are made with. */
export interface ChosenPlayers {
  readonly config: Config;
  readonly state: CatalogState;
  readonly duckDb: DuckDb;
  /** Folder in which they get one of their own, for the files that it takes; these stay. */
  readonly scratchRoot: string;
  /** SQL of the rows of these players in a table. */
  readonly sqlOf: (table: SourceTable | 'players') => Promise<string>;
}

/**
 * What writes tables over all days for some of the players, by the code that publishes them for all: each table when it is first asked
 * for, one at a time, from rows that are read once. It answers with the path of the table's file.
 */
export async function openChosenTables({
  config,
  state,
  duckDb,
  scratchRoot,
  sqlOf,
}: ChosenPlayers): Promise<(table: TableOfPlayers) => Promise<string>> {
  const folder = await mkdtemp(join(scratchRoot, 'chosen-'));
  const connection = await duckDb.connectAgain();
  const copy = async (name: SourceTable | 'players') => {
    const file = join(folder, `chosen-${name}.parquet`);
    await copyToParquet(connection, await sqlOf(name), file, {});
    return file;
  };
  const copies = Object.fromEntries(
    sourceTables.map((name) => [name, once(async () => [await copy(name)])]),
  ) as Record<SourceTable, () => Promise<string[]>>;
  const playerDays = sum([...state.eventDays.values()].map(({ tables }) => tables.player_days.rows));
  const tables = tablesOfPlayers(config, tableFilesOver(connection, folder), folder, {
    rows: await splitByPlayer(
      connection,
      folder,
      (name) => copies[name](),
      shardsFor(playerDays, PLAYER_DAYS_A_SHARD),
    ),
    players: pl.scanParquet(await copy('players')),
    dayStates: dayStatesFrame(statesOf(config, state)).lazy(),
  });
  const queue = new PQueue({ concurrency: 1 });
  return (table) => queue.add(async () => (await tables[table]()).file);
}
