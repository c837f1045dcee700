import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Funnel } from '../../src/domain/funnel.ts';
import { buildConversionFunnel, followPlayers } from '../../src/transforms/conversion-funnel.ts';
import { extractFunnelSteps } from '../../src/transforms/funnel-steps.ts';
import { cleanedEvents, DAY, type EventRow, eachDay, HOUR, SECOND } from './support/cleaned-events.ts';
import { dayStates } from './support/day-states.ts';
import { defaultFunnel } from './support/defaults.ts';
import { askOracle } from './support/oracle.ts';
import { randomEvents } from './support/random-events.ts';

const short: Funnel = {
  windowDays: 1,
  steps: [
    { name: 'comes', event: 'player_registered' },
    { name: 'plays', event: 'session_start' },
    { name: 'pays', event: 'purchase' },
  ],
};
const types = { c: 'player_registered', s: 'session_start', p: 'purchase' };

/** Events of a player: of each, its sign (comes, session, pays) and its time in microseconds. */
function journey(player: string, ...events: readonly (readonly [keyof typeof types, number])[]): EventRow[] {
  return events.map(([sign, at]) => ({ player, type: types[sign], at }));
}

async function rowsOf(events: readonly EventRow[], days: number, incomplete: readonly number[] = []) {
  const steps = eachDay(events, (day) => extractFunnelSteps(day, short));
  const frame = await buildConversionFunnel(
    followPlayers(steps, short),
    dayStates(days, incomplete).lazy(),
    short,
  ).collect();
  return frame.toRecords();
}

async function playersOf(events: readonly EventRow[], days = 8): Promise<unknown[]> {
  return (await rowsOf(events, days)).map(({ players }) => players);
}

describe('buildConversionFunnel', () => {
  it('counts by entry date who got how far, and how long it took them', async () => {
    const events = [
      ...journey('a', ['c', 0], ['s', 2 * SECOND], ['p', HOUR]),
      ...journey('b', ['c', 0], ['s', 5 * SECOND]),
      ...journey('c', ['c', HOUR]),
      ...journey('d', ['c', DAY], ['p', DAY]),
    ];
    const rows = await rowsOf(events, 3);
    expect(rows.map((row) => Object.values(row).slice(1))).toEqual([
      [1, 'comes', 3, 1, null, 0, true, 0],
      [2, 'plays', 2, 2 / 3, 2 / 3, 3.5, true, 0],
      [3, 'pays', 1, 1 / 3, 1 / 2, 3600, true, 0],
      [1, 'comes', 1, 1, null, 0, true, 0],
      [2, 'plays', 0, 0, 0, null, true, 0],
      [3, 'pays', 0, 0, null, null, true, 0],
    ]);
    expect(rows[0]?.['entry_date']).toEqual(new Date('2026-01-01T00:00:00Z'));
    expect(rows[3]?.['entry_date']).toEqual(new Date('2026-01-02T00:00:00Z'));
  });

  it('wants the steps in their order, the same instant included', async () => {
    expect(await playersOf(journey('a', ['c', 1], ['s', 1], ['p', 1]))).toEqual([1, 1, 1]);
    expect(await playersOf(journey('a', ['c', 1], ['s', 0], ['p', 1]))).toEqual([1, 0, 0]);
    expect(await playersOf(journey('a', ['c', 1], ['p', 2], ['s', 3]))).toEqual([1, 1, 0]);
    expect(await playersOf(journey('a', ['c', 1], ['p', 2], ['s', 3], ['p', 4]))).toEqual([1, 1, 1]);
  });

  it('ends the window to the microsecond, counted from entry', async () => {
    const at = 30 * SECOND;
    expect(await playersOf(journey('a', ['c', at], ['s', at + DAY]))).toEqual([1, 1, 0]);
    expect(await playersOf(journey('a', ['c', at], ['s', at + DAY + 1]))).toEqual([1, 0, 0]);
    expect(await playersOf(journey('a', ['c', at], ['s', at + DAY], ['p', at + DAY + 1]))).toEqual([1, 1, 0]);
  });

  it('lets a player enter once, on the first day', async () => {
    const events = journey('a', ['c', 0], ['c', 3 * DAY], ['s', 3 * DAY], ['p', 3 * DAY]);
    expect(await playersOf(events)).toEqual([1, 0, 0]);
  });

  it('knows nothing of later steps until each day of the window is complete', async () => {
    const events = [0, 1, 2, 3].flatMap((n) => journey(`p${n}`, ['c', n * DAY], ['s', n * DAY]));
    const rows = await rowsOf(events, 4, [1]);
    const seen = rows.map(({ step, players, rate_of_entered, seconds_from_entry_p50, mature }) => [
      step,
      players,
      rate_of_entered,
      seconds_from_entry_p50,
      mature,
    ]);
    expect(seen.filter(([step]) => step !== 3)).toEqual([
      [1, 1, 1, 0, false],
      [2, null, null, null, false],
      [1, null, null, null, false],
      [2, null, null, null, false],
      [1, 1, 1, 0, true],
      [2, 1, 1, 0, true],
      [1, 1, 1, 0, false],
      [2, null, null, null, false],
    ]);
  });

  it('is for any events what its SQL says, in whatever order the rows come', async () => {
    await fc.assert(
      fc.asyncProperty(
        randomEvents(10, 40, 800),
        fc.constantFrom([], [0], [5], [8, 9]),
        async (events, incomplete) => {
          const states = dayStates(10, incomplete);
          const steps = eachDay(events, (day) => extractFunnelSteps(day, defaultFunnel)).sort(
            'matched_at',
            true,
          );
          const made = buildConversionFunnel(
            followPlayers(steps, defaultFunnel),
            states.lazy(),
            defaultFunnel,
          );
          const { published, oracle } = await askOracle('conversion_funnel', made, {
            events_cleaned: cleanedEvents(events),
            daily_metrics: states,
          });
          expect(published).toEqual(oracle);
        },
      ),
      { numRuns: 4, endOnFailure: true },
    );
  });

  it('has its columns without events as well', async () => {
    const states = dayStates(0);
    const steps = eachDay([], (day) => extractFunnelSteps(day, defaultFunnel));
    const made = buildConversionFunnel(followPlayers(steps, defaultFunnel), states.lazy(), defaultFunnel);
    const { published } = await askOracle('conversion_funnel', made, {
      events_cleaned: cleanedEvents([]),
      daily_metrics: states,
    });
    expect(published).toEqual({
      columns: [
        'entry_date DATE',
        'step BIGINT',
        'name VARCHAR',
        'players BIGINT',
        'rate_of_entered DOUBLE',
        'rate_of_previous DOUBLE',
        'seconds_from_entry_p50 DOUBLE',
        'mature BOOLEAN',
        'gaps_before BIGINT',
      ],
      rows: [],
    });
  });
});
