import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteBuffer } from '../../src/generator/byte-buffer.ts';
import { drawCount, drawUuid, openStream, pickAt, prepareChoice } from '../../src/generator/random.ts';

const word = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const day = fc.nat(3650);

describe('openStream', () => {
  it('gives another stream for each seed, player, purpose and day', () => {
    const address = fc.tuple(
      word,
      fc.nat(10_000_000),
      fc.constantFrom('play', 'timing', 'ids' as const),
      day,
    );
    const key = (parts: readonly unknown[]) => parts.join();
    fc.assert(
      fc.property(fc.uniqueArray(address, { minLength: 2, maxLength: 50, selector: key }), (addresses) => {
        const firsts = addresses.map((parts) => drawUuid(openStream(...parts)).join());
        expect(new Set(firsts).size).toBe(firsts.length);
      }),
    );
  });

  it('has first numbers of neighbouring players that are evenly spread', () => {
    const counts = Array.from({ length: 10 }, () => 0);
    for (let player = 0; player < 100_000; player += 1) {
      const slot = openStream(1, player, 'play', 3).below(10);
      counts[slot] = (counts[slot] ?? 0) + 1;
    }
    const chiSquare = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
    expect(chiSquare).toBeLessThan(27.9); // 0.999 quantile of nine degrees of freedom
  });
});

describe('draws', () => {
  it('draws UUIDs of version 4', () => {
    fc.assert(
      fc.property(word, fc.nat(), (seed, player) => {
        const id = new ByteBuffer();
        id.text('x'.repeat(36));
        id.uuidAt(0, drawUuid(openStream(seed, player, 'ids', 0)));
        expect(id.toString()).toMatch(
          /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
        );
      }),
    );
  });

  it('picks by weight, never what has none', () => {
    const choice = prepareChoice(['a', 'b', 'c'], (_, n) => [1, 0, 3][n] ?? 0);
    expect([0, 0.2499, 0.25, 0.9999].map((share) => pickAt(choice, share))).toEqual(['a', 'a', 'c', 'c']);
    expect(() =>
      pickAt(
        prepareChoice([], () => 1),
        0.5,
      ),
    ).toThrow('nothing to choose');
  });

  it('counts with the mean asked for, up to the most', () => {
    const random = openStream(1, 1, 'play', 0);
    const counts = Array.from({ length: 50_000 }, () => drawCount(random, 2.5, 60));
    const mean = counts.reduce((a, b) => a + b) / counts.length;
    expect(Math.abs(mean - 2.5)).toBeLessThan(4 * Math.sqrt((2.5 * 3.5) / counts.length));
    expect(drawCount(random, 1e9, 5)).toBe(5);
  });
});
