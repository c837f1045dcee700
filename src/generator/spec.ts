import type { Day } from '../domain/day.ts';

/** Share of events, 0 to 1, that come with each kind of defect. */
export interface DefectRates {
  readonly malformed: number;
  readonly missingField: number;
  readonly wrongType: number;
  readonly exactDuplicate: number;
  readonly conflictingDuplicate: number;
  readonly late: number;
}

/** All that synthetic events follow from: any day of a spec can be made alone, in any order, with the same bytes. */
export interface GeneratorSpec {
  /** Whole, 0 to 2^32 − 1. */
  readonly seed: number;
  readonly players: number;
  readonly launchDay: Day;
  readonly defects: DefectRates;
}
