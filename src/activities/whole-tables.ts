import { join } from 'node:path';
import pl, { type LazyDataFrame } from 'nodejs-polars';
import { z } from 'zod';
import type { Day } from '../domain/day.ts';
import type { InputObject, ObjectRef } from '../domain/object-ref.ts';
import { type WholeTable, wholeTables } from '../domain/tables.ts';
import { readProfiles } from '../ingest/read-profiles.ts';
import { uploadFile } from '../storage/bytes.ts';
import { type ArrivalEntry, type EventDayEntry, objectRefSchema } from '../storage/catalog-format.ts';
import { keys } from '../storage/keys.ts';
import { makeOnce } from '../storage/made.ts';
import { linkActivity } from '../transforms/activity.ts';
import { dayStatesFrame, listDayStates } from '../transforms/calendar.ts';
import { countRows } from '../transforms/clean-events.ts';
import { buildDailyMetrics } from '../transforms/daily-metrics.ts';
import { buildPlayers } from '../transforms/players.ts';
import { buildRetentionCohorts } from '../transforms/retention-cohorts.ts';
import { type Dependencies, withScratch } from './dependencies.ts';
import { inputIdentity, openInputs } from './inputs.ts';

const resultSchema = z.record(z.enum(wholeTables), objectRefSchema);

/** Makes the tables that span all days, from `player_days` of each, the profiles and which days are complete. */
export async function makeWholeTables(
  deps: Dependencies,
  arrivals: ReadonlyMap<Day, ArrivalEntry>,
  eventDays: ReadonlyMap<Day, EventDayEntry>,
  profiles: readonly InputObject[],
): Promise<Record<WholeTable, ObjectRef>> {
  const states = listDayStates(new Set(eventDays.keys()), new Set(arrivals.keys()), deps.config.pipeline);
  const playerDays = [...eventDays.values()].map(({ tables }) => tables.player_days);
  const inputs = {
    playerDays: playerDays.map(({ sha256 }) => sha256),
    states,
    profiles: inputIdentity(profiles),
  };
  const made = await makeOnce(deps.store, { stage: 'publish', scope: 'all', inputs }, resultSchema, (name) =>
    withScratch(deps.scratchRoot, async (scratch) => {
      const files = await Promise.all(playerDays.map((ref) => deps.cache.fetch(ref)));
      const { pipeline } = deps.config;
      const read = await readProfiles(
        openInputs(deps.store, profiles),
        pipeline.maxLineBytes,
        scratch,
        deps.duckDb,
      );
      const rows = pl.concat(files.map((file) => pl.scanParquet(file)));
      await writeTables(rows, pl.scanParquet(read.file), dayStatesFrame(states).lazy(), scratch);
      const refs = wholeTables.map(async (table) => {
        const file = join(scratch, `${table}.parquet`);
        const count = await countRows(pl.scanParquet(file));
        return [table, await uploadFile(deps.store, keys.wholeTable(table, name), file, count)] as const;
      });
      return Object.fromEntries(await Promise.all(refs)) as Record<WholeTable, ObjectRef>;
    }),
  );
  return made.record;
}

async function writeTables(
  playerDays: LazyDataFrame,
  profiles: LazyDataFrame,
  dayStates: LazyDataFrame,
  scratch: string,
): Promise<void> {
  const write = async (table: WholeTable, frame: LazyDataFrame): Promise<LazyDataFrame> => {
    const file = join(scratch, `${table}.parquet`);
    await frame.sinkParquet(file, { compression: 'zstd' }).collect();
    return pl.scanParquet(file);
  };
  const players = await write('players', buildPlayers(playerDays, profiles));
  const activity = linkActivity(playerDays, players);
  const retention = await write('retention_cohorts', buildRetentionCohorts(activity, players, dayStates));
  await write('daily_metrics', buildDailyMetrics(activity, retention, dayStates));
}
