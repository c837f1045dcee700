import fc from 'fast-check';
import { type EventRow, HOUR } from './cleaned-events.ts';

const types = [
  'player_registered',
  'session_start',
  'level_start',
  'level_start',
  'level_complete',
  'level_complete',
  'level_complete',
  'purchase',
  'ad_watched',
  'achievement_unlocked',
];
const times = [undefined, 0, 0.1, 12.345_678_9, 33.3, 7, 0.000_000_5, 0.000_001_5, 99_999_999, 1e8, 1e300];
const rates: Readonly<Record<string, number>> = { USD: 1, EUR: 1.25 };

/** Events of `players` players on the first `days` days, many of them at the same instant or a microsecond later. */
export function randomEvents(days: number, players = 8, maxLength = 300): fc.Arbitrary<EventRow[]> {
  const drawn = fc.record({
    player: fc.nat(players - 1).map((n) => `p-${n}`),
    type: fc.constantFrom(...types),
    at: fc.nat(days * 4 - 1).map((slot) => slot * 6 * HOUR),
    later: fc.constantFrom(0, 0, 0, 1),
    level: fc.constantFrom(1, 5),
    success: fc.constantFrom(true, true, false),
    time: fc.constantFrom(...times),
    amount: fc.constantFrom(0, 0.1, 4.99),
    currency: fc.constantFrom('USD', 'EUR', 'JPY', 'BRL'),
  });
  const event = drawn.map(({ player, type, at, later, level, success, time, amount, currency }): EventRow => {
    const common = { player, type, at: at + later };
    if (type === 'level_start') return { ...common, level };
    if (type === 'level_complete') return { ...common, level, success, time_spent: time };
    if (type === 'ad_watched') return { ...common, revenue: amount };
    if (type !== 'purchase') return common;
    const rate = rates[currency];
    return { ...common, amount, currency, amount_base: rate === undefined ? null : amount * rate };
  });
  return fc.array(event, { maxLength, size: 'max' });
}
