import type { DataFrame } from 'nodejs-polars';
import { dayStatesFrame, listDayStates } from '../../../src/transforms/calendar.ts';
import { day } from './cleaned-events.ts';

/** Day states of the first `count` days, all of them complete but the ones named. */
export function dayStates(count: number, incomplete: readonly number[] = []): DataFrame {
  const known = Array.from({ length: count }, (_, n) => n);
  const published = known.filter((n) => !incomplete.includes(n));
  return dayStatesFrame(
    listDayStates(new Set(known.map(day)), new Set(published.map(day)), {
      lateWindowDays: 7,
      futureWindowDays: 1,
    }),
  );
}
