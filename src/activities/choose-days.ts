import { type Day, type DayRange, listDays } from '../domain/day.ts';
import type { DayChoice } from '../domain/day-choice.ts';
import { listLatestRuns } from '../runs/latest-runs.ts';
import { readCurrent } from '../storage/catalog.ts';
import { listLanded } from '../storage/list-landed.ts';
import { isChanged, judgeDay } from './day-standing.ts';
import type { Dependencies } from './dependencies.ts';

/** The days of a range that a backfill was asked to take, in calendar order. */
export async function chooseDays(
  { config, store, client }: Pick<Dependencies, 'config' | 'store' | 'client'>,
  { only, ...range }: DayRange & { readonly only: DayChoice },
): Promise<Day[]> {
  const days = listDays(range);
  if (only === 'all') return days;
  const { state } = await readCurrent(store);
  if (only === 'missing') return days.filter((day) => state?.arrivals.has(day) !== true);
  const landed = await listLanded(store, range.from);
  if (only === 'failed') {
    const facts = { config, state, landed, runs: await listLatestRuns(client) };
    return days.filter((day) => judgeDay(day, facts) === 'failed');
  }
  return days.filter((day) => {
    const entry = state?.arrivals.get(day);
    return entry !== undefined && isChanged(day, entry, { config, landed });
  });
}
