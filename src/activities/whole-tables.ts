import pl from 'nodejs-polars';
import { z } from 'zod';
import type { Config } from '../config/schema.ts';
import type { Day } from '../domain/day.ts';
import { sum } from '../domain/ledger.ts';
import type { InputObject, ObjectRef } from '../domain/object-ref.ts';
import { type DayTable, type WholeTable, wholeTables } from '../domain/tables.ts';
import { readProfiles } from '../ingest/read-profiles.ts';
import { type ArrivalEntry, type EventDayEntry, objectRefSchema } from '../storage/catalog-format.ts';
import { keys } from '../storage/keys.ts';
import { inputIdentity } from '../storage/landed.ts';
import { makeOnce, type Recipe } from '../storage/made.ts';
import { type DayState, dayStatesFrame, listDayStates } from '../transforms/calendar.ts';
import { type Dependencies, withScratch } from './dependencies.ts';
import { openInputs } from './inputs.ts';
import { type SourceTable, sourceTables } from './player-shards.ts';
import { shardsFor } from './shards.ts';
import { type TableFile, uploadTable, withTableFiles } from './table-files.ts';
import { PLAYER_DAYS_A_SHARD, writeWholeTables } from './write-whole-tables.ts';

const resultSchema = z.record(z.enum(wholeTables), objectRefSchema);

/** What the tables that span all days are made from. */
export interface WholeSources {
  readonly arrivals: ReadonlyMap<Day, ArrivalEntry>;
  readonly eventDays: ReadonlyMap<Day, EventDayEntry>;
  readonly profiles: readonly InputObject[];
}

/** Makes the tables that span all days, from the narrow ones of each, the profiles and which days are complete. */
export async function makeWholeTables(
  deps: Dependencies,
  arrivals: ReadonlyMap<Day, ArrivalEntry>,
  eventDays: ReadonlyMap<Day, EventDayEntry>,
  profiles: readonly InputObject[],
): Promise<Record<WholeTable, ObjectRef>> {
  const { config, store } = deps;
  const sources = { arrivals, eventDays, profiles };
  const made = await makeOnce(store, recipeOfWholeTables(config, sources), resultSchema, (name) =>
    withScratch(deps.scratchRoot, async (scratch) => {
      const written = await writeWholeFiles(deps, scratch, sources);
      const refs = wholeTables.map(
        async (table) =>
          [table, await uploadTable(store, keys.wholeTable(table, name), written[table])] as const,
      );
      return Object.fromEntries(await Promise.all(refs)) as Record<WholeTable, ObjectRef>;
    }),
  );
  return made.record;
}

/** What the tables that span all days follow from under a configuration. */
export function recipeOfWholeTables(config: Config, sources: WholeSources): Recipe {
  const inputs = {
    sources: sourceTables.map((table) => refsOf(sources, table).map(({ sha256 }) => sha256)),
    states: statesOf(config, sources),
    profiles: inputIdentity(sources.profiles),
    tables: config.tables,
  };
  return { stage: 'publish', scope: 'all', inputs };
}

/** Writes the tables that span all days into a folder. */
export async function writeWholeFiles(
  { config, store, cache, duckDb }: Pick<Dependencies, 'config' | 'store' | 'cache' | 'duckDb'>,
  scratch: string,
  sources: WholeSources,
): Promise<Readonly<Record<WholeTable, TableFile>>> {
  const { maxLineBytes } = config.pipeline;
  const read = await readProfiles(openInputs(store, sources.profiles), maxLineBytes, scratch, duckDb);
  const files = {} as Record<SourceTable, string[]>;
  for (const table of sourceTables)
    files[table] = await Promise.all(refsOf(sources, table).map((ref) => cache.fetch(ref)));
  const playerDays = sum(refsOf(sources, 'player_days').map(({ rows }) => rows));
  return withTableFiles(duckDb, scratch, (tables) =>
    writeWholeTables(config, tables, scratch, {
      files,
      profiles: pl.scanParquet(read.file),
      dayStates: dayStatesFrame(statesOf(config, sources)).lazy(),
      shards: shardsFor(playerDays, PLAYER_DAYS_A_SHARD),
    }),
  );
}

function refsOf({ eventDays }: WholeSources, table: DayTable): ObjectRef[] {
  return [...eventDays.values()].map(({ tables }) => tables[table]);
}

/** What is known of each day that the tables span. */
export function statesOf(
  { pipeline }: Config,
  { arrivals, eventDays }: Pick<WholeSources, 'arrivals' | 'eventDays'>,
): DayState[] {
  return listDayStates(new Set(eventDays.keys()), new Set(arrivals.keys()), pipeline);
}
