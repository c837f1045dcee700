import type { Day } from '../domain/day.ts';

/** The kinds of defect, in the order in which chance decides between them; an event has at most one. */
export const defectKinds = [
  'malformed',
  'missingField',
  'wrongType',
  'exactDuplicate',
  'conflictingDuplicate',
  'late',
] as const;

/** One of `defectKinds`. */
export type DefectKind = (typeof defectKinds)[number];

/** Share of events, 0 to 1, that come with each kind of defect; together at most 1. */
export type DefectRates = Readonly<Record<DefectKind, number>>;

/** All that synthetic events follow from: any day of a spec can be made alone, in any order, with the same bytes. */
export interface GeneratorSpec {
  /** Whole, 0 to 2^32 − 1. */
  readonly seed: number;
  readonly players: number;
  readonly launchDay: Day;
  /** Days from the launch on which new players come, whole, from 1; `defaultCalendarDays` when absent. */
  readonly calendarDays?: number;
  readonly defects: DefectRates;
}
