import fc from 'fast-check';
import pl, { type LazyDataFrame } from 'nodejs-polars';
import { describe, expect, it } from 'vitest';
import { addDays, type Day } from '../../src/domain/day.ts';
import { dayLiteral, dayStatesFrame } from '../../src/transforms/calendar.ts';
import { buildSessions } from '../../src/transforms/sessions.ts';
import { type CleanEvent, DAY, eventFrame, HOUR, MINUTE, micros } from './support/event-frame.ts';
import { expectAsSql, readTable, type TableContent } from './support/oracle.ts';
import { listSessions } from './support/plain-sessions.ts';

const nobody = eventFrame([]);

/** Sessions of consecutive days, each made from that day and its neighbours alone; the days listed in `incomplete` are. */
function sessionsOf(
  events: LazyDataFrame,
  first: Day,
  count: number,
  incomplete: readonly number[] = [],
): LazyDataFrame {
  const eventsOf = (n: number) =>
    n < 0 || n >= count ? nobody : events.filter(pl.col('date').eq(dayLiteral(addDays(first, n))));
  const isComplete = (n: number) => n < count && !incomplete.includes(n);
  const perDay = Array.from({ length: count }, (_, n) =>
    buildSessions(eventsOf(n - 1), eventsOf(n), eventsOf(n + 1), {
      day: addDays(first, n),
      nextIsComplete: isComplete(n + 1),
    }),
  );
  return pl.concat(perDay);
}

/** Date, number, start, end, events and openness of each session of one player, whose events are given by day, time and type. */
async function sessionsAt(
  times: readonly (readonly [day: Day, time: string, type?: string])[],
  { count = 1, incomplete = [] }: { readonly count?: number; readonly incomplete?: readonly number[] } = {},
): Promise<unknown[][]> {
  const events = times.map(([date, time, type = 'level_start']) => ({
    player: 'p',
    at: micros(date, time),
    type,
  }));
  const { rows } = await readTable(sessionsOf(eventFrame(events), times[0]?.[0] ?? day, count, incomplete));
  const time = (value: unknown) => String(value).replace('+00', '').slice(5);
  return rows.map(([date, , number, start, end, , size, , , , isOpen]) => [
    date,
    Number(number),
    time(start),
    time(end),
    Number(size),
    isOpen,
  ]);
}

const day = '2026-01-05' as Day;
const next = addDays(day, 1);

