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
  /** Names what its tables follow from beside its pieces. */
  readonly rules: string;
}

/** What the plan needs to know of an event day that is published. */
export type PlannedEventDay = Pick<EventDayBuild, 'pieces' | 'rules'>;

/** An event day whose tables are made again, since its events or those of a neighbour change. */
export interface AggregatePlan {
  readonly day: Day;
  /** Whether the arrival of the day after is published then. */
  readonly nextIsComplete: boolean;
}

/** Which event days have to be made, which are gone because no arrival brings rows for them any more. */
export interface BuildPlan {
  readonly builds: readonly EventDayBuild[];
  readonly aggregates: readonly AggregatePlan[];
  readonly removed: readonly Day[];
}

/** How far from its arrival an event may be, in days. */
export interface ArrivalWindows {
  readonly lateWindowDays: number;
  readonly futureWindowDays: number;
}

/**
 * The event days whose set of pieces or rules changes when `incoming` arrivals join those that are published, and those whose sessions may
 * change with them. Arrivals of the same day replace the published one. Pure: order of `incoming` does not matter.
 */
export function planBuild(
  published: ReadonlyMap<Day, PlannedArrival>,
  eventDays: ReadonlyMap<Day, PlannedEventDay>,
  incoming: readonly PlannedArrival[],
  windows: ArrivalWindows,
  rulesOf: (day: Day) => string,
): BuildPlan {
  const merged = new Map(published);
  for (const arrival of incoming) merged.set(arrival.day, arrival);
  const builds: EventDayBuild[] = [];
  const removed: Day[] = [];
  for (const day of listTouched(published, incoming)) {
    const build = { day, pieces: listPieces(merged, day, windows), rules: rulesOf(day) };
    const before = eventDays.get(day);
    if (build.pieces.length === 0) {
      if (before !== undefined) removed.push(day);
    } else if (before === undefined || !isSameBuild(before, build)) builds.push(build);
  }
  const completed = incoming.map(({ day }) => day).filter((day) => !published.has(day));
  const changed = [...builds.map(({ day }) => day), ...removed];
  const near = changed.flatMap((day) => [addDays(day, -1), day, addDays(day, 1)]);
  const isThere = (day: Day) =>
    builds.some((build) => build.day === day) || (eventDays.has(day) && !removed.includes(day));
  const aggregates = [...new Set([...near, ...completed.map((day) => addDays(day, -1))])]
    .filter(isThere)
    .sort()
    .map((day) => ({ day, nextIsComplete: merged.has(addDays(day, 1)) }));
  return { builds, aggregates, removed };
}

/** Event days that an incoming arrival brings rows for, or that the one it replaces did, in order. */
function listTouched(
  published: ReadonlyMap<Day, PlannedArrival>,
  incoming: readonly PlannedArrival[],
): Day[] {
  const sources = incoming.flatMap((arrival) => [arrival, published.get(arrival.day)]);
  const days = sources.flatMap((source) => Object.keys(source?.acceptedByEventDay ?? {}) as Day[]);
  return [...new Set(days)].sort();
}

function listPieces(
  arrivals: ReadonlyMap<Day, PlannedArrival>,
  eventDay: Day,
  windows: ArrivalWindows,
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

function isSameBuild(a: PlannedEventDay, b: PlannedEventDay): boolean {
  const decisive = ({ pieces, rules }: PlannedEventDay) => [rules, pieces.map(({ parts }) => parts)];
  return canonicalJson(decisive(a)) === canonicalJson(decisive(b));
}
