import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { SourceTable } from '../../activities/player-shards.ts';
import type { JourneyTable, TableOfPlayers } from '../../activities/write-whole-tables.ts';
import type { Config } from '../../config/schema.ts';
import { once } from '../../domain/once.ts';
import {
  type DayTable,
  dayTables,
  type PublishedTable,
  type WholeTable,
  wholeTables,
} from '../../domain/tables.ts';
import { type DuckDb, openDuckDb, parquetSource, readRows } from '../../engine/duckdb.ts';
import { emptyTableSql } from '../../schema/tables.ts';
import type { CatalogState } from '../../storage/catalog.ts';
import type { ObjectCache } from '../../storage/object-cache.ts';
import { conditionFor, nameOfChoice, type PlayerChoice } from './chosen-players.ts';
import type { ChosenTables } from './chosen-tables.ts';

/** What a snapshot is opened with. */
export interface SnapshotDependencies {
  readonly config: Config;
  readonly cache: ObjectCache;
  /** Folder for what is worked out of a snapshot; each has a folder of its own in it. */
  readonly scratchRoot: string;
}

const journeyTables: readonly JourneyTable[] = ['level_tries', 'funnel_entries'];

/** Tables that a question may be about: what is published, and what follows from it for each player. */
export type AskedTable = PublishedTable | JourneyTable;

/** Which tables of which players a question is about. */
export interface Subject {
  readonly tables: readonly AskedTable[];
  /** Null: all players. */
  readonly choice: PlayerChoice | null;
}

/** Tables by day that have no players: of some players they are counted from the events of these. */
const ofEvents: Partial<Record<DayTable, (schema: string) => string>> = {
  hourly_activity: (
    schema,
  ) => `SELECT date, isodow(date)::TINYINT AS weekday, hour, count(*) AS events, count(DISTINCT player_id) AS players
    FROM ${schema}.events_cleaned GROUP BY date, hour`,
  revenue_other: (schema) => `SELECT date, currency, count(*) AS purchases, sum(amount) AS amount
    FROM ${schema}.events_cleaned SEMI JOIN main.revenue_other USING (date)
    WHERE event_type = 'purchase' AND amount_base IS NULL GROUP BY date, currency`,
};

const rowsOfChosen = (schema: string, table: AskedTable) =>
  `SELECT * FROM main.${table} SEMI JOIN ${schema}.players USING (player_id)`;

/** Polars comes with it, whose loading would double the time that a dashboard takes to start. */
const loadChosenTables = once(() => import('./chosen-tables.ts'));

/**
 * One published snapshot, open for questions: tables are copied from the bucket when they are first asked for, and read from the
 * copies. For some of the players, tables over all days are made as a publish makes them, from the rows of these players.
 */
export class OpenSnapshot {
  readonly state: CatalogState;
  private readonly deps: SnapshotDependencies;
  private readonly duckDb: DuckDb;
  private readonly folder: string;
  private readonly made = new Map<string, Promise<unknown>>();
  private users = 0;
  private isRetired = false;

  private constructor(state: CatalogState, deps: SnapshotDependencies, duckDb: DuckDb, folder: string) {
    this.state = state;
    this.deps = deps;
    this.duckDb = duckDb;
    this.folder = folder;
  }

  /** Opens a snapshot; it has to be retired. */
  static async open(state: CatalogState, deps: SnapshotDependencies): Promise<OpenSnapshot> {
    await mkdir(deps.scratchRoot, { recursive: true });
    const folder = await mkdtemp(join(deps.scratchRoot, `${state.snapshot.id}-`));
    const { memoryMb } = deps.config.dashboard;
    const duckDb = await openDuckDb({ threads: 2, memoryMb, tempFolder: join(folder, 'spill') });
    const snapshot = new OpenSnapshot(state, deps, duckDb, folder);
    await Promise.all(wholeTables.map((table) => snapshot.once(table, () => snapshot.showTable(table))));
    return snapshot;
  }

