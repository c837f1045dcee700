import type { Day } from '../domain/day.ts';
import type { Decision } from '../domain/decision.ts';
import { writeDecision } from '../storage/decisions.ts';
import type { Dependencies } from './dependencies.ts';

/** A decision and what it was made about. */
export interface DecisionRecord {
  readonly day: Day;
  readonly subject: string;
  readonly decision: Decision;
}

/** Keeps a person's decision, so that it holds for every later run over the same data and config. */
export async function recordDecision(
  { store }: Dependencies,
  { day, subject, decision }: DecisionRecord,
): Promise<Decision> {
  return writeDecision(store, day, subject, decision);
}
