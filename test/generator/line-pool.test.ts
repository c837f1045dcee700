import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LinePool } from '../../src/generator/line-pool.ts';

const line = fc.record({
  at: fc.nat(90_000_000),
  text: fc.string({ unit: fc.constantFrom('a', 'b', '"', '{'), maxLength: 40 }),
});

it('gives back every line by time, whatever the chunks', () => {
  fc.assert(
    fc.property(fc.array(line, { maxLength: 200 }), fc.integer({ min: 1, max: 300 }), (lines, chunkBytes) => {
      const pool = new LinePool();
      for (const { at, text } of lines) pool.add(at, text);
      const expected = lines.toSorted((a, b) => a.at - b.at).map(({ text }) => `${text}\n`);
      const chunks = [...pool.read(chunkBytes)];
      expect(Buffer.concat(chunks).toString()).toBe(expected.join(''));
      expect([pool.lines, pool.size]).toEqual([lines.length, expected.join('').length]);
    }),
  );
});

it('grows past its first megabyte', () => {
  const pool = new LinePool();
  for (let n = 0; n < 30; n += 1) pool.add(30 - n, String(n % 10).repeat(100_000));
  const text = Buffer.concat([...pool.read(65_536)]).toString();
  expect(text.length).toBe(30 * 100_001);
  expect(text.startsWith('9'.repeat(100_000))).toBe(true);
});
