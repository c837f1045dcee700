import { proxyActivities } from '@temporalio/workflow';
import type { ComputeActivities, OrchestrationActivities } from '../activities/create-activities.ts';
import type { AcceptedArrival } from '../domain/arrival.ts';
import type { EventDayBuild } from '../domain/build-plan.ts';
import { addDays, type Day } from '../domain/day.ts';
import type { ObjectRef } from '../domain/object-ref.ts';
import type {
  AggregatedEventDay,
  BuiltEventDay,
  PlanResult,
  PublishResult,
  Trigger,
  WorkflowSettings,
} from '../domain/pipeline.ts';
import { terminalFailure } from './failures.ts';
import { committing, computingDay, readingCatalog } from './policies.ts';
import type { Tracker } from './tracker.ts';

const MOST_PLANS = 50;

/**
 * Builds each event day that the arrivals change, once, and publishes all in one commit. When another commit comes first it
 * plans again from there; what was built already is found, not made.
 */
export async function buildAndPublish(
  arrivals: readonly AcceptedArrival[],
  settings: WorkflowSettings,
  trigger: Trigger,
  tracker: Tracker,
): Promise<PublishResult> {
  const { planBuild } = proxyActivities<Pick<OrchestrationActivities, 'planBuild'>>(readingCatalog);
  const { publish } = proxyActivities<ComputeActivities>(committing(settings));
  for (let n = 0; n < MOST_PLANS; n += 1) {
    const plan = await planBuild({ arrivals });
    const { base, removed } = plan;
    tracker.plan(plan.aggregates.length);
    const built = await Promise.all(plan.builds.map((build) => cleanEventDay(build, settings)));
    const aggregated = await aggregateEventDays(plan, built, settings, tracker);
    tracker.enter('publish');
    const summary = `${arrivals.length} arrivals, ${built.length} event days`;
    const result = await publish.executeWithOptions({ summary }, [
      { base, arrivals, built, aggregated, removed, trigger },
    ]);
    if (result.outcome !== 'moved') {
      tracker.publish(
        arrivals.map(({ day }) => day),
        result,
      );
      return result;
    }
  }
  throw terminalFailure(
    'CatalogContention',
    `Other runs committed first ${MOST_PLANS} times in a row. Run the range again when fewer runs are under way.`,
  );
}

async function cleanEventDay(build: EventDayBuild, settings: WorkflowSettings): Promise<BuiltEventDay> {
  const { clean } = proxyActivities<ComputeActivities>(computingDay(settings));
  const summary = `${build.day}: ${build.pieces.length} pieces`;
  return { ...build, ...(await clean.executeWithOptions({ summary }, [build])) };
}

/** Sessions need the events of both neighbours, so that it begins when all days are cleaned. */
function aggregateEventDays(
  { aggregates, published }: PlanResult,
  built: readonly BuiltEventDay[],
  settings: WorkflowSettings,
  tracker: Tracker,
): Promise<AggregatedEventDay[]> {
  const { aggregate } = proxyActivities<ComputeActivities>(computingDay(settings));
  const events = new Map(Object.entries(published) as [Day, ObjectRef][]);
  for (const day of built) events.set(day.day, day.events);
  const eventsOf = (day: Day) => events.get(day) ?? null;
  const made = aggregates.map(async ({ day, nextIsComplete }) => {
    const own = eventsOf(day);
    if (own === null) throw new TypeError(`${day} is planned to be aggregated and has no events`);
    const input = {
      day,
      previous: eventsOf(addDays(day, -1)),
      events: own,
      next: eventsOf(addDays(day, 1)),
      nextIsComplete,
    };
    const tables = await aggregate.executeWithOptions({ summary: `${day}: ${own.rows} events` }, [input]);
    tracker.built();
    return { day, tables };
  });
  return Promise.all(made);
}
