import type { Answer } from '../../api/routes.ts';
import type { DayValue } from '../charts/day-points.ts';

/** New payers of a day: none on a complete day that the answer does not name, not known on any other. */
export function newPayersOf(newPayers: Answer<'revenue'>['newPayers']): DayValue {
  const counted = new Map(newPayers.map(({ date, players }) => [date, players]));
  return { key: 'new_payers', valueOf: ({ date, complete }) => counted.get(date) ?? (complete ? 0 : null) };
}
