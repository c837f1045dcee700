import type { Day } from './day.ts';

/**
 * The days that an input of a workflow or an activity is about, as log lines name them: one day as it is, several as the ISO
 * 8601 interval of the first and the last, `2026-01-01/2026-01-30`; undefined for an input that names none.
 */
export function spanOf(input: unknown): string | undefined {
  if (typeof input !== 'object' || input === null) return undefined;
  if ('day' in input) return String(input.day);
  if ('from' in input && 'to' in input) return nameSpan(String(input.from), String(input.to));
  if ('arrivals' in input && Array.isArray(input.arrivals)) {
    const days = (input.arrivals as readonly { readonly day: Day }[]).map(({ day }) => day).sort();
    const [first, last] = [days[0], days.at(-1)];
    return first === undefined || last === undefined ? undefined : nameSpan(first, last);
  }
  return undefined;
}

function nameSpan(first: string, last: string): string {
  return first === last ? first : `${first}/${last}`;
}
