import { proxyActivities } from '@temporalio/workflow';
import type { ComputeActivities, OrchestrationActivities } from '../activities/create-activities.ts';
import type { AcceptedArrival, HeldArrival } from '../domain/arrival.ts';
import type { Day } from '../domain/day.ts';
import type { Hold } from '../domain/decision.ts';
import type { GenerateRequest, WorkflowSettings } from '../domain/pipeline.ts';
import { terminalFailure } from './failures.ts';
import type { Gatekeeper } from './gatekeeper.ts';
import { readingCatalog, readingRaw } from './policies.ts';

/** Called as an arrival goes through its stages. */
export interface AcceptListener {
  onStage(stage: string): void;
  /** The report of the checks, as markdown. */
  onReport(details: string): void;
  onHold(held: HeldArrival, hold: Hold): Promise<void>;
}

/**
 * Generates the arrival when asked to, validates it, and stops at its gate; on hold it waits there until a person decides, the
 * deadline is over, or its raw data changed. Everything about raw data, nothing published.
 */
export async function acceptArrival(
  day: Day,
  request: GenerateRequest | null,
  settings: WorkflowSettings,
  gatekeeper: Gatekeeper,
  listener: AcceptListener,
): Promise<AcceptedArrival> {
  const { generate, validate } = proxyActivities<ComputeActivities>(readingRaw(settings));
  const { recordDecision } = proxyActivities<OrchestrationActivities>(readingCatalog);
  if (request !== null) {
    listener.onStage('generate');
    await generate.executeWithOptions({ summary: day }, [{ day, request }]);
  }
  for (;;) {
    listener.onStage('validate');
    gatekeeper.beginLook();
    const { details = '', ...result } = await validate.executeWithOptions({ summary: day }, [{ day }]);
    listener.onReport(details);
    if (!('held' in result)) return result;
    const hold = gatekeeper.begin(result.held, settings.holdHours);
    await listener.onHold(result.held, hold);
    const ended = await gatekeeper.wait(hold);
    if (ended.end === 'expired') {
      gatekeeper.end('overtaken');
      throw holdExpired(hold);
    }
    if (ended.end === 'decided') {
      await recordDecision({ day, subject: hold.subject, decision: ended.decision });
      gatekeeper.end('kept');
    }
  }
}

function holdExpired({ day, until, report, failed, judged }: Hold): Error {
  return terminalFailure(
    'DataQualityError',
    `${day} was on hold until ${until}, and nobody decided. ${failed.join('; ')}. Nothing of it was published; what was published before stays. ` +
      `Report: ${report}. Run the day again to hold it anew, or land better data.`,
    { day, report, judged },
  );
}
