import { canonicalJson } from '../domain/canonical-json.ts';
import type { Day } from '../domain/day.ts';
import type { Decision } from '../domain/decision.ts';
import { readJson, writeOnce } from './bytes.ts';
import { decisionSchema } from './catalog-format.ts';
import { keys } from './keys.ts';
import type { ObjectStore } from './object-store.ts';

/** What was decided about a subject, or null. */
export async function readDecision(store: ObjectStore, day: Day, subject: string): Promise<Decision | null> {
  return readJson(store, keys.decision(day, subject), decisionSchema);
}

/** Keeps a decision and returns the one that counts: the first about the subject. */
export async function writeDecision(
  store: ObjectStore,
  day: Day,
  subject: string,
  decision: Decision,
): Promise<Decision> {
  await writeOnce(store, keys.decision(day, subject), Buffer.from(canonicalJson(decision)));
  return (await readDecision(store, day, subject)) ?? decision;
}
