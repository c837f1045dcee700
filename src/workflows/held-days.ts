import {
  condition,
  defineSignal,
  getExternalWorkflowHandle,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { Day } from '../domain/day.ts';
import { type HeldNotice, messages } from '../domain/pipeline.ts';

const dayHeldSignal = defineSignal<[HeldNotice]>(messages.dayHeld);

/** Which of a run's children told that they are on hold. */
export class HeldDays {
  private readonly notices = new Map<Day, HeldNotice>();

  constructor() {
    setHandler(dayHeldSignal, (notice) => {
      this.notices.set(notice.day, notice);
    });
  }

  /** Resolves when the day's run tells that it is on hold. */
  async wait(day: Day): Promise<{ readonly held: HeldNotice }> {
    await condition(() => this.notices.has(day));
    return { held: this.notices.get(day) as HeldNotice };
  }
}

/** Tells the run that started this one, if there is one and it still runs, that the day is on hold. */
export async function tellParent(notice: HeldNotice): Promise<void> {
  const { parent } = workflowInfo();
  if (parent === undefined) return;
  try {
    await getExternalWorkflowHandle(parent.workflowId, parent.runId).signal(dayHeldSignal, notice);
  } catch {
    // A parent that has ended has nothing to wait for.
  }
}
