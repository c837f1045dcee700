import fc from 'fast-check';
import type { LazyDataFrame } from 'nodejs-polars';
import { describe, expect, it } from 'vitest';
import { buildLevelFunnel, sumUpTries } from '../../src/transforms/level-funnel.ts';
import { aggregatePlayerLevels } from '../../src/transforms/player-levels.ts';
import { cleanedEvents, DAY, type EventRow, eachDay, SECOND } from './support/cleaned-events.ts';
import { dayStates } from './support/day-states.ts';
import { askOracle } from './support/oracle.ts';
import { randomEvents } from './support/random-events.ts';

/** Tries of a player at a level on a day: `s` starts it, `w` wins and `l` loses after 10 s; each a second after the one before. */
function tries(player: string, dayNumber: number, script: string, level = 1): EventRow[] {
  return script.split('').map((sign, n) => {
    const common = { player, at: dayNumber * DAY + n * SECOND, level };
    if (sign === 's') return { ...common, type: 'level_start' };
    return { ...common, type: 'level_complete', success: sign === 'w', time_spent: 10 };
  });
}

function funnelOf(
  events: readonly EventRow[],
  days: number,
  incomplete: readonly number[] = [],
): LazyDataFrame {
  return buildLevelFunnel(
    sumUpTries(eachDay(events, aggregatePlayerLevels)),
    dayStates(days, incomplete).lazy(),
  );
}

async function rowsOf(events: readonly EventRow[], days: number, incomplete: readonly number[] = []) {
  const frame = await funnelOf(events, days, incomplete).collect();
  return frame.toRecords();
}

describe('buildLevelFunnel', () => {
  it('puts a player and all their tries on the date of their first start', async () => {
    const events = [
      ...tries('fast', 0, 'sw'),
      ...tries('slow', 0, 'slsl'),
      ...tries('slow', 2, 'slswsw'),
      ...tries('stuck', 0, 's'),
      ...tries('late', 2, 'sw'),
    ];
    const rows = await rowsOf(events, 3, [1]);
    expect(rows).toEqual([
      {
        date: new Date('2026-01-01T00:00:00Z'),
        level: 1,
        players_started: 3,
        players_completed: 2,
        completion_rate: 2 / 3,
        dropped_off: 1,
        drop_off_rate: 1 / 3,
        attempts: 7,
        wins: 3,
        attempt_success_rate: 3 / 7,
        attempts_to_win_p50: 2.5,
        time_to_win_s_p50: 25,
        gaps_before: 0,
      },
      {
        date: new Date('2026-01-03T00:00:00Z'),
        level: 1,
        players_started: 1,
        players_completed: 1,
        completion_rate: 1,
        dropped_off: 0,
        drop_off_rate: 0,
        attempts: 1,
        wins: 1,
        attempt_success_rate: 1,
        attempts_to_win_p50: 1,
        time_to_win_s_p50: 10,
        gaps_before: 1,
      },
    ]);
  });

  it('has no medians where nobody won, and none of time where nobody says it', async () => {
    const [lost] = await rowsOf(tries('p', 0, 'sl'), 1);
    expect(lost).toMatchObject({
      players_completed: 0,
      completion_rate: 0,
      attempts_to_win_p50: null,
      time_to_win_s_p50: null,
    });
    const silent = tries('p', 0, 'sw').map((event) => ({ ...event, time_spent: undefined }));
    const [won] = await rowsOf(silent, 1);
    expect(won).toMatchObject({ attempts_to_win_p50: 1, time_to_win_s_p50: null });
    const [half] = await rowsOf([...silent, ...tries('q', 0, 'slsw')], 1);
    expect(half).toMatchObject({ attempts_to_win_p50: 1.5, time_to_win_s_p50: 20 });
  });

  it('counts a win before the first start, and nobody who never started', async () => {
    const rows = await rowsOf([...tries('p', 0, 'w'), ...tries('p', 1, 's'), ...tries('q', 0, 'w')], 2);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({
      date: new Date('2026-01-02T00:00:00Z'),
      players_started: 1,
      players_completed: 1,
      attempts_to_win_p50: 0,
      time_to_win_s_p50: 10,
    });
  });

  it('does not know the time of who once played longer than is known', async () => {
    const silent = tries('p', 0, 'sl').map((event) => ({ ...event, time_spent: undefined }));
    const [row] = await rowsOf([...silent, ...tries('p', 1, 'sw')], 2);
    expect(row).toMatchObject({ attempts_to_win_p50: 2, time_to_win_s_p50: null });
  });

  it('is for any events what its SQL says, in whatever order the rows come', async () => {
    await fc.assert(
      fc.asyncProperty(
        randomEvents(4),
        fc.subarray([0, 1, 2, 3], { maxLength: 3 }),
        async (events, incomplete) => {
          const states = dayStates(4, incomplete);
          const levels = eachDay(events, aggregatePlayerLevels).sort('date', true);
          const inputs = {
            events_cleaned: cleanedEvents(events),
            daily_metrics: states.select('date', 'complete'),
          };
          const made = buildLevelFunnel(sumUpTries(levels), states.lazy());
          const { published, oracle } = await askOracle('level_funnel', made, inputs);
          expect(published).toEqual(oracle);
        },
      ),
      { numRuns: 10, endOnFailure: true },
    );
  });

  it('adds up: who started has completed or dropped off, once a level', async () => {
    await fc.assert(
      fc.asyncProperty(randomEvents(3), async (events) => {
        const frame = await funnelOf(events, 3).collect();
        const rows = frame.toRecords() as Record<string, number>[];
        const starts = events.filter(({ type }) => type === 'level_start');
        const pairs = new Set(starts.map(({ player, level }) => `${player} ${String(level)}`));
        const total = (name: string) => rows.reduce((sum, row) => sum + Number(row[name]), 0);
        expect(total('players_started')).toBe(pairs.size);
        expect(total('players_completed') + total('dropped_off')).toBe(pairs.size);
        expect(total('attempts')).toBe(starts.length);
      }),
      { numRuns: 5, endOnFailure: true },
    );
  });

  it('has its columns without events as well', async () => {
    const states = dayStates(0);
    const made = buildLevelFunnel(sumUpTries(eachDay([], aggregatePlayerLevels)), states.lazy());
    const { published } = await askOracle('level_funnel', made, {
      events_cleaned: cleanedEvents([]),
      daily_metrics: states,
    });
    expect(published).toEqual({
      columns: [
        'date DATE',
        'level BIGINT',
        'players_started BIGINT',
        'players_completed BIGINT',
        'completion_rate DOUBLE',
        'dropped_off BIGINT',
        'drop_off_rate DOUBLE',
        'attempts BIGINT',
        'wins BIGINT',
        'attempt_success_rate DOUBLE',
        'attempts_to_win_p50 DOUBLE',
        'time_to_win_s_p50 DOUBLE',
        'gaps_before BIGINT',
      ],
      rows: [],
    });
  });
});
