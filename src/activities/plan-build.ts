import type { AcceptedArrival } from '../domain/arrival.ts';
import { planBuild } from '../domain/build-plan.ts';
import type { PlanResult } from '../domain/pipeline.ts';
import { readCurrent } from '../storage/catalog.ts';
import type { Dependencies } from './dependencies.ts';

/** Reads the current snapshot and plans which event days the arrivals change. */
export async function planEventDays(
  deps: Dependencies,
  { arrivals }: { readonly arrivals: readonly AcceptedArrival[] },
): Promise<PlanResult> {
  const { state } = await readCurrent(deps.store);
  const pieces = new Map([...(state?.eventDays ?? [])].map(([day, entry]) => [day, entry.pieces]));
  const plan = planBuild(state?.arrivals ?? new Map(), pieces, arrivals, deps.config.pipeline);
  return { base: state?.snapshot.id ?? null, ...plan };
}
