import { proxyActivities } from '@temporalio/workflow';
import type { ComputeActivities, OrchestrationActivities } from '../activities/create-activities.ts';
import type { AcceptedArrival } from '../domain/arrival.ts';
import type { EventDayBuild } from '../domain/build-plan.ts';
import type { BuiltEventDay, PublishResult, Trigger, WorkflowSettings } from '../domain/pipeline.ts';
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
    const { base, builds, removed } = await planBuild({ arrivals });
    tracker.plan(builds.length);
    const built = await Promise.all(
      builds.map(async (build) => {
        const made = await buildEventDay(build, settings);
        tracker.built();
        return made;
      }),
    );
    tracker.enter('publish');
    const summary = `${arrivals.length} arrivals, ${built.length} event days`;
    const result = await publish.executeWithOptions({ summary }, [
      { base, arrivals, built, removed, trigger },
    ]);
    if (result.outcome !== 'moved') {
      tracker.publish(arrivals.map(({ day }) => day));
      return result;
    }
  }
  throw terminalFailure(
    'CatalogContention',
    `Other runs committed first ${MOST_PLANS} times in a row. Run the range again when fewer runs are under way.`,
  );
}

async function buildEventDay(build: EventDayBuild, settings: WorkflowSettings): Promise<BuiltEventDay> {
  const { clean, aggregate } = proxyActivities<ComputeActivities>(computingDay(settings));
  const { day } = build;
  const pieces = `${day}: ${build.pieces.length} pieces`;
  const { events, ledger } = await clean.executeWithOptions({ summary: pieces }, [build]);
  const rows = `${day}: ${events.rows} events`;
  const playerDays = await aggregate.executeWithOptions({ summary: rows }, [{ day, events }]);
  return { ...build, ledger, tables: { events_cleaned: events, player_days: playerDays } };
}
