import { join } from 'node:path';
import pl, { type LazyDataFrame } from 'nodejs-polars';
import { z } from 'zod';
import type { Config } from '../config/schema.ts';
import type { Day } from '../domain/day.ts';
import type { InputObject, ObjectRef } from '../domain/object-ref.ts';
import { type DayTable, type WholeTable, wholeTables } from '../domain/tables.ts';
import { readProfiles } from '../ingest/read-profiles.ts';
import { type ArrivalEntry, type EventDayEntry, objectRefSchema } from '../storage/catalog-format.ts';
import { keys } from '../storage/keys.ts';
import { makeOnce } from '../storage/made.ts';
import { linkActivity } from '../transforms/activity.ts';
import { dayStatesFrame, listDayStates } from '../transforms/calendar.ts';
import { buildCohortLtv } from '../transforms/cohort-ltv.ts';
import { buildConversionFunnel } from '../transforms/conversion-funnel.ts';
import { buildDailyMetrics } from '../transforms/daily-metrics.ts';
import { buildDailyMetricsBy } from '../transforms/daily-metrics-by.ts';
import { buildEventTypeDaily } from '../transforms/event-type-daily.ts';
import { buildLevelFunnel } from '../transforms/level-funnel.ts';
import { buildPlayers } from '../transforms/players.ts';
import { buildRetentionCohorts } from '../transforms/retention-cohorts.ts';
import { type Dependencies, withScratch } from './dependencies.ts';
import { inputIdentity, openInputs } from './inputs.ts';
import { bracketsOf, funnelOf } from './rules.ts';
import { uploadTable, withTableFiles } from './table-files.ts';

/** What the tables that span all days are made from, beside profiles. */
const sourceTables = ['player_days', 'sessions', 'player_levels', 'funnel_steps'] as const;
type Sources = Readonly<Record<(typeof sourceTables)[number], LazyDataFrame>>;

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
      const sources: [string, LazyDataFrame][] = [];
      for (const table of sourceTables) {
        const files = await Promise.all(refsOf(table).map((ref) => deps.cache.fetch(ref)));
        sources.push([table, pl.concat(files.map((file) => pl.scanParquet(file)))]);
      }
      return withTableFiles(duckDb, scratch, async (files) => {
        const write = async (table: WholeTable, frame: LazyDataFrame): Promise<WrittenTable> => {
          const written = await files.write(table, [frame]);
          const ref = await uploadTable(store, keys.wholeTable(table, name), written);
          return { ref, rows: pl.scanParquet(written.file) };
        };
        const others = { profiles: pl.scanParquet(read.file), dayStates: dayStatesFrame(states).lazy() };
        const keep = async (frame: LazyDataFrame): Promise<LazyDataFrame> => {
          const file = join(scratch, 'activity.parquet');
          await frame.sinkParquet(file, { compression: 'lz4' }).collect();
          return pl.scanParquet(file);
        };
        return writeTables(config, { write, keep }, Object.fromEntries(sources) as Sources, others);
      });
    }),
  );
  return made.record;
}

interface WrittenTable {
  readonly ref: ObjectRef;
  readonly rows: LazyDataFrame;
}

interface Outputs {
  write(table: WholeTable, frame: LazyDataFrame): Promise<WrittenTable>;
  /** A frame that several tables are made from, made once. */
  keep(frame: LazyDataFrame): Promise<LazyDataFrame>;
}

async function writeTables(
  config: Config,
  { write, keep }: Outputs,
  sources: Sources,
  { profiles, dayStates }: { readonly profiles: LazyDataFrame; readonly dayStates: LazyDataFrame },
): Promise<Record<WholeTable, ObjectRef>> {
  const { player_days, sessions, player_levels, funnel_steps } = sources;
  const players = await write('players', buildPlayers(player_days, sessions, profiles, dayStates));
  const activity = await keep(linkActivity(player_days, players.rows));
  const retention = await write(
    'retention_cohorts',
    buildRetentionCohorts(activity, players.rows, dayStates, bracketsOf(config)),
  );
  const frames = {
    daily_metrics: buildDailyMetrics(activity, sessions, retention.rows, dayStates),
    daily_metrics_by: buildDailyMetricsBy(activity, sessions, players.rows, dayStates),
    event_type_daily: buildEventTypeDaily(player_days),
    cohort_ltv: buildCohortLtv(activity, players.rows, dayStates),
    level_funnel: buildLevelFunnel(player_levels, dayStates),
    conversion_funnel: buildConversionFunnel(funnel_steps, dayStates, funnelOf(config)),
  };
  const refs: [string, ObjectRef][] = [
    ['players', players.ref],
    ['retention_cohorts', retention.ref],
  ];
  for (const [table, frame] of Object.entries(frames) as [WholeTable, LazyDataFrame][])
    refs.push([table, (await write(table, frame)).ref]);
  return Object.fromEntries(refs) as Record<WholeTable, ObjectRef>;
}
