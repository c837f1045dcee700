import { describe, expect, it } from 'vitest';
import { suggestName } from '../../src/config/config-error.ts';
import { configKeys } from '../../src/config/key-paths.ts';
import { isSlowRun } from '../support/slow.ts';

const names = configKeys.map(({ path }) => path);
/** Those that are misspelt: some of each length and section, and all of them among the slow proofs. */
const misspelt = names.filter((_, n) => isSlowRun || n % 4 === 0);

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
  it('finds a known name in spite of any one slip of the hand or of the case', () => {
    for (const name of misspelt) {
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