describe('a session', () => {
  it('lasts while no gap is longer than 30 minutes, to the microsecond', async () => {
    expect(
      await sessionsAt([
        [day, '10:00'],
        [day, '10:30'],
        [day, '11:00:00.000001'],
      ]),
    ).toEqual([
      [day, 1, '01-05 10:00:00', '01-05 10:30:00', 2, false],
      [day, 2, '01-05 11:00:00.000001', '01-05 11:00:00.000001', 1, false],
    ]);
  });

  it('ends with a session_end and begins with a session_start, whatever comes at the same instant', async () => {
    expect(
      await sessionsAt([
        [day, '10:00', 'session_start'],
        [day, '10:05', 'session_end'],
        [day, '10:05', 'purchase'],
        [day, '10:05:00.000001'],
        [day, '10:06', 'level_start'],
        [day, '10:06', 'session_start'],
        [day, '10:06', 'session_end'],
        [day, '10:07', 'session_end'],
      ]),
    ).toEqual([
      [day, 1, '01-05 10:00:00', '01-05 10:05:00', 3, false],
      [day, 2, '01-05 10:05:00.000001', '01-05 10:05:00.000001', 1, false],
      [day, 3, '01-05 10:06:00', '01-05 10:06:00', 3, false],
      [day, 4, '01-05 10:07:00', '01-05 10:07:00', 1, false],
    ]);
  });

  it('over midnight belongs to the day it begins, from the last microsecond of a leap day or a year on', async () => {
    for (const [before, after, end] of [
      ['2028-02-28', '2028-02-29', '02-29 00:10:00'],
      ['2028-02-29', '2028-03-01', '03-01 00:10:00'],
      ['2026-12-31', '2027-01-01', '01-01 00:10:00'],
    ] as [Day, Day, string][]) {
      const sessions = await sessionsAt(
        [
          [before, '23:59:59.999999'],
          [after, '00:00'],
          [after, '00:10'],
          [after, '09:00'],
        ],
        { count: 2 },
      );
      expect(sessions).toEqual([
        [before, 1, `${before.slice(5)} 23:59:59.999999`, end, 3, false],
        [after, 1, `${after.slice(5)} 09:00:00`, `${after.slice(5)} 09:00:00`, 1, false],
      ]);
    }
  });

  it('is cut at midnight when it goes on past noon, and not when noon is its last instant', async () => {
    const halfHours = (to: number) =>
      Array.from({ length: to + 2 }, (_, n): [Day, string] =>
        n === 0 ? [day, '23:40'] : [next, `${Math.floor((n - 1) / 2)}:${n % 2 === 1 ? '00' : '30'}`],
      );
    expect(await sessionsAt(halfHours(24), { count: 2 })).toEqual([
      [day, 1, '01-05 23:40:00', '01-06 12:00:00', 26, false],
    ]);
    expect(await sessionsAt([...halfHours(24), [next, '12:00:00.000001']], { count: 2 })).toEqual([
      [day, 1, '01-05 23:40:00', '01-05 23:40:00', 1, false],
      [next, 1, '01-06 00:00:00', '01-06 12:00:00.000001', 26, false],
    ]);
    expect(await sessionsAt([...halfHours(24), [next, '12:30:00.000001']], { count: 2 })).toEqual([
      [day, 1, '01-05 23:40:00', '01-06 12:00:00', 26, false],
      [next, 1, '01-06 12:30:00.000001', '01-06 12:30:00.000001', 1, false],
    ]);
  });

  it('that never idles for three days is one a day', async () => {
    const times = Array.from({ length: 3 * 48 }, (_, n): [Day, string] => [
      addDays(day, Math.floor(n / 48)),
      `${Math.floor((n % 48) / 2)}:${n % 2 === 0 ? '00' : '30'}`,
    ]);
    expect(await sessionsAt(times, { count: 3, incomplete: [1] })).toEqual([
      [day, 1, '01-05 00:00:00', '01-05 23:30:00', 48, true],
      [addDays(day, 1), 1, '01-06 00:00:00', '01-06 23:30:00', 48, false],
      [addDays(day, 2), 1, '01-07 00:00:00', '01-07 23:30:00', 48, true],
    ]);
  });

  it('is open from 23:30 on unless it has ended or the next day is complete', async () => {
    const isOpen = async (time: string, type?: string) =>
      (await sessionsAt([[day, time, type ?? 'level_start']])).map((row) => row.at(-1));
    expect(await isOpen('23:29:59.999999')).toEqual([false]);
    expect(await isOpen('23:30')).toEqual([true]);
    expect(await isOpen('23:59:59.999999')).toEqual([true]);
    expect(await isOpen('23:59:59.999999', 'session_end')).toEqual([false]);
    const both = [
      [day, '23:50'],
      [next, '00:10', 'session_end'],
    ] as const;
    expect(await sessionsAt(both, { count: 2 })).toEqual([
      [day, 1, '01-05 23:50:00', '01-06 00:10:00', 2, false],
    ]);
    expect(await sessionsAt(both, { count: 2, incomplete: [1] })).toEqual([
      [day, 1, '01-05 23:50:00', '01-06 00:10:00', 2, true],
    ]);
  });

  it('over a day without events begins anew', async () => {
    const after = addDays(day, 2);
    expect(
      await sessionsAt(
        [
          [day, '23:50'],
          [after, '00:05'],
        ],
        { count: 3 },
      ),
    ).toEqual([
      [day, 1, '01-05 23:50:00', '01-05 23:50:00', 1, false],
      [after, 1, '01-07 00:05:00', '01-07 00:05:00', 1, false],
    ]);
  });

  it('of nobody is none, in a table with the same columns', async () => {
    const empty = await readTable(sessionsOf(nobody, day, 1));
    const one = await readTable(sessionsOf(eventFrame([{ player: 'p', at: micros(day, '08:00') }]), day, 1));
    expect(empty).toEqual({ columns: one.columns, rows: [] });
  });

  it('sums its purchases and ads exactly, over midnight as well', async () => {
    const events: CleanEvent[] = [
      { player: 'p', at: micros(day, '23:50'), amount: '0.1' },
      { player: 'p', at: micros(day, '23:51'), amount: '0.2' },
      { player: 'p', at: micros(day, '23:52'), amount: '900', hasRate: false },
      { player: 'p', at: micros(next, '00:01'), amount: '4.99' },
      { player: 'p', at: micros(next, '00:02:00.5'), adRevenue: '0.0057' },
      { player: 'q', at: micros(day, '08:00') },
    ];
    const { columns, rows } = await readTable(sessionsOf(eventFrame(events), day, 1));
    expect(columns).toEqual([
      'date DATE',
      'player_id VARCHAR',
      'session_number BIGINT',
      'started_at TIMESTAMP WITH TIME ZONE',
      'ended_at TIMESTAMP WITH TIME ZONE',
      'duration_s DOUBLE',
      'events BIGINT',
      'purchases BIGINT',
      'revenue DECIMAL(18,4)',
      'ad_revenue DECIMAL(18,4)',
      'is_open BOOLEAN',
    ]);
    expect(rows.map((row) => row.slice(5, 10))).toEqual([
      [120, '3', '3', '0.3000', '0.0000'],
      [0, '1', '0', '0.0000', '0.0000'],
    ]);
    const whole = await readTable(sessionsOf(eventFrame(events), day, 2));
    expect(whole.rows.map((row) => row.slice(5, 10))).toEqual([
      [720.5, '5', '4', '5.2900', '0.0057'],
      [0, '1', '0', '0.0000', '0.0000'],
    ]);
  });
});

