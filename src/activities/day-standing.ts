import type { Client } from '@temporalio/client';
import type { Config } from '../config/schema.ts';
import { hashConfig } from '../config/table-config.ts';
import type { Day } from '../domain/day.ts';
import type { DayStanding } from '../domain/day-choice.ts';
import { type LatestRun, listLatestRuns } from '../runs/latest-runs.ts';
import { type CatalogState, readCurrent } from '../storage/catalog.ts';
import type { ArrivalEntry } from '../storage/catalog-format.ts';
import { isMadeFrom, type Landed } from '../storage/landed.ts';
import { listLanded } from '../storage/list-landed.ts';
import type { ObjectStore } from '../storage/object-store.ts';

/** What decides how days stand. */
export interface DayFacts {
  readonly config: Config;
  readonly state: CatalogState | null;
  readonly landed: ReadonlyMap<Day, Landed>;
  readonly runs: ReadonlyMap<Day, LatestRun>;
}

/** Gathers them, of raw data from a day on when one is given; without Temporal's client there are no runs. */
export async function gatherFacts(
  {
    config,
    store,
    client,
  }: { readonly config: Config; readonly store: ObjectStore; readonly client: Client | null },
  from?: Day,
): Promise<DayFacts> {
  const { state } = await readCurrent(store);
  const landed = await listLanded(store, from);
  return { config, state, landed, runs: client === null ? new Map() : await listLatestRuns(client) };
}

const failures = new Set(['FAILED', 'TIMED_OUT', 'TERMINATED', 'CANCELLED']);
const nothing: Landed = { objects: [], replays: [] };

/** How an arrival day stands, by its last run first, then by what is published and what has landed. */
export function judgeDay(day: Day, facts: DayFacts): DayStanding {
  const entry = facts.state?.arrivals.get(day);
  const run = facts.runs.get(day);
  if (run?.status === 'RUNNING') return run.verdict === 'held' ? 'held' : 'running';
  if (run !== undefined && failures.has(run.status)) return 'failed';
  if (entry === undefined) return facts.landed.has(day) ? 'landed' : 'missing';
  return isChanged(day, entry, facts) ? 'changed' : 'published';
}

/** Whether a published day's raw data or rules are other than those that it was published from. */
export function isChanged(
  day: Day,
  entry: ArrivalEntry,
  { config, landed }: Pick<DayFacts, 'config' | 'landed'>,
): boolean {
  return !isMadeFrom(entry, landed.get(day) ?? nothing, hashConfig(config));
}
