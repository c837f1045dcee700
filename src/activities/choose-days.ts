import { type Day, type DayRange, listDays } from '../domain/day.ts';
import type { DayChoice } from '../domain/day-choice.ts';
import { type DayFacts, gatherFacts, isChanged, judgeDay } from './day-standing.ts';
import type { Dependencies } from './dependencies.ts';

/** The days of a range that a backfill was asked to take, in calendar order. */
export async function chooseDays(
  deps: Dependencies,
  { only, ...range }: DayRange & { readonly only: DayChoice },
): Promise<Day[]> {
  return chooseFrom(listDays(range), only, await gatherFacts(deps, range.from));
}

/** Those of some days that a backfill was asked to take. */
export function chooseFrom(days: readonly Day[], only: DayChoice, facts: DayFacts): Day[] {
  return days.filter((day) => {
    const entry = facts.state?.arrivals.get(day);
    if (only === 'missing') return entry === undefined;
    if (only === 'failed') return judgeDay(day, facts) === 'failed';
    return only === 'all' || (entry !== undefined && isChanged(day, entry, facts));
  });
}