const FIRST = '2027-12-30' as Day;
const COUNT = 4;

const step = fc.record({
  gap: fc.constantFrom(0, 0, 1, 10 * MINUTE, 30 * MINUTE, 30 * MINUTE + 1, 3 * HOUR, 11 * HOUR),
  times: fc.constantFrom(1, 1, 2, 25, 60),
  event: fc.constantFrom<Omit<CleanEvent, 'player' | 'at'>>(
    {},
    {},
    {},
    { type: 'session_start' },
    { type: 'session_end' },
    { amount: '0.1' },
    { amount: '9', hasRate: false },
    { adRevenue: '0.0003' },
  ),
});

const start = micros(FIRST, '00:00');

/** Gaps to the event before, dense enough for sessions over midnight and past noon; of a repeated step only the first has the type. */
const stream = fc
  .tuple(fc.array(step, { minLength: 1, maxLength: 12 }), fc.constantFrom(0, 1, 23.5 * HOUR, 23.9 * HOUR))
  .map(([steps, offset]) => {
    let at = start + offset;
    return steps.flatMap(({ gap, times, event }) =>
      Array.from({ length: times }, (_, n) => {
        at += times > 2 ? Math.min(gap, 30 * MINUTE) : gap;
        return { at, ...(n === 0 ? event : {}) };
      }),
    );
  });

/** Random events of many players over four days. */
const streams = fc.array(stream, { minLength: 1, maxLength: 60, size: 'max' }).map((players) =>
  players.flatMap((events, n): CleanEvent[] => {
    const player = `p-${String(n).padStart(2, '0')}`;
    return events.filter(({ at }) => at < start + COUNT * DAY).map((event) => ({ player, ...event }));
  }),
);

const incompleteDays = fc.subarray([0, 1, 2, 3]);

describe('sessions of consecutive days', () => {
  it('are those of the whole stream cut by the rules, and hold each event once', async () => {
    await fc.assert(
      fc.asyncProperty(streams, incompleteDays, async (events, incomplete) => {
        const { rows } = await readTable(sessionsOf(eventFrame(events), FIRST, COUNT, incomplete));
        expect(rows).toEqual(listSessions(events, FIRST, COUNT, incomplete));
        expect(rows.reduce((sum, row) => sum + Number(row[6]), 0)).toBe(events.length);
      }),
      { numRuns: 8, endOnFailure: true },
    );
  });

  it('don’t depend on the order of rows', async () => {
    await fc.assert(
      fc.asyncProperty(streams, fc.infiniteStream(fc.nat()), async (events, keys) => {
        const shuffled = events
          .map((event) => ({ event, key: keys.next().value ?? 0 }))
          .sort((a, b) => a.key - b.key)
          .map(({ event }) => event);
        const made: TableContent[] = [];
        for (const order of [events, shuffled, events.toReversed()])
          made.push(await readTable(sessionsOf(eventFrame(order), FIRST, COUNT)));
        expect(made[1]).toEqual(made[0]);
        expect(made[2]).toEqual(made[0]);
      }),
      { numRuns: 2, endOnFailure: true },
    );
  });

  it('are what sql/sessions.sql says', async () => {
    await fc.assert(
      fc.asyncProperty(streams, incompleteDays, async (events, incomplete) => {
        const frame = eventFrame(events);
        const states = Array.from({ length: COUNT }, (_, n) => ({
          day: addDays(FIRST, n),
          complete: !incomplete.includes(n),
          settled: false,
          hasRows: true,
        }));
        await expectAsSql('sessions', sessionsOf(frame, FIRST, COUNT, incomplete), {
          events_cleaned: frame,
          daily_metrics: dayStatesFrame(states).lazy(),
        });
      }),
      { numRuns: 4, endOnFailure: true },
    );
  });
});
