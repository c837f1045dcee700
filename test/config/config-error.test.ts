import { describe, expect, it } from 'vitest';
import { suggestName } from '../../src/config/config-error.ts';
import { configKeys } from '../../src/config/key-paths.ts';

const names = configKeys.map(({ path }) => path);

function slipsOf(name: string): string[] {
  return Array.from(name, (letter, at) => {
    const [before, after] = [name.slice(0, at), name.slice(at + 1)];
    const swapped = before + after.slice(0, 1) + letter + after.slice(1);
    return [before + after, before + letter + letter + after, swapped];
  }).flat();
}

function isOneLetterMore(longer: string, name: string): boolean {
  const without = Array.from(longer, (_, at) => longer.slice(0, at) + longer.slice(at + 1));
  return without.some((text) => text.toLowerCase() === name.toLowerCase());
}

describe('suggestName', () => {
  it('finds each known name in spite of any one slip of the hand or of the case', () => {
    for (const name of names) {
      for (const slip of slipsOf(name)) {
        const found = suggestName(slip.toUpperCase(), names) ?? '';
        if (found !== name) expect(isOneLetterMore(slip, found), `${slip} → ${found}`).toBe(true);
      }
    }
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