  /**
   * Runs `use` on a connection that finds the tables of a subject by their names. An aborted question is interrupted.
   */
  async ask<T>(
    { tables, choice }: Subject,
    use: (connection: DuckDBConnection) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T> {
    this.users += 1;
    try {
      for (const table of tables) await this.once(table, () => this.showTable(table));
      const schema = choice === null ? null : await this.choose(choice, tables);
      signal.throwIfAborted();
      return await this.duckDb.withConnection(async (connection) => {
        if (schema !== null) await connection.run(`SET search_path = '${schema},main'`);
        const interrupt = () => connection.interrupt();
        signal.addEventListener('abort', interrupt, { once: true });
        try {
          return await use(connection);
        } finally {
          signal.removeEventListener('abort', interrupt);
        }
      });
    } finally {
      this.users -= 1;
      if (this.isRetired) await this.closeWhenUnused();
    }
  }

  /** Works out what the first question of some kinds would wait for. */
  warmUp(): Promise<void> {
    return this.ask({ tables: journeyTables, choice: null }, async () => {}, new AbortController().signal);
  }

  /** Closes it as soon as no question is under way. */
  async retire(): Promise<void> {
    this.isRetired = true;
    await this.closeWhenUnused();
  }

  private async closeWhenUnused(): Promise<void> {
    if (this.users > 0) return;
    await this.once('closed', async () => {
      this.duckDb.close();
      await rm(this.folder, { recursive: true, force: true });
    });
  }

  /** Does what has a name once; what failed is done again. */
  private once<T>(name: string, make: () => Promise<T>): Promise<T> {
    const known = this.made.get(name) as Promise<T> | undefined;
    if (known !== undefined) return known;
    const making = make();
    this.made.set(name, making);
    making.catch(() => this.made.delete(name));
    return making;
  }

  private async showTable(table: AskedTable): Promise<void> {
    const sql = await this.sqlOf(table);
    await this.duckDb.withConnection((connection) =>
      connection.run(`CREATE OR REPLACE VIEW ${table} AS ${sql}`),
    );
  }

  private async sqlOf(table: AskedTable): Promise<string> {
    const journeys = journeyTables.find((name) => name === table);
    if (journeys !== undefined) {
      const files = await this.withChosen((chosen) => chosen.journeysOf(journeys));
      return `SELECT * FROM ${parquetSource(files)}`;
    }
    const published = table as PublishedTable;
    const files = await this.filesOf(published);
    return files.length === 0 ? emptyTableSql(published) : `SELECT * FROM ${parquetSource(files)}`;
  }

  private filesOf(table: PublishedTable): Promise<string[]> {
    const byDay = dayTables.find((name) => name === table);
    const refs =
      byDay === undefined
        ? [this.state.snapshot.tables[table as WholeTable]]
        : [...this.state.eventDays.values()].map(({ tables }) => tables[byDay]);
    return Promise.all(refs.map((ref) => this.deps.cache.fetch(ref)));
  }

  /** The schema in which the tables are those of the chosen players. */
  private async choose(choice: PlayerChoice, tables: readonly AskedTable[]): Promise<string> {
    const schema = nameOfChoice(choice);
    await this.once(schema, () => this.createChoice(schema, choice));
    const overDays = wholeTables.filter((name) => name !== 'players').filter((name) => tables.includes(name));
    for (const table of overDays)
      await this.once(`${schema} ${table}`, async () =>
        this.showChosen(
          schema,
          table,
          `SELECT * FROM ${parquetSource([await this.writeChosen(schema, table)])}`,
        ),
      );
    for (const table of dayTables.filter((name) => tables.includes(name)))
      await this.chooseByDay(schema, table);
    for (const table of journeyTables.filter((name) => tables.includes(name)))
      await this.once(`${schema} ${table}`, () =>
        this.showChosen(schema, table, rowsOfChosen(schema, table)),
      );
    return schema;
  }

  private async chooseByDay(schema: string, table: DayTable): Promise<void> {
    const sql = ofEvents[table];
    if (sql !== undefined) await this.chooseByDay(schema, 'events_cleaned');
    await this.once(table, () => this.showTable(table));
    await this.once(`${schema} ${table}`, () =>
      this.showChosen(schema, table, sql?.(schema) ?? rowsOfChosen(schema, table)),
    );
  }

  private async createChoice(schema: string, choice: PlayerChoice): Promise<void> {
    await this.duckDb.withConnection(async (connection) => {
      await connection.run(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
      await connection.run(
        `CREATE OR REPLACE TABLE ${schema}.players AS SELECT * FROM main.players WHERE ${conditionFor(choice)} ORDER BY player_id`,
      );
    });
  }

  private async showChosen(schema: string, table: AskedTable, sql: string): Promise<void> {
    await this.duckDb.withConnection((connection) =>
      connection.run(`CREATE OR REPLACE VIEW ${schema}.${table} AS ${sql}`),
    );
  }

  /** Path of a file with a table over all days of chosen players. */
  private writeChosen(schema: string, table: TableOfPlayers): Promise<string> {
    const own = `${schema} tables`;
    return this.withChosen(async (chosen) => {
      try {
        const write = await this.once(own, () => chosen.open(`SELECT * FROM ${schema}.players`));
        return await write(table);
      } catch (error) {
        this.made.delete(own);
        throw error;
      }
    });
  }

  /** Uses what makes tables of players; after an error it is made anew the next time. */
  private async withChosen<T>(use: (chosen: ChosenTables) => Promise<T>): Promise<T> {
    const name = 'chosen tables';
    try {
      return await use(await this.once(name, () => this.openChosen()));
    } catch (error) {
      this.made.delete(name);
      throw error;
    }
  }

  private async openChosen(): Promise<ChosenTables> {
    const { ChosenTables } = await loadChosenTables();
    const { config } = this.deps;
    const filesOf = (table: SourceTable) => this.filesOf(table);
    return new ChosenTables({ config, state: this.state, duckDb: this.duckDb, folder: this.folder, filesOf });
  }

  /** How many players a choice has; null for all. */
  async countPlayers(choice: PlayerChoice | null, signal: AbortSignal): Promise<number | null> {
    if (choice === null) return null;
    const count = (connection: DuckDBConnection) =>
      readRows(connection, 'SELECT count(*)::DOUBLE AS players FROM players');
    const [row] = await this.ask({ tables: ['players'], choice }, count, signal);
    return Number(row?.['players'] ?? 0);
  }
}
