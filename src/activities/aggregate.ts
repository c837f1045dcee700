import type { DuckDBConnection } from '@duckdb/node-api';
import pl, { type LazyDataFrame } from 'nodejs-polars';
import { z } from 'zod';
import type { Funnel } from '../domain/funnel.ts';
import type { ObjectRef } from '../domain/object-ref.ts';
import type { AggregateInput } from '../domain/pipeline.ts';
import type { AggregateTable } from '../domain/tables.ts';
import { parquetSource } from '../engine/duckdb.ts';
import { objectRefSchema } from '../storage/catalog-format.ts';
import { keys } from '../storage/keys.ts';
import { makeOnce } from '../storage/made.ts';
import { extractFunnelSteps } from '../transforms/funnel-steps.ts';
import { addHours, aggregateHours } from '../transforms/hourly-activity.ts';
import { aggregatePlayerDays } from '../transforms/player-days.ts';
import { aggregatePlayerLevels } from '../transforms/player-levels.ts';
import { aggregateOtherRevenue } from '../transforms/revenue-other.ts';
import { buildSessions } from '../transforms/sessions.ts';
import { withinRange } from '../transforms/value-range.ts';
import { type Dependencies, withScratch } from './dependencies.ts';
import type { StageContext } from './heartbeat.ts';
import { funnelOf } from './rules.ts';
import { cutIntoShards, shardsFor } from './shards.ts';
import { type TableFile, uploadTable, withTableFiles } from './table-files.ts';

const ownTables = [
  'player_days',
  'player_levels',
  'funnel_steps',
  'hourly_activity',
  'revenue_other',
] as const;
type OwnTable = (typeof ownTables)[number];

const ownSchema = z.record(z.enum(ownTables), objectRefSchema);
const sessionsSchema = z.object({ sessions: objectRefSchema });

/** Makes the tables of one event day that follow from its `events_cleaned`, and `sessions` from those of its neighbours too. */
export async function aggregateEventDay(
  deps: Dependencies,
  stage: StageContext,
  input: AggregateInput,
): Promise<Record<AggregateTable, ObjectRef>> {
  const own = await makeOwnTables(deps, stage, input);
  const { sessions } = await makeSessions(deps, stage, input);
  return { ...own, sessions };
}

async function makeOwnTables(
  deps: Dependencies,
  stage: StageContext,
  { day, events }: AggregateInput,
): Promise<Record<OwnTable, ObjectRef>> {
  const funnel = funnelOf(deps.config);
  const recipe = {
    stage: 'aggregate' as const,
    scope: day,
    inputs: { events: events.sha256, steps: funnel.steps },
  };
  const made = await makeOnce(deps.store, recipe, ownSchema, (name) =>
    withScratch(deps.scratchRoot, async (scratch) => {
      stage.tell(`aggregating ${events.rows} events`);
      const file = await deps.cache.fetch(events);
      const refs: [OwnTable, ObjectRef][] = [];
      await writeOwnTables(deps, scratch, { file, rows: events.rows }, async (table, written) => {
        stage.stopIfCancelled();
        refs.push([table, await uploadTable(deps.store, keys.dayTable(table, day, name), written)]);
      });
      stage.count({ events: events.rows });
      return Object.fromEntries(refs) as Record<OwnTable, ObjectRef>;
    }),
  );
  return made.record;
}

/** Writes the tables that follow from an event day's `events_cleaned` alone into a folder, and hands over each. */
export function writeOwnTables(
  { config, duckDb }: Pick<Dependencies, 'config' | 'duckDb'>,
  scratch: string,
  { file, rows }: TableFile,
  written: (table: OwnTable, file: TableFile) => Promise<void>,
): Promise<void> {
  return withTableFiles(duckDb, scratch, async (files) => {
    const frames = await framesOf(files.connection, file, shardsFor(rows), funnelOf(config));
    for (const table of ownTables) await written(table, await files.write(table, frames[table]));
  });
}

/** The rows of each table, cut by player so that no more than a shard is worked on at once. */
export async function framesOf(
  connection: DuckDBConnection,
  file: string,
  shards: number,
  funnel: Funnel,
): Promise<Readonly<Record<OwnTable, readonly LazyDataFrame[]>>> {
  const rows = pl.scanParquet(file);
  const ranges = await cutIntoShards(connection, parquetSource([file]), 'player_id', shards);
  const parts = ranges.map((range) => withinRange(rows, 'player_id', range));
  const hours: LazyDataFrame[] = [];
  for (const part of parts) hours.push((await aggregateHours(part).collect()).lazy());
  return {
    player_days: parts.map(aggregatePlayerDays),
    player_levels: parts.map(aggregatePlayerLevels),
    funnel_steps: parts.map((part) => extractFunnelSteps(part, funnel)),
    hourly_activity: [addHours(hours)],
    revenue_other: [aggregateOtherRevenue(rows)],
  };
}

async function makeSessions(
  deps: Dependencies,
  stage: StageContext,
  { day, previous, events, next, nextIsComplete }: AggregateInput,
): Promise<{ readonly sessions: ObjectRef }> {
  const inputs = { days: [previous, events, next].map((ref) => ref?.sha256 ?? null), nextIsComplete };
  const recipe = { stage: 'sessions' as const, scope: day, inputs };
  const made = await makeOnce(deps.store, recipe, sessionsSchema, (name) =>
    withScratch(deps.scratchRoot, async (scratch) => {
      stage.tell(`finding the sessions of ${day}`);
      const written = await writeSessions(deps, scratch, { day, previous, events, next, nextIsComplete });
      stage.stopIfCancelled();
      return {
        sessions: await uploadTable(deps.store, keys.dayTable('sessions', day, name), written),
      };
    }),
  );
  return made.record;
}

/** Writes an event day's `sessions` into a folder. */
export async function writeSessions(
  { cache, duckDb }: Pick<Dependencies, 'cache' | 'duckDb'>,
  scratch: string,
  { day, previous, events, next, nextIsComplete }: AggregateInput,
): Promise<TableFile> {
  const file = await cache.fetch(events);
  const rows = pl.scanParquet(file);
  const none = rows.filter(pl.lit(false));
  const neighbour = async (ref: ObjectRef | null) =>
    ref === null ? none : pl.scanParquet(await cache.fetch(ref));
  const [before, after] = [await neighbour(previous), await neighbour(next)];
  return withTableFiles(duckDb, scratch, async (files) => {
    const shards = shardsFor(events.rows);
    const ranges = await cutIntoShards(files.connection, parquetSource([file]), 'player_id', shards);
    const frames = ranges.map((range) => {
      const [a, b, c] = [before, rows, after].map((frame) => withinRange(frame, 'player_id', range));
      return buildSessions(a as LazyDataFrame, b as LazyDataFrame, c as LazyDataFrame, {
        day,
        nextIsComplete,
      });
    });
    return files.write('sessions', frames);
  });
}
