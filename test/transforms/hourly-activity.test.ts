import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aggregateHours } from '../../src/transforms/hourly-activity.ts';
import { cleanedEvents, DAY, type EventRow, eachDay, HOUR } from './support/cleaned-events.ts';
import { askOracle } from './support/oracle.ts';
import { randomEvents } from './support/random-events.ts';

const columns = [
  'date DATE',
  'weekday TINYINT',
  'hour TINYINT',
  'events BIGINT',
  'players BIGINT',
  'purchases BIGINT',
  'revenue DECIMAL(18,4)',
  'ads_watched BIGINT',
  'ad_revenue DECIMAL(18,4)',
];

function publishedHours(events: readonly EventRow[]) {
  return askOracle('hourly_activity', eachDay(events, aggregateHours), {
    events_cleaned: cleanedEvents(events),
  });
}

describe('aggregateHours', () => {
  it('has every hour of the day, those without events with zeros', async () => {
    const { published } = await publishedHours([
      { player: 'p', type: 'session_start', at: 0 },
      { player: 'p', type: 'purchase', at: HOUR - 1, amount: 9.98, currency: 'EUR', amount_base: 10.1234 },
      { player: 'q', type: 'purchase', at: HOUR - 1, amount: 500, currency: 'JPY' },
      { player: 'q', type: 'ad_watched', at: DAY - 1, revenue: 0.0101 },
      { player: 'q', type: 'ad_watched', at: DAY - 2 },
    ]);
    expect(published.columns).toEqual(columns);
    expect(published.rows).toHaveLength(24);
    expect(published.rows[0]).toEqual(['2026-01-01', 4, 0, '3', '2', '2', '10.1234', '0', '0.0000']);
    expect(published.rows[23]).toEqual(['2026-01-01', 4, 23, '2', '1', '0', '0.0000', '2', '0.0101']);
    for (let hour = 1; hour < 23; hour += 1) {
      expect(published.rows[hour]).toEqual(['2026-01-01', 4, hour, '0', '0', '0', '0.0000', '0', '0.0000']);
    }
  });

  it('is for any events what its SQL says', async () => {
    await fc.assert(
      fc.asyncProperty(randomEvents(2), async (events) => {
        const { published, oracle } = await askOracle(
          'hourly_activity',
          eachDay(events.toReversed(), aggregateHours),
          { events_cleaned: cleanedEvents(events) },
        );
        expect(published).toEqual(oracle);
      }),
      { numRuns: 10, endOnFailure: true },
    );
  });

  it('has no rows for a day without events', async () => {
    const { published, oracle } = await publishedHours([]);
    expect(published).toEqual({ columns, rows: [] });
    expect(oracle).toEqual(published);
  });
});
