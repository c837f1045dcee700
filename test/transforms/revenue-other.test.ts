import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aggregateOtherRevenue } from '../../src/transforms/revenue-other.ts';
import { cleanedEvents, type EventRow, eachDay } from './support/cleaned-events.ts';
import { askOracle } from './support/oracle.ts';
import { randomEvents } from './support/random-events.ts';

const columns = [
  'date DATE',
  'currency VARCHAR',
  'purchases BIGINT',
  'payers BIGINT',
  'amount DECIMAL(18,4)',
];
const buys = (player: string, amount: number, currency: string, amount_base?: number): EventRow => ({
  player,
  type: 'purchase',
  at: 0,
  amount,
  currency,
  ...(amount_base === undefined ? {} : { amount_base }),
});

describe('aggregateOtherRevenue', () => {
  it('adds up by currency what could not be converted', async () => {
    const events = [
      buys('p', 500, 'JPY'),
      buys('p', 0.1, 'JPY'),
      buys('q', 0.2, 'JPY'),
      buys('r', 0, 'JPY'),
      buys('r', 0, 'BRL'),
      buys('s', 4.99, 'USD', 4.99),
      buys('s', 4, 'EUR', 5),
      { player: 's', type: 'ad_watched', at: 0, revenue: 1 },
    ];
    const { published } = await askOracle('revenue_other', eachDay(events, aggregateOtherRevenue), {
      events_cleaned: cleanedEvents(events),
    });
    expect(published).toEqual({
      columns,
      rows: [
        ['2026-01-01', 'BRL', '1', '0', '0.0000'],
        ['2026-01-01', 'JPY', '4', '2', '500.3000'],
      ],
    });
  });

  it('is for any events what its SQL says', async () => {
    await fc.assert(
      fc.asyncProperty(randomEvents(2), async (events) => {
        const made = eachDay(events.toReversed(), aggregateOtherRevenue);
        const { published, oracle } = await askOracle('revenue_other', made, {
          events_cleaned: cleanedEvents(events),
        });
        expect(published).toEqual(oracle);
      }),
      { numRuns: 12, endOnFailure: true },
    );
  });

  it('is mostly empty, with its columns', async () => {
    for (const events of [[], [buys('s', 4.99, 'USD', 4.99)]]) {
      const { published, oracle } = await askOracle('revenue_other', eachDay(events, aggregateOtherRevenue), {
        events_cleaned: cleanedEvents(events),
      });
      expect(published).toEqual({ columns, rows: [] });
      expect(oracle).toEqual(published);
    }
  });
});
