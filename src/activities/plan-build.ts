import type { Config } from '../config/schema.ts';
import { type PlannedArrival, planBuild } from '../domain/build-plan.ts';
import { addDays, type Day } from '../domain/day.ts';
import type { ObjectRef } from '../domain/object-ref.ts';
import type { PlanResult } from '../domain/pipeline.ts';
import { type CatalogState, readCurrent } from '../storage/catalog.ts';
import type { Dependencies } from './dependencies.ts';
import { rulesOfEventDay } from './rules.ts';

/** Reads the current snapshot and plans which event days the arrivals change. */
export async function planEventDays(
  { store, config }: Dependencies,
  { arrivals }: { readonly arrivals: readonly PlannedArrival[] },
): Promise<PlanResult> {
  const { state } = await readCurrent(store);
  return planUpon(state, config, arrivals);
}

/** Plans which event days the arrivals change of what is published. */
export function planUpon(
  state: CatalogState | null,
  config: Config,
  arrivals: readonly PlannedArrival[],
): PlanResult {
  const eventDays = state?.eventDays ?? new Map();
  const rulesOf = (day: Day) => rulesOfEventDay(config, day);
  const plan = planBuild(state?.arrivals ?? new Map(), eventDays, arrivals, config.pipeline, rulesOf);
  const gone = new Set([...plan.removed, ...plan.builds.map(({ day }) => day)]);
  const needed = new Set(plan.aggregates.flatMap(({ day }) => [addDays(day, -1), day, addDays(day, 1)]));
  const published: Record<Day, ObjectRef> = {};
  for (const [day, { tables }] of eventDays) {
    if (needed.has(day) && !gone.has(day)) published[day] = tables.events_cleaned;
  }
  return { base: state?.snapshot.id ?? null, published, ...plan };
}
