import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aggregatePlayerLevels } from '../../src/transforms/player-levels.ts';
import { cleanedEvents, type EventRow, eachDay, SECOND } from './support/cleaned-events.ts';
import { askOracle } from './support/oracle.ts';
import { randomEvents } from './support/random-events.ts';

const start = (at: number, player = 'p'): EventRow => ({
  player,
  type: 'level_start',
  at: at * SECOND,
  level: 3,
});
const complete = (at: number, success: boolean, time?: number): EventRow => ({
  player: 'p',
  type: 'level_complete',
  at: at * SECOND,
  level: 3,
  success,
  time_spent: time,
});

async function levelsOf(events: readonly EventRow[]): Promise<Record<string, unknown>[]> {
  const frame = await aggregatePlayerLevels(cleanedEvents(events).lazy()).collect();
  return frame.toRecords();
}

async function figuresOf(events: readonly EventRow[]): Promise<unknown[]> {
  const [row] = await levelsOf(events);
  return [
    row?.['starts'],
    row?.['wins'],
    row?.['losses'],
    row?.['time_spent_s'],
    row?.['starts_until_win'],
    row?.['time_until_win_s'],
  ];
}

describe('aggregatePlayerLevels', () => {
  it('counts all of the day, and what it took up to the first win', async () => {
    const events = [
      start(0),
      complete(10, false, 10.1),
      start(20),
      complete(40, true, 20.2),
      start(50),
      complete(60, false, 5),
      complete(70, true, 7),
    ];
    expect(await figuresOf(events)).toEqual([3, 2, 2, 42.3, 2, 30.3]);
    const [row] = await levelsOf(events);
    expect(row).toMatchObject({
      date: new Date('2026-01-01T00:00:00Z'),
      player_id: 'p',
      level: 3,
      first_start_at: new Date('2026-01-01T00:00:00Z'),
      first_win_at: new Date('2026-01-01T00:00:40Z'),
    });
  });

  it('knows nothing of a win where there is none, and no time where there was no completion', async () => {
    expect(await figuresOf([start(0), start(9)])).toEqual([2, 0, 0, 0, null, null]);
    expect(await figuresOf([start(0), complete(5, false, 5)])).toEqual([1, 0, 1, 5, null, null]);
    const [won] = await levelsOf([complete(5, true, 5)]);
    expect(won).toMatchObject({ starts: 0, starts_until_win: 0, time_until_win_s: 5, first_start_at: null });
  });

  it('takes in everything of the instant of the first win, in whatever order', async () => {
    const events = [
      complete(5, true, 2),
      start(5),
      complete(5, true, 3),
      complete(5, false, 1),
      complete(6, true, 9),
    ];
    expect(await figuresOf(events)).toEqual([1, 3, 1, 15, 1, 6]);
    expect(await figuresOf(events.toReversed())).toEqual([1, 3, 1, 15, 1, 6]);
  });

  it('does not know a time of which a part is unknown', async () => {
    expect(await figuresOf([complete(5, true, 2), complete(6, false)])).toEqual([0, 1, 1, null, 0, 2]);
    expect(await figuresOf([complete(5, false), complete(6, true, 2)])).toEqual([0, 1, 1, null, 0, null]);
    expect(await figuresOf([complete(5, true, 1e8), complete(6, true, 2)])).toEqual([0, 2, 0, null, 0, null]);
  });

  it('ignores other events, and keeps players and levels apart', async () => {
    const rows = await levelsOf([
      start(1, 'q'),
      { ...start(2), level: 10 },
      start(3),
      { player: 'a', type: 'session_start', at: 0 },
    ]);
    expect(rows.map(({ player_id, level }) => [player_id, level])).toEqual([
      ['p', 3],
      ['p', 10],
      ['q', 3],
    ]);
  });

  it('is for any events what its SQL says', async () => {
    await fc.assert(
      fc.asyncProperty(randomEvents(2), async (events) => {
        const inputs = { events_cleaned: cleanedEvents(events.toReversed()) };
        const { published, oracle } = await askOracle(
          'player_levels',
          eachDay(events, aggregatePlayerLevels),
          inputs,
        );
        expect(published).toEqual(oracle);
      }),
      { numRuns: 12, endOnFailure: true },
    );
  });

  it('has its columns without events as well', async () => {
    const { published } = await askOracle('player_levels', eachDay([], aggregatePlayerLevels), {
      events_cleaned: cleanedEvents([]),
    });
    expect(published).toEqual({
      columns: [
        'date DATE',
        'player_id VARCHAR',
        'level BIGINT',
        'starts BIGINT',
        'wins BIGINT',
        'losses BIGINT',
        'time_spent_s DOUBLE',
        'starts_until_win BIGINT',
        'time_until_win_s DOUBLE',
        'first_start_at TIMESTAMP WITH TIME ZONE',
        'first_win_at TIMESTAMP WITH TIME ZONE',
      ],
      rows: [],
    });
  });
});
