import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { suggestName } from '../../src/config/config-error.ts';
import { configKeys } from '../../src/config/key-paths.ts';

const names = configKeys.map(({ path }) => path);

describe('suggestName', () => {
  it('finds a known name in spite of one slip of the hand or of the case', () => {
    const slip = fc.constantFrom(...names).chain((name) =>
      fc.record({
        name: fc.constant(name),
        at: fc.nat(name.length - 1),
        kind: fc.constantFrom('drop', 'double', 'swap'),
      }),
    );
    fc.assert(
      fc.property(slip, ({ name, at, kind }) => {
        const [before, letter, after] = [name.slice(0, at), name.charAt(at), name.slice(at + 1)];
        const slips: Record<string, string> = {
          drop: before + after,
          double: before + letter + letter + after,
          swap: before + after.slice(0, 1) + letter + after.slice(1),
        };
        expect(suggestName(slips[kind]?.toUpperCase() ?? '', names)).toBe(name);
      }),
    );
  });

  it('finds nothing where nothing is near', () => {
    expect(suggestName('', ['s3', 'demo'])).toBeNull();
    expect(suggestName('xyz', ['s3', 'demo'])).toBeNull();
    expect(suggestName('bucket', [])).toBeNull();
  });

  it('prefers the nearest of several', () => {
    expect(suggestName('minioPrt', ['minioConsolePort', 'minPort', 'minioPort'])).toBe('minioPort');
  });
});
