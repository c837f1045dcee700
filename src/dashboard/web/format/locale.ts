/** The reader's language, as the browser tells it. */
export const locale = navigator.language;

const dayFormat = new Intl.DateTimeFormat(locale, {
  timeZone: 'UTC',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
});
const shortDayFormat = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', day: 'numeric', month: 'short' });
const weekdayFormat = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', weekday: 'short' });
const monthFormat = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', month: 'long', year: 'numeric' });
const dayOfMonthFormat = new Intl.NumberFormat(locale, { useGrouping: false });
const timeFormat = new Intl.DateTimeFormat(locale, {
  timeZone: 'UTC',
  dateStyle: 'medium',
  timeStyle: 'short',
});

const dateOf = (day: string) => new Date(`${day}T00:00:00Z`);

/** `30 Jan 2026`, as the reader writes it; the day is a UTC day wherever the reader is. */
export function formatDay(day: string): string {
  return dayFormat.format(dateOf(day));
}

/** `30 Jan`. */
export function formatShortDay(day: string): string {
  return shortDayFormat.format(dateOf(day));
}

/** `Fri`, of a UTC day. */
export function formatWeekday(day: string): string {
  return weekdayFormat.format(dateOf(day));
}

/** `Mon`, of 1 (Monday) to 7. */
export function nameWeekday(weekday: number): string {
  return weekdayFormat.format(new Date(Date.UTC(2024, 0, weekday)));
}

/** `January 2026`, of a day or a month. */
export function formatMonth(day: string): string {
  return monthFormat.format(dateOf(`${day.slice(0, 7)}-01`));
}

/** `30`, of `2026-01-30`. */
export function formatDayOfMonth(day: string): string {
  return dayOfMonthFormat.format(Number(day.slice(8)));
}

/** `31 Jan 2026, 00:14`, in UTC. */
export function formatInstant(iso: string): string {
  return timeFormat.format(new Date(iso));
}
