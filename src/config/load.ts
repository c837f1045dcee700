import { resolve } from 'node:path';
import { ConfigError } from './config-error.ts';
import { readConventionalLayer, readEnvironmentLayer } from './environment-layer.ts';
import { explainIssue } from './explain-issue.ts';
import { configKeys } from './key-paths.ts';
import { listFiles, nameEnvironment } from './list-files.ts';
import { type Config, configSchema } from './schema.ts';
import { setValueAt } from './tree.ts';
import { type Layer, readYamlLayer } from './yaml-layer.ts';

/** The effective configuration and where each key's value came from. */
export interface LoadedConfig {
  readonly config: Config;
  /** Name of the environment whose file was laid over the defaults. */
  readonly environment: string;
  /** By dotted key: `default`, `file:line` or the variable. */
  readonly origins: ReadonlyMap<string, string>;
}

/** Folder of the project: what relative paths of the configuration are relative to. */
export const projectRoot = resolve(import.meta.dirname, '../..');

/**
 * Layers config/default.yaml, the environment's file (QUESTLINE_ENV), a file or folder of one's own (QUESTLINE_CONFIG) and
 * environment variables over the defaults of the schema. All that is wrong is told at once in a `ConfigError`.
 */
export function loadConfig(env: NodeJS.ProcessEnv = process.env, root: string = projectRoot): LoadedConfig {
  const problems: string[] = [];
  const layers: Layer[] = [
    ...listFiles(env, root, problems).map(({ path, shownAs }) => readYamlLayer(path, shownAs, problems)),
    readConventionalLayer(env),
    readEnvironmentLayer(env, problems),
  ];
  const origins = new Map(configKeys.map(({ path }) => [path, 'default']));
  const values: Record<string, unknown> = {};
  for (const layer of layers) {
    for (const [path, { value, origin }] of layer) {
      setValueAt(values, path, value);
      origins.set(path, origin);
    }
  }
  const parsed = configSchema.safeParse(values);
  if (!parsed.success)
    problems.push(...parsed.error.issues.map((issue) => explainIssue(issue, values, origins)));
  if (!parsed.success || problems.length > 0) throw new ConfigError([...new Set(problems)]);
  return { config: parsed.data, environment: nameEnvironment(env), origins };
}
