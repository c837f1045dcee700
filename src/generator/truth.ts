import { addDays, type Day } from '../domain/day.ts';
import type { DefectKind } from '../domain/game-model.ts';
import type { EventTypeName } from '../schema/contract.ts';
import type { DayCount } from './day-count.ts';
import type { DayTally, LevelCount } from './day-tally.ts';
import type { Money } from './game.ts';

/** What happened on a UTC day, exact to the unit; maps are in the order of their keys. */
export interface DayFigures {
  readonly events: number;
  readonly events_by_type: Readonly<Record<EventTypeName, number>>;
  /** Players with an event. */
  readonly players: number;
  /** Of these, those acquired that day. */
  readonly new_players: number;
  /** Sessions that begin that day, by rule 14 of the semantics. */
  readonly sessions: number;
  /** USD with four decimals. */
  readonly revenue: string;
  readonly ad_revenue: string;
  /** Players who paid more than nothing. */
  readonly payers: number;
  /** Acquisition date → players of that cohort with an event. */
  readonly survivors: Readonly<Record<Day, number>>;
  /** Level → tries that began, were won, and were not won. */
  readonly levels: Readonly<Record<number, Readonly<LevelCount>>>;
}

/** One object of an arrival day. */
export interface TruthObject {
  readonly key: string;
  /** Lines with an event. */
  readonly lines: number;
  /** Uncompressed. */
  readonly bytes: number;
}

/** What a generated arrival day holds, and what the tables must say of the UTC day: `raw/_truth/dt=….json`. */
export interface DayTruth {
  readonly day: Day;
  readonly generator: GeneratorIdentity;
  readonly arrival: {
    readonly objects: readonly TruthObject[];
    readonly lines: number;
    readonly bytes: number;
    readonly accepted: number;
    /** Reason → lines. */
    readonly rejected: Readonly<Record<string, number>>;
    readonly accepted_by_event_day: Readonly<Record<Day, number>>;
    /** Kind of defect → events that came with it. */
    readonly defects: Readonly<Record<DefectKind, number>>;
    /** False when the archives are cut off, so that nothing of them can be accepted. */
    readonly readable: boolean;
  };
  /** From what the players did, before anything was written. */
  readonly simulated: DayFigures;
  /** What is left of that once everything of the day has landed: late events too, on up to five days after it. */
  readonly expected: DayFigures & {
    readonly exact_duplicates: number;
    readonly conflicting_duplicates: number;
  };
}

/** What a truth is the truth of. */
export interface GeneratorIdentity {
  readonly spec: string;
  /** Its name, or that of its file. */
  readonly preset: string;
  readonly scenario: string | null;
  readonly seed: number;
  readonly players: number;
}

/** What of a whole range is more than the sum of its days. */
export interface RangeTruth {
  readonly from: Day;
  readonly to: Day;
  readonly generator: GeneratorIdentity;
  readonly days: number;
  readonly lines: number;
  readonly bytes: number;
  readonly defects: Readonly<Record<string, number>>;
  readonly rejected: Readonly<Record<string, number>>;
  readonly simulated: RangeFigures;
  readonly expected: Omit<RangeFigures, 'players' | 'payers'>;
}

/** Figures of a range. */
export interface RangeFigures {
  readonly events: number;
  readonly events_by_type: Readonly<Record<string, number>>;
  /** Players with an event in the range. */
  readonly players: number;
  /** Players who paid in it. */
  readonly payers: number;
  readonly new_players: number;
  readonly sessions: number;
  readonly revenue: string;
  readonly ad_revenue: string;
}

/** A day's truth, once all its objects are counted. */
export function describeDay(
  launchDay: Day,
  generator: GeneratorIdentity,
  count: DayCount,
  objects: readonly TruthObject[],
): DayTruth {
  const { arrival, duplicates } = count;
  return {
    day: addDays(launchDay, count.dayNumber),
    generator,
    arrival: {
      objects,
      lines: arrival.lines,
      bytes: sum(objects.map(({ bytes }) => bytes)),
      accepted: arrival.accepted,
      rejected: sorted(arrival.rejected, (reason) => reason),
      accepted_by_event_day: sorted(arrival.acceptedByEventDay, (day) => addDays(launchDay, day)),
      defects: arrival.defects,
      readable: count.readable,
    },
    simulated: describeTally(count.simulated, launchDay),
    expected: {
      ...describeTally(count.expected, launchDay),
      exact_duplicates: duplicates.exact,
      conflicting_duplicates: duplicates.conflicting,
    },
  };
}

/** A range's truth from its days'; who was active and who paid has to be known across days. */
export function describeRange(
  days: readonly [DayTruth, ...DayTruth[]],
  active: number,
  paid: number,
): RangeTruth {
  const last = days.at(-1) ?? days[0];
  const arrivals = days.map(({ arrival }) => arrival);
  const simulated = sumFigures(days.map((one) => one.simulated));
  return {
    from: days[0].day,
    to: last.day,
    generator: days[0].generator,
    days: days.length,
    lines: sum(arrivals.map(({ lines }) => lines)),
    bytes: sum(arrivals.map(({ bytes }) => bytes)),
    defects: sumMaps(arrivals.map(({ defects }) => defects)),
    rejected: sumMaps(arrivals.map(({ rejected }) => rejected)),
    simulated: { ...simulated, players: active, payers: paid },
    expected: sumFigures(days.map((one) => one.expected)),
  };
}

function describeTally(tally: DayTally, launchDay: Day): DayFigures {
  return {
    events: tally.events,
    events_by_type: tally.eventsByType,
    players: tally.players,
    new_players: tally.newPlayers,
    sessions: tally.sessions,
    revenue: formatMoney(tally.revenue),
    ad_revenue: formatMoney(tally.adRevenue),
    payers: tally.payers,
    survivors: sorted(tally.survivors, (day) => addDays(launchDay, day)),
    levels: sorted(tally.levels, (level) => level),
  };
}

function sumFigures(days: readonly DayFigures[]): Omit<RangeFigures, 'players' | 'payers'> {
  const total = (figure: 'events' | 'new_players' | 'sessions') => sum(days.map((one) => one[figure]));
  const money = (figure: 'revenue' | 'ad_revenue') =>
    formatMoney(sum(days.map((one) => Math.round(Number(one[figure]) * 10_000))));
  return {
    events: total('events'),
    events_by_type: sumMaps(days.map((one) => one.events_by_type)),
    new_players: total('new_players'),
    sessions: total('sessions'),
    revenue: money('revenue'),
    ad_revenue: money('ad_revenue'),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function sumMaps(maps: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const total: Record<string, number> = {};
  for (const map of maps) {
    for (const [key, value] of Object.entries(map)) total[key] = (total[key] ?? 0) + value;
  }
  return total;
}

function sorted<K extends string | number, V, T extends string | number>(
  map: ReadonlyMap<K, V>,
  name: (key: K) => T,
): Record<T, V> {
  const entries = [...map].sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, value]) => [name(key), value])) as Record<T, V>;
}

function formatMoney(money: Money): string {
  const digits = String(money).padStart(5, '0');
  return `${digits.slice(0, -4)}.${digits.slice(-4)}`;
}
