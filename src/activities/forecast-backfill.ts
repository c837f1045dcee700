import type { ArrivalReading } from '../domain/arrival.ts';
import type { Day, DayRange } from '../domain/day.ts';
import type { DayChoice, DayStanding } from '../domain/day-choice.ts';
import { sum } from '../domain/ledger.ts';
import { type LatestRun, listLatestRuns } from '../runs/latest-runs.ts';
import { readCurrent } from '../storage/catalog.ts';
import { listLanded } from '../storage/list-landed.ts';
import { chooseDays } from './choose-days.ts';
import { judgeDay } from './day-standing.ts';
import type { Dependencies } from './dependencies.ts';
import { pinArrival } from './inputs.ts';
import { planEventDays } from './plan-build.ts';
import { findReading } from './read-inputs.ts';

/** What a backfill would do with one arrival day. */
export interface ForecastDay {
  readonly day: Day;
  readonly standing: DayStanding;
  readonly objects: number;
  /** Raw bytes as stored. */
  readonly bytes: number;
  /** `found`: its lines were read before, from the same data under the same rules. `fail`: nothing has landed. */
  readonly will: 'generate' | 'read' | 'found' | 'fail';
}

/** What a backfill would do, without doing any of it. */
export interface BackfillForecast {
  readonly days: readonly ForecastDay[];
  /** Event days that would be built, as far as that is known before their lines are read. */
  readonly builds: readonly Day[];
  /** Further ones whose sessions would be made again. */
  readonly sessions: readonly Day[];
  readonly removed: readonly Day[];
  /** Whether lines have to be read first, which may bring more event days. */
  readonly isLeast: boolean;
  /** For reading, as earlier runs took; null when there is none to go by. Building and publishing come on top. */
  readonly seconds: number | null;
}

/** What is asked of a backfill. */
export interface ForecastRequest extends DayRange {
  readonly only: DayChoice;
  readonly concurrency: number;
  readonly generates: boolean;
}

/** Looks at the bucket and at Temporal's runs, and tells what a backfill would do. */
export async function forecastBackfill(
  deps: Pick<Dependencies, 'config' | 'store' | 'client'>,
  { from, to, only, concurrency, generates }: ForecastRequest,
): Promise<BackfillForecast> {
  const { config, store, client } = deps;
  const chosen = await chooseDays(deps, { from, to, only });
  const { state } = await readCurrent(store);
  const [landed, runs] = [await listLanded(store, from), await listLatestRuns(client)];
  const facts = { config, state, landed, runs };
  const readings: ArrivalReading[] = [];
  const days: ForecastDay[] = [];
  for (const day of chosen) {
    const inputs = await pinArrival(store, day);
    const objects = inputs.objects.length;
    const found = objects === 0 ? null : await findReading(store, config, day, inputs);
    if (found !== null) readings.push(found);
    const missing = generates ? 'generate' : 'fail';
    const bytes = sum(inputs.objects.map((object) => object.bytes));
    const will = objects === 0 ? missing : found === null ? 'read' : 'found';
    days.push({ day, standing: judgeDay(day, facts), objects, bytes, will });
  }
  const unread = days.filter(({ will }) => will === 'read' || will === 'generate').map(({ day }) => day);
  const plan = await planEventDays(deps, { arrivals: readings });
  const touched = unread.flatMap((day) => [
    day,
    ...(Object.keys(state?.arrivals.get(day)?.acceptedByEventDay ?? {}) as Day[]),
  ]);
  const builds = [...new Set([...plan.builds.map(({ day }) => day), ...touched])].sort();
  return {
    days,
    builds,
    sessions: plan.aggregates.map(({ day }) => day).filter((day) => !builds.includes(day)),
    removed: plan.removed,
    isLeast: unread.length > 0,
    seconds: estimateSeconds(unread.length, concurrency, [...runs.values()]),
  };
}

function estimateSeconds(days: number, concurrency: number, runs: readonly LatestRun[]): number | null {
  if (days === 0) return 0;
  const took = runs
    .flatMap(({ status, seconds }) => (status === 'COMPLETED' && seconds !== null ? [seconds] : []))
    .sort((a, b) => a - b);
  const median = took[Math.floor(took.length / 2)];
  return median === undefined ? null : median * Math.ceil(days / concurrency);
}
