import { addDays, type Day, type DayRange } from '../domain/day.ts';

/** A run to start: of one day, or a backfill of several that follow each other. */
export type Start =
  | { readonly kind: 'day'; readonly day: Day }
  | { readonly kind: 'backfill'; readonly range: DayRange };

/** What is under way already, and how many days' runs may be at once. */
export interface Load {
  readonly days: number;
  readonly backfills: number;
  readonly most: number;
}

/**
 * The runs to start for days that are due, in calendar order. Few days get a run each, so that each is published when it is done; more
 * than may run at once are a backlog, of which days that follow each other go to a backfill, one backfill at a time. What is left
 * out is due again when there is room.
 */
export function planStarts(due: readonly Day[], { days, backfills, most }: Load): Start[] {
  const isBacklog = due.length > most;
  const starts: Start[] = [];
  let room = { days: Math.max(0, most - days), backfills: backfills === 0 ? 1 : 0 };
  for (const stretch of splitAtGaps(due)) {
    const [from, to] = [stretch[0], stretch.at(-1)];
    if (from === undefined || to === undefined) continue;
    if (isBacklog && from !== to) {
      if (room.backfills > 0) starts.push({ kind: 'backfill', range: { from, to } });
      room = { ...room, backfills: 0 };
    } else {
      starts.push(...stretch.slice(0, room.days).map((day) => ({ kind: 'day' as const, day })));
      room = { ...room, days: Math.max(0, room.days - stretch.length) };
    }
  }
  return starts;
}

function splitAtGaps(days: readonly Day[]): Day[][] {
  const stretches: Day[][] = [];
  for (const day of [...days].sort()) {
    const last = stretches.at(-1);
    const before = last?.at(-1);
    if (last !== undefined && before !== undefined && addDays(before, 1) === day) last.push(day);
    else stretches.push([day]);
  }
  return stretches;
}
