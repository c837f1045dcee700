import type { ArrivalReading } from '../domain/arrival.ts';
import { type Day, type DayRange, listDays } from '../domain/day.ts';
import type { DayChoice, DayStanding } from '../domain/day-choice.ts';
import { sum } from '../domain/ledger.ts';
import type { LatestRun } from '../runs/latest-runs.ts';
import { identityOf } from '../storage/landed.ts';
import { chooseFrom } from './choose-days.ts';
import { gatherFacts, judgeDay } from './day-standing.ts';
import type { Dependencies } from './dependencies.ts';
import { planUpon } from './plan-build.ts';
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
  const { config, store } = deps;
  const facts = await gatherFacts(deps, from);
  const { state, landed, runs } = facts;
  const readings: ArrivalReading[] = [];
  const days: ForecastDay[] = [];
  for (const day of chooseFrom(listDays({ from, to }), only, facts)) {
    const data = landed.get(day);
    const found = data === undefined ? null : await findReading(store, config, day, identityOf(data));
    if (found !== null) readings.push(found);
    const missing = generates ? 'generate' : 'fail';
    const objects = data?.objects ?? [];
    const bytes = sum(objects.map((object) => object.bytes));
    const will = data === undefined ? missing : found === null ? 'read' : 'found';
    days.push({ day, standing: judgeDay(day, facts), objects: objects.length, bytes, will });
  }
  const unread = days.filter(({ will }) => will === 'read' || will === 'generate').map(({ day }) => day);
  const plan = planUpon(state, config, readings);
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
