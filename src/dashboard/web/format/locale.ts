import { languageFor } from '../../api/language.ts';

/** The language that values are written in: the reader's, as the browser tells it. */
let language = languageFor(navigator.language);

/** Writes for another reader from here on, as a server does for one after the other. */
export function writeIn(newLanguage: string): void {
  language = newLanguage;
}

/** What depends on the reader's language, made when it is first used. */
export function byLanguage<T>(make: (language: string) => T): () => T {
  let made: { readonly language: string; readonly value: T } | null = null;
  return () => {
    if (made?.language !== language) made = { language, value: make(language) };
    return made.value;
  };
}

const formats = byLanguage((locale) => ({
  day: new Intl.DateTimeFormat(locale, { timeZone: 'UTC', day: 'numeric', month: 'short', year: 'numeric' }),
  shortDay: new Intl.DateTimeFormat(locale, { timeZone: 'UTC', day: 'numeric', month: 'short' }),
  weekday: new Intl.DateTimeFormat(locale, { timeZone: 'UTC', weekday: 'short' }),
  month: new Intl.DateTimeFormat(locale, { timeZone: 'UTC', month: 'long', year: 'numeric' }),
  dayOfMonth: new Intl.NumberFormat(locale, { useGrouping: false }),
  instant: new Intl.DateTimeFormat(locale, { timeZone: 'UTC', dateStyle: 'medium', timeStyle: 'short' }),
}));

const dateOf = (day: string) => new Date(`${day}T00:00:00Z`);

/** `30 Jan 2026`, as the reader writes it; the day is a UTC day wherever the reader is. */
export function formatDay(day: string): string {
  return formats().day.format(dateOf(day));
}

/** `30 Jan`. */
export function formatShortDay(day: string): string {
  return formats().shortDay.format(dateOf(day));
}

/** `Fri`, of a UTC day. */
export function formatWeekday(day: string): string {
  return formats().weekday.format(dateOf(day));
}

/** `Mon`, of 1 (Monday) to 7. */
export function nameWeekday(weekday: number): string {
  return formats().weekday.format(new Date(Date.UTC(2024, 0, weekday)));
}

/** `January 2026`, of a day or a month. */
export function formatMonth(day: string): string {
  return formats().month.format(dateOf(`${day.slice(0, 7)}-01`));
}

/** `30`, of `2026-01-30`. */
export function formatDayOfMonth(day: string): string {
  return formats().dayOfMonth.format(Number(day.slice(8)));
}

/** `31 Jan 2026, 00:14`, in UTC. */
export function formatInstant(iso: string): string {
  return formats().instant.format(new Date(iso));
}
