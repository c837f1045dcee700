import { configKeys } from './key-paths.ts';
import type { LoadedConfig } from './load.ts';

/** One key of the effective configuration as people may see it. */
export interface ConfigRow {
  readonly key: string;
  readonly value: unknown;
  readonly origin: string;
}

/** Every key with its value and origin; secrets that are set are masked. */
export function describeConfig({ config, origins }: LoadedConfig): ConfigRow[] {
  return configKeys.map(({ path, secret }) => {
    const value = path.split('.').reduce<unknown>((at, part) => (at as Record<string, unknown>)[part], config);
    return { key: path, value: secret && value !== null ? '••••' : value, origin: origins.get(path) ?? 'default' };
  });
}
