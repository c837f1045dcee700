import { join } from 'node:path';
import pl from 'nodejs-polars';
import {
  fillWithEmpty,
  type SourceTable,
  sourceTables,
  splitByPlayer,
} from '../../activities/player-shards.ts';
import { shardsFor } from '../../activities/shards.ts';
import { withTableFiles } from '../../activities/table-files.ts';
import { statesOf } from '../../activities/whole-tables.ts';
import {
  PLAYER_DAYS_A_SHARD,
  sourcesOf,
  type TableOfPlayers,
  writeTablesOfPlayers,
} from '../../activities/write-whole-tables.ts';
import type { Config } from '../../config/schema.ts';
import { copyToParquet, type DuckDb } from '../../engine/duckdb.ts';
import type { CatalogState } from '../../storage/catalog.ts';
import { dayStatesFrame } from '../../transforms/calendar.ts';

/** What the tables of some players are made with. */
export interface ChosenTables {
  readonly config: Config;
  readonly state: CatalogState;
  readonly duckDb: DuckDb;
  /** For the files that it takes; they stay. */
  readonly folder: string;
  /** SQL of the rows of these players in a table. */
  readonly rowsOf: (table: SourceTable | 'players') => Promise<string>;
}

/** Writes tables over all days for some of the players, by the code that publishes them for all; the paths of their files. */
export async function writeChosenTables<T extends TableOfPlayers>(
  { config, state, duckDb, folder, rowsOf }: ChosenTables,
  wanted: readonly T[],
): Promise<Record<T, string>> {
  const copy = async (name: SourceTable | 'players') => {
    const file = join(folder, `chosen-${name}.parquet`);
    const sql = await rowsOf(name);
    const rows = await duckDb.withConnection((connection) => copyToParquet(connection, sql, file, {}));
    return { file, rows };
  };
  const players = await copy('players');
  const files: Record<SourceTable, string[]> = {
    player_days: [],
    sessions: [],
    player_levels: [],
    funnel_steps: [],
  };
  let playerDays = 0;
  for (const name of sourceTables.filter((table) => wanted.some((one) => sourcesOf[one].includes(table)))) {
    const { file, rows } = await copy(name);
    files[name] = [file];
    if (name === 'player_days') playerDays = rows;
  }
  const limits = { threads: 2, memoryMb: config.dashboard.memoryMb };
  const written = await withTableFiles(limits, folder, async (tables) => {
    const filled = await fillWithEmpty(tables.connection, folder, files);
    const inputs = {
      shards: await splitByPlayer(
        tables.connection,
        folder,
        filled,
        shardsFor(playerDays, PLAYER_DAYS_A_SHARD),
      ),
      sessions: filled.sessions,
      players: pl.scanParquet(players.file),
      dayStates: dayStatesFrame(statesOf(config, state)).lazy(),
    };
    return writeTablesOfPlayers(config, tables, folder, inputs, wanted);
  });
  return Object.fromEntries(wanted.map((table) => [table, written[table].file])) as Record<T, string>;
}
