import { expect, it } from 'vitest';
import { readEventDay } from '../../src/domain/event-day.ts';

it.each([
  ['2026-01-05T10:00:00Z', '2026-01-05'],
  ['2026-01-05T23:59:59.999999Z', '2026-01-05'],
  ['2026-01-05T00:30:00+02:00', '2026-01-04'],
  ['2026-01-05T00:30:00+0200', '2026-01-04'],
  ['2026-01-05T23:30-01', '2026-01-06'],
  ['2026-01-05T10:00:00,5Z', '2026-01-05'],
])('%s is an event of %s', (timestamp, day) => {
  expect(readEventDay(JSON.stringify({ timestamp }))).toBe(day);
});

it.each([
  'nope',
  '[]',
  'null',
  '{"timestamp":5}',
  '{"timestamp":"2026-01-05"}',
  '{"timestamp":"2026-01-05T10:00:00"}',
  '{}',
])('%s has no readable day', (line) => {
  expect(readEventDay(line)).toBeNull();
});
