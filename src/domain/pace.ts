/** Most days that a run may take at once. */
export const MOST_DAYS_AT_ONCE = 50;

/** Why a run takes no further days. */
export interface Pause {
  readonly by: string;
  readonly why: string;
  /** ISO 8601 UTC. */
  readonly at: string;
}

/** How many days a run takes at once, and whether it takes any at the moment. */
export interface Pace {
  readonly concurrency: number;
  readonly paused: Pause | null;
}

/** What a person asks for who pauses a run. */
export type PauseRequest = Pick<Pause, 'by' | 'why'>;

/** Whether so many days may be taken at once. */
export function isConcurrency(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= MOST_DAYS_AT_ONCE;
}
