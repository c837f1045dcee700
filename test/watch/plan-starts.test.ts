import { describe, expect, it } from 'vitest';
import type { Day } from '../../src/domain/day.ts';
import { type Load, planStarts } from '../../src/watch/plan-starts.ts';

const january = (...dates: number[]) =>
  dates.map((date) => `2026-01-${String(date).padStart(2, '0')}` as Day);
const idle = { days: 0, backfills: 0, most: 3 };
const plan = (dates: number[], load: Partial<Load> = {}) =>
  planStarts(january(...dates), { ...idle, ...load }).map((start) =>
    start.kind === 'day' ? start.day.slice(8) : `${start.range.from.slice(8)}-${start.range.to.slice(8)}`,
  );

describe('starts for days that are due', () => {
  it.each([
    ['none', [], {}, []],
    ['few: a run each, side by side or not', [3, 1, 2], {}, ['01', '02', '03']],
    ['few, with less room', [1, 2, 3], { days: 2 }, ['01']],
    ['few, with no room', [1], { days: 3 }, []],
    ['few, while a backfill runs', [1], { backfills: 1 }, ['01']],
    ['a backlog: one backfill', [1, 2, 3, 4], {}, ['01-04']],
    ['a backlog with a gap: one backfill at a time', [1, 2, 5, 6], {}, ['01-02']],
    ['a backlog of a stretch and a day', [1, 2, 3, 9], {}, ['01-03', '09']],
    ['a backlog while a backfill runs', [1, 2, 3, 9], { backfills: 1 }, ['09']],
    ['a backlog of single days', [1, 3, 5, 7], {}, ['01', '03', '05']],
  ])('%s', (_, due, load, starts) => expect(plan(due, load)).toEqual(starts));
});
