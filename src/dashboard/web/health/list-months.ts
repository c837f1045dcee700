import { addDays, type Day, daysBetween } from '../../../domain/day.ts';

const MONDAY = '2024-01-01' as Day;

/** A month as weeks from Monday to Sunday; null where a day is of another month, or not asked for. */
export interface MonthOfDays {
  /** `2026-01`. */
  readonly month: string;
  readonly weeks: readonly (readonly (string | null)[])[];
}

/** Days, in order, as the months that they are of. */
export function listMonths(days: readonly string[]): MonthOfDays[] {
  const months = Map.groupBy(days, (day) => day.slice(0, 7));
  return [...months].map(([month, own]) => {
    const weeks = Map.groupBy(own, mondayOf);
    return { month, weeks: [...weeks].map(([monday, inWeek]) => fillWeek(monday, new Set(inWeek))) };
  });
}

function fillWeek(monday: Day, days: ReadonlySet<string>): (string | null)[] {
  return Array.from({ length: 7 }, (_, n) => addDays(monday, n)).map((day) => (days.has(day) ? day : null));
}

function mondayOf(day: string): Day {
  const since = daysBetween(MONDAY, day as Day);
  return addDays(day as Day, -(((since % 7) + 7) % 7));
}
