import type { Day } from './day.ts';

/** What a person decided about a held day; it binds the data and the config that it was made for, and no other. */
export interface Decision {
  readonly verdict: 'approved' | 'rejected';
  /** Who decided. */
  readonly by: string;
  readonly why: string;
  /** ISO 8601 UTC. */
  readonly at: string;
}

/** Input of the update `decide` of a held day's run. */
export interface DecisionRequest extends Omit<Decision, 'at'> {
  /** Name of what was decided about, as the hold tells it: other data or another config is another subject. */
  readonly subject: string;
}

/** What a gate's verdict was about: the name of the arrival's data, and the hash of the configuration. */
export interface Judged {
  readonly data: string;
  readonly configHash: string;
}

/** A day on hold: what is to be decided, and until when. */
export interface Hold {
  readonly day: Day;
  readonly subject: string;
  readonly judged: Judged;
  /** ISO 8601 UTC: the run fails when nobody decided by then. */
  readonly until: string;
  readonly report: string;
  readonly failed: readonly string[];
}
