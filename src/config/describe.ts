import { configKeys } from './key-paths.ts';
import type { LoadedConfig } from './load.ts';
import { valueAt } from './tree.ts';

/** One key of the effective configuration as people may see it. */
export interface ConfigRow {
  /** Dotted, for example `s3.bucket`. */
  readonly key: string;
  /** `••••` for a secret that is set. */
  readonly value: unknown;
  /** `default`, `file:line` or the variable. */
  readonly origin: string;
  readonly secret: boolean;
}

/** Every key with its value and origin, in the schema's order; secrets that are set are masked, others are null. */
export function describeConfig({ config, origins }: Pick<LoadedConfig, 'config' | 'origins'>): ConfigRow[] {
  return configKeys.map(({ path, secret }) => {
    const value = valueAt(config, path);
    const shown = secret && value !== null ? '••••' : value;
    return { key: path, value: shown, origin: origins.get(path) ?? 'default', secret };
  });
}
