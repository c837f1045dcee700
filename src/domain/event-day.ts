import { type Day, dayOf } from './day.ts';

const ISO_8601 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}([.,]\d+)?)?(Z|[+-]\d{2}(:?\d{2})?)$/;

/** The UTC day of the event on a line of NDJSON, or null when the line has no readable timestamp. */
export function readEventDay(line: string): Day | null {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  const timestamp =
    typeof value === 'object' && value !== null && 'timestamp' in value ? value.timestamp : null;
  if (typeof timestamp !== 'string' || !ISO_8601.test(timestamp)) return null;
  const normal = timestamp
    .replace(',', '.')
    .replace(/([+-]\d{2})$/, '$1:00')
    .replace(/([+-]\d{2})(\d{2})$/, '$1:$2');
  const instant = new Date(normal);
  return Number.isNaN(instant.getTime()) ? null : dayOf(instant);
}
