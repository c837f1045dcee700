import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LinePool } from '../../src/generator/line-pool.ts';

const line = fc.record({
  at: fc.nat(90_000_000),
  text: fc.string({ unit: fc.constantFrom('a', 'b', '"', '{', '\u00ff'), maxLength: 40 }),
});

function add(pool: LinePool, at: number, text: string): void {
  pool.out.text(text);
  pool.endLine(at);
}

it('gives back every line by time, whatever the chunks, and again after it was cleared', () => {
  fc.assert(
    fc.property(fc.array(line, { maxLength: 200 }), fc.integer({ min: 1, max: 300 }), (lines, chunkBytes) => {
      const pool = new LinePool();
      for (let round = 0; round < 2; round += 1) {
        for (const { at, text } of lines) add(pool, at, text);
        const expected = lines.toSorted((a, b) => a.at - b.at).map(({ text }) => `${text}\n`);
        const chunks = [...pool.read(chunkBytes)];
        expect(Buffer.concat(chunks).toString('latin1')).toBe(expected.join(''));
        expect([pool.lines, pool.size]).toEqual([lines.length, expected.join('').length]);
        expect(chunks.every((chunk) => chunk.length <= Math.max(chunkBytes, 41))).toBe(true);
        pool.clear();
      }
    }),
  );
});

it('grows past its first megabyte and its first lines', () => {
  const pool = new LinePool();
  for (let n = 0; n < 30; n += 1) add(pool, 30 - n, String(n % 10).repeat(100_000));
  for (let n = 0; n < 20_000; n += 1) add(pool, 40 + n, 'x');
  const text = Buffer.concat([...pool.read(65_536)]).toString();
  expect(text.length).toBe(30 * 100_001 + 20_000 * 2);
  expect(text.startsWith('9'.repeat(100_000))).toBe(true);
  expect(text.endsWith('\nx\n')).toBe(true);
});
