import fc from 'fast-check';
import pl from 'nodejs-polars';
import { describe, expect, it } from 'vitest';
import type { Funnel } from '../../src/domain/funnel.ts';
import { buildConversionFunnel, followPlayers } from '../../src/transforms/conversion-funnel.ts';
import { extractFunnelSteps } from '../../src/transforms/funnel-steps.ts';
import { cleanedEvents, type EventRow, eachDay, SECOND } from './support/cleaned-events.ts';
import { dayStates } from './support/day-states.ts';
import { defaultFunnel } from './support/defaults.ts';
import { askOracle } from './support/oracle.ts';
import { randomEvents } from './support/random-events.ts';

const event = (type: string, at: number, properties: Partial<EventRow> = {}): EventRow => ({
  player: 'p',
  type,
  at: at * SECOND,
  ...properties,
});
const won = (level: number, at: number) => event('level_complete', at, { level, success: true });

async function stepsOf(
  events: readonly EventRow[],
  funnel: Funnel = defaultFunnel,
): Promise<[number, number][]> {
  const frame = await extractFunnelSteps(cleanedEvents(events).lazy(), funnel).collect();
  const rows = frame.toRecords() as unknown as { step: number; matched_at: Date }[];
  return rows.map(({ step, matched_at }) => [
    step,
    (matched_at.getTime() - Date.parse('2026-01-01T00:00:00Z')) / 1000,
  ]);
}

describe('extractFunnelSteps', () => {
  it('takes the events that are a step, by time and step', async () => {
    const events = [
      event('purchase', 9, { amount: 1 }),
      won(5, 7),
      won(1, 5),
      event('session_start', 1),
      event('player_registered', 1),
      event('level_start', 2, { level: 1 }),
      event('level_complete', 3, { level: 1, success: false }),
      won(2, 6),
    ];
    expect(await stepsOf(events)).toEqual([
      [1, 1],
      [2, 1],
      [3, 5],
      [4, 7],
      [5, 9],
    ]);
  });

  it('leaves a repeat out unless another step is between', async () => {
    const events = [
      event('session_start', 1),
      event('session_start', 1),
      event('session_start', 2),
      won(1, 3),
      event('session_start', 4),
      event('session_start', 5),
      event('session_start', 2, { player: 'q' }),
    ];
    expect(await stepsOf(events)).toEqual([
      [2, 1],
      [3, 3],
      [2, 4],
      [2, 2],
    ]);
  });

  it('compares properties of each kind, and lets an event be several steps', async () => {
    const funnel: Funnel = {
      windowDays: 1,
      steps: [
        { name: 'on the web', event: 'session_start', where: { platform: 'web' } },
        { name: 'buys', event: 'purchase' },
        { name: 'buys the big one', event: 'purchase', where: { amount: 4.99, product_id: 'big' } },
        { name: 'takes long', event: 'level_complete', where: { time_spent: 0.5, success: false, level: 2 } },
      ],
    };
    const events = [
      event('session_start', 0),
      event('session_start', 1, { platform: 'ios' }),
      event('session_start', 2, { platform: 'web' }),
      event('purchase', 3, { amount: 4.98, product_id: 'big' }),
      event('purchase', 4, { amount: 4.99, product_id: 'small' }),
      event('purchase', 5, { amount: 4.99, product_id: 'big' }),
      event('level_complete', 6, { level: 2, success: false, time_spent: 0.5 }),
      event('level_complete', 7, { level: 2, success: true, time_spent: 0.5 }),
      event('level_complete', 8, { level: 2, success: false }),
    ];
    expect(await stepsOf(events, funnel)).toEqual([
      [1, 2],
      [2, 3],
      [3, 5],
      [4, 6],
    ]);
  });

  it('leaves nothing out that a funnel would need', async () => {
    const untouched = (events: readonly EventRow[]) =>
      eachDay(
        events.map((row, n) => ({ ...row, player: `${row.player} ${n}` })),
        (day) => extractFunnelSteps(day, defaultFunnel),
      ).withColumn(pl.col('player_id').str.split(' ').lst.first().alias('player_id'));
    await fc.assert(
      fc.asyncProperty(randomEvents(4, 20), async (events) => {
        const steps = eachDay(events, (day) => extractFunnelSteps(day, defaultFunnel));
        const whole = untouched(events);
        const states = dayStates(12).lazy();
        const [thinned, full] = await Promise.all(
          [steps, whole].map((frame) =>
            buildConversionFunnel(followPlayers(frame, defaultFunnel), states, defaultFunnel).collect(),
          ),
        );
        expect(thinned?.toRecords()).toEqual(full?.toRecords());
      }),
      { numRuns: 4, endOnFailure: true },
    );
  });

  it('is for any events what its SQL says', async () => {
    await fc.assert(
      fc.asyncProperty(randomEvents(2), async (events) => {
        const steps = eachDay(events.toReversed(), (day) => extractFunnelSteps(day, defaultFunnel));
        const { published, oracle } = await askOracle('funnel_steps', steps, {
          events_cleaned: cleanedEvents(events),
        });
        expect(published).toEqual(oracle);
      }),
      { numRuns: 8, endOnFailure: true },
    );
  });

  it('has its columns without events as well', async () => {
    const made = extractFunnelSteps(cleanedEvents([]).lazy(), defaultFunnel);
    const { published } = await askOracle('funnel_steps', made, { events_cleaned: cleanedEvents([]) });
    expect(published).toEqual({
      columns: ['date DATE', 'player_id VARCHAR', 'step BIGINT', 'matched_at TIMESTAMP WITH TIME ZONE'],
      rows: [],
    });
  });
});
