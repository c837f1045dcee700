import { describe, expect, it } from 'vitest';
import { configKeys } from '../../src/config/key-paths.ts';
import { configSchema } from '../../src/config/schema.ts';
import { hashConfig, tableConfig } from '../../src/config/table-config.ts';
import { setValueAt, valueAt } from '../../src/config/tree.ts';

const counted = [
  'pipeline.lateWindowDays',
  'pipeline.futureWindowDays',
  'pipeline.naiveTimestamps',
  'pipeline.baseCurrency',
  'pipeline.currencyRates',
  'pipeline.maxLineBytes',
];

const isCounted = (path: string) =>
  counted.includes(path) ||
  path.startsWith('tables.') ||
  (path.startsWith('quality.') && path !== 'quality.holdHours');

describe('hashConfig', () => {
  it.each(configKeys.map(({ path }) => path))('follows %s if and only if tables depend on it', (path) => {
    const plain = configSchema.parse({});
    const changed = structuredClone(plain);
    setValueAt(changed, path, valueAt(plain, path) === null ? 'other' : [valueAt(plain, path), 'other']);
    expect(hashConfig(changed) !== hashConfig(plain)).toBe(isCounted(path));
  });

  it('is SHA-256 in hex, whatever the order of the keys', () => {
    const plain = configSchema.parse({});
    const turned = { ...plain, quality: Object.fromEntries(Object.entries(plain.quality).toReversed()) };
    expect(hashConfig(configSchema.parse(turned))).toBe(hashConfig(plain));
    expect(hashConfig(plain)).toMatch(/^[0-9a-f]{64}$/);
    expect(Object.keys(tableConfig(plain))).toEqual(['reading', 'quality', 'currencyRates', 'tables']);
  });
});
