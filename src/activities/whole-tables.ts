import pl from 'nodejs-polars';
import { z } from 'zod';
import type { Day } from '../domain/day.ts';
import { sum } from '../domain/ledger.ts';
import type { InputObject, ObjectRef } from '../domain/object-ref.ts';
import { type DayTable, type WholeTable, wholeTables } from '../domain/tables.ts';
import { readProfiles } from '../ingest/read-profiles.ts';
import { type ArrivalEntry, type EventDayEntry, objectRefSchema } from '../storage/catalog-format.ts';
import { keys } from '../storage/keys.ts';
import { makeOnce } from '../storage/made.ts';
import { dayStatesFrame, listDayStates } from '../transforms/calendar.ts';
import { type Dependencies, withScratch } from './dependencies.ts';
import { inputIdentity, openInputs } from './inputs.ts';
import { type SourceTable, sourceTables } from './player-shards.ts';
import { shardsFor } from './shards.ts';
import { uploadTable, withTableFiles } from './table-files.ts';
import { PLAYER_DAYS_A_SHARD, writeWholeTables } from './write-whole-tables.ts';

const resultSchema = z.record(z.enum(wholeTables), objectRefSchema);

/** Makes the tables that span all days, from the narrow ones of each, the profiles and which days are complete. */
export async function makeWholeTables(
  deps: Dependencies,
  arrivals: ReadonlyMap<Day, ArrivalEntry>,
  eventDays: ReadonlyMap<Day, EventDayEntry>,
  profiles: readonly InputObject[],
): Promise<Record<WholeTable, ObjectRef>> {
  const { config, store, duckDb } = deps;
  const states = listDayStates(new Set(eventDays.keys()), new Set(arrivals.keys()), config.pipeline);
  const refsOf = (table: DayTable) => [...eventDays.values()].map(({ tables }) => tables[table]);
  const inputs = {
    sources: sourceTables.map((table) => refsOf(table).map(({ sha256 }) => sha256)),
    states,
    profiles: inputIdentity(profiles),
    tables: config.tables,
  };
  const made = await makeOnce(store, { stage: 'publish', scope: 'all', inputs }, resultSchema, (name) =>
    withScratch(deps.scratchRoot, async (scratch) => {
      const { maxLineBytes } = config.pipeline;
      const read = await readProfiles(openInputs(store, profiles), maxLineBytes, scratch, duckDb);
      const files = {} as Record<SourceTable, string[]>;
      for (const table of sourceTables)
        files[table] = await Promise.all(refsOf(table).map((ref) => deps.cache.fetch(ref)));
      const shards = shardsFor(sum(refsOf('player_days').map(({ rows }) => rows)), PLAYER_DAYS_A_SHARD);
      return withTableFiles(duckDb, scratch, async (tables) => {
        const written = await writeWholeTables(config, tables, scratch, {
          files,
          profiles: pl.scanParquet(read.file),
          dayStates: dayStatesFrame(states).lazy(),
          shards,
        });
        const refs = wholeTables.map(
          async (table) =>
            [table, await uploadTable(store, keys.wholeTable(table, name), written[table])] as const,
        );
        return Object.fromEntries(await Promise.all(refs)) as Record<WholeTable, ObjectRef>;
      });
    }),
  );
  return made.record;
}
