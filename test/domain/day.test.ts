import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, type Day, daysBetween, listDays, parseDay, parseRange } from '../../src/domain/day.ts';

const anyDay = fc
  .date({ min: new Date('1971-01-01'), max: new Date('2200-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10) as Day);

describe('parseDay', () => {
  it.each(['2026-01-31', '2024-02-29', '2000-02-29', '1999-12-31'])('takes %s', (text) => {
    expect(parseDay(text)).toBe(text);
  });

  it.each([
    ['2026-02-30', '2026-02 has the days 01 to 28'],
    ['2025-02-29', '01 to 28'],
    ['2026-13-01', 'no month 13'],
    ['2026-00-10', 'no month 0'],
    ['2026-04-31', '01 to 30'],
    ['2026-1-1', 'Expected YYYY-MM-DD'],
    ['yesterday', 'Expected YYYY-MM-DD'],
    ['2026-01-01T00:00:00Z', 'Expected YYYY-MM-DD'],
    ['', 'Expected YYYY-MM-DD'],
  ])('refuses %j by name', (text, reason) => {
    expect(() => parseDay(text)).toThrow(reason);
    expect(() => parseDay(text)).toThrow(`"${text}"`);
  });
});

describe('ranges', () => {
  it('have both their ends', () => {
    expect(listDays(parseRange('2026-02-27', '2026-03-02'))).toEqual([
      '2026-02-27',
      '2026-02-28',
      '2026-03-01',
      '2026-03-02',
    ]);
    expect(listDays(parseRange('2026-01-01', '2026-01-01'))).toEqual(['2026-01-01']);
  });

  it('are refused the wrong way round', () => {
    expect(() => parseRange('2026-01-02', '2026-01-01')).toThrow(
      '2026-01-02 to 2026-01-01 ends before it begins',
    );
  });

  it('count and move days alike', () => {
    fc.assert(
      fc.property(
        anyDay,
        fc.integer({ min: -4000, max: 4000 }),
        (day, n) => daysBetween(day, addDays(day, n)) === n,
      ),
    );
  });
});
