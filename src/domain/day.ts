/** A UTC calendar date, `YYYY-MM-DD`; the unit that every stage works on. */
export type Day = string & { readonly __day: unique symbol };

/** Both ends are in the range; `from` is never after `to`. */
export interface DayRange {
  readonly from: Day;
  readonly to: Day;
}

/** Thrown for a text that is no calendar date, or a range whose ends are the wrong way round. */
export class DayError extends Error {
  override readonly name = 'DayError';
}

const MS_PER_DAY = 86_400_000;

/** Reads `YYYY-MM-DD`; a date that the calendar does not have, such as 2026-02-30, is a `DayError`. */
export function parseDay(text: string): Day {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!match) throw new DayError(`"${text}" is not a day. Expected YYYY-MM-DD, for example 2026-01-31.`);
  const [year, month, date] = [Number(match[1]), Number(match[2]), Number(match[3])];
  if (month < 1 || month > 12) throw new DayError(`"${text}" does not exist: there is no month ${month}.`);
  const last = new Date(Date.UTC(year, month, 0)).getUTCDate();
  if (date < 1 || date > last) {
    throw new DayError(
      `"${text}" does not exist: ${text.slice(0, 7)} has the days 01 to ${last}. Give a day of the calendar.`,
    );
  }
  return text as Day;
}

/** Whether `parseDay` would take the text. */
export function isDay(text: string): boolean {
  try {
    parseDay(text);
    return true;
  } catch {
    return false;
  }
}

/** Days from `from` on, up to and with `to`; what is left out leaves that end open. */
export interface OpenRange {
  readonly from?: Day | undefined;
  readonly to?: Day | undefined;
}

/** Whether a day is in a range. */
export function isWithin(day: Day, { from, to }: OpenRange): boolean {
  return (from === undefined || day >= from) && (to === undefined || day <= to);
}

/** Reads both ends; `from` after `to` is a `DayError`. */
export function parseRange(from: string, to: string): DayRange {
  const range = { from: parseDay(from), to: parseDay(to) };
  if (range.from > range.to) {
    throw new DayError(`The range ${from} to ${to} ends before it begins. Give --from a day not after --to.`);
  }
  return range;
}

/** The UTC date of an instant. */
export function dayOf(instant: Date): Day {
  return instant.toISOString().slice(0, 10) as Day;
}

/** The instant at which the day begins, in milliseconds since 1970 UTC. */
export function startOfDay(day: Day): number {
  return Date.parse(`${day}T00:00:00Z`);
}

/** The day `n` days later, or earlier when `n` is negative. */
export function addDays(day: Day, n: number): Day {
  return dayOf(new Date(startOfDay(day) + n * MS_PER_DAY));
}

/** How many days `later` is after `earlier`; negative when it is before it. */
export function daysBetween(earlier: Day, later: Day): number {
  return Math.round((startOfDay(later) - startOfDay(earlier)) / MS_PER_DAY);
}

/** Every day of the range in calendar order, both ends included. */
export function listDays({ from, to }: DayRange): Day[] {
  return Array.from({ length: daysBetween(from, to) + 1 }, (_, n) => addDays(from, n));
}

/** `YYYY-MM` of the day. */
export function monthOf(day: Day): string {
  return day.slice(0, 7);
}
