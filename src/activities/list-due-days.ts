import { hashConfig } from '../config/table-config.ts';
import { addDays, type Day, listDays } from '../domain/day.ts';
import { readLastRun } from '../runs/last-run.ts';
import { type CatalogState, readCurrent } from '../storage/catalog.ts';
import { isMadeFrom, type Landed, nameData } from '../storage/landed.ts';
import { listLandedDay } from '../storage/list-landed.ts';
import type { Dependencies } from './dependencies.ts';

type DueDependencies = Pick<Dependencies, 'config' | 'store' | 'client'>;

/**
 * The days before `day` within the late window that a daily run has to take as well, in calendar order: those with raw data that was
 * never published, or was published from other data or under another configuration. A day whose gate has failed for the very
 * data and configuration is left alone. Where events are made up, a day that was left out since the first one published is due.
 */
export async function listDueDays(deps: DueDependencies, { day }: { readonly day: Day }): Promise<Day[]> {
  const { lateWindowDays } = deps.config.pipeline;
  if (lateWindowDays === 0) return [];
  const { state } = await readCurrent(deps.store);
  const window = listDays({ from: addDays(day, -lateWindowDays), to: addDays(day, -1) });
  const due: Day[] = [];
  for (const earlier of window) if (await isDue(deps, state, earlier)) due.push(earlier);
  return due;
}

async function isDue(deps: DueDependencies, state: CatalogState | null, day: Day): Promise<boolean> {
  const landed = await listLandedDay(deps.store, day);
  const known = state?.arrivals.get(day);
  if (landed.objects.length === 0) return known === undefined && isLeftOut(deps, state, day);
  const configHash = hashConfig(deps.config);
  if (known !== undefined && isMadeFrom(known, landed, configHash)) return false;
  return !(await hasFailedFor(deps, day, landed, configHash));
}

function isLeftOut({ config }: DueDependencies, state: CatalogState | null, day: Day): boolean {
  const [first] = state?.arrivals.keys() ?? [];
  return config.pipeline.source === 'synthetic' && first !== undefined && first < day;
}

async function hasFailedFor(
  { client }: DueDependencies,
  day: Day,
  landed: Landed,
  configHash: string,
): Promise<boolean> {
  const run = await readLastRun(client, day);
  if (run?.state !== 'failed' || run.judged === null) return false;
  return run.judged.data === nameData(landed) && run.judged.configHash === configHash;
}
