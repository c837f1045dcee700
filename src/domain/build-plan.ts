import { canonicalJson } from './canonical-json.ts';
import type { Day } from './day.ts';
import { addDays } from './day.ts';
import type { RowsByEventDay } from './ledger.ts';
import type { ObjectRef } from './object-ref.ts';

/** What the plan needs to know of one arrival. */
export interface PlannedArrival {
  readonly day: Day;
  readonly accepted: readonly ObjectRef[];
  readonly acceptedByEventDay: RowsByEventDay;
}

/** Rows of one arrival that an event day is made of. */
export interface BuildPiece {
  readonly arrival: Day;
  readonly parts: readonly Pick<ObjectRef, 'key' | 'sha256'>[];
  /** Rows of this event day, not of the whole parts. */
  readonly rows: number;
}

/** One event day with all pieces that it is made of, in order of arrival. */
export interface EventDayBuild {
  readonly day: Day;
  readonly pieces: readonly BuildPiece[];
}

/** Which event days have to be made, which are gone because no arrival brings rows for them any more. */
export interface BuildPlan {
  readonly builds: readonly EventDayBuild[];
  readonly removed: readonly Day[];
}

/**
 * The event days whose set of pieces changes when `incoming` arrivals join those that are published. Arrivals of the
 * same day replace the published one. Pure: order of `incoming` does not matter.
 */
export function planBuild(
  published: ReadonlyMap<Day, PlannedArrival>,
  builtPieces: ReadonlyMap<Day, readonly BuildPiece[]>,
  incoming: readonly PlannedArrival[],
  windows: { readonly lateWindowDays: number; readonly futureWindowDays: number },
): BuildPlan {
  const merged = new Map(published);
  for (const arrival of incoming) merged.set(arrival.day, arrival);
  const touched = new Set<Day>();
  for (const { day } of incoming) {
    for (const source of [published.get(day), merged.get(day)]) {
      for (const eventDay of Object.keys(source?.acceptedByEventDay ?? {})) touched.add(eventDay as Day);
    }
  }
  const builds: EventDayBuild[] = [];
  const removed: Day[] = [];
  for (const day of [...touched].sort()) {
    const pieces = listPieces(merged, day, windows);
    const before = builtPieces.get(day);
    if (pieces.length === 0) {
      if (before !== undefined) removed.push(day);
    } else if (before === undefined || !samePieces(before, pieces)) builds.push({ day, pieces });
  }
  return { builds, removed };
}

function listPieces(
  arrivals: ReadonlyMap<Day, PlannedArrival>,
  eventDay: Day,
  windows: { readonly lateWindowDays: number; readonly futureWindowDays: number },
): BuildPiece[] {
  const pieces: BuildPiece[] = [];
  for (let n = -windows.futureWindowDays; n <= windows.lateWindowDays; n += 1) {
    const arrival = arrivals.get(addDays(eventDay, n));
    const rows = arrival?.acceptedByEventDay[eventDay] ?? 0;
    if (arrival !== undefined && rows > 0) {
      const parts = arrival.accepted.map(({ key, sha256 }) => ({ key, sha256 }));
      pieces.push({ arrival: arrival.day, parts, rows });
    }
  }
  return pieces;
}

function samePieces(a: readonly BuildPiece[], b: readonly BuildPiece[]): boolean {
  return canonicalJson(a.map(({ parts }) => parts)) === canonicalJson(b.map(({ parts }) => parts));
}
