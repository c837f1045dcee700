import type { Day, DayRange } from '../domain/day.ts';
import type { RunState } from '../runs/last-run.ts';

/** A run that was started or joined. */
export interface StartedRun {
  readonly workflowId: string;
  readonly link: string | null;
}

/** What the watch asks of Temporal. */
export interface Runs {
  /** Starts the run of a day; one that is under way looks at its raw data again. */
  startDay(day: Day): Promise<StartedRun>;
  startBackfill(range: DayRange): Promise<StartedRun>;
  /** How the last run with the id stands; null when there was none. */
  read(workflowId: string): Promise<RunState | null>;
  /** Days that a backfill or a daily run will still take or publish. */
  listDaysUnderWay(): Promise<ReadonlySet<Day>>;
}
