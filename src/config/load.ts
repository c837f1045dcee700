import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import type { z } from 'zod';
import { ConfigError, suggestName } from './config-error.ts';
import { readConventionalLayer, readEnvironmentLayer } from './environment-layer.ts';
import { configKeys } from './key-paths.ts';
import { type Config, configSchema } from './schema.ts';
import { type Layer, readYamlLayer } from './yaml-layer.ts';

/** The effective configuration and where each key's value came from. */
export interface LoadedConfig {
  readonly config: Config;
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
  const environment = env['QUESTLINE_ENV'] ?? 'development';
  const files = listFiles(env, root, environment, problems);
  const layers: Layer[] = [
    ...files.map((path) => readYamlLayer(path, relative(root, path), problems)),
    readConventionalLayer(env),
    readEnvironmentLayer(env, problems),
  ];
  const origins = new Map(configKeys.map(({ path }) => [path, 'default']));
  const values: Record<string, unknown> = {};
  for (const layer of layers) {
    for (const [path, { value, origin }] of layer) {
      setPath(values, path.split('.'), value);
      origins.set(path, origin);
    }
  }
  const parsed = configSchema.safeParse(values);
  if (!parsed.success) problems.push(...parsed.error.issues.map((issue) => explainIssue(issue, values, origins)));
  if (problems.length > 0 || !parsed.success) throw new ConfigError(problems);
  return { config: parsed.data, environment, origins };
}

function listFiles(env: NodeJS.ProcessEnv, root: string, environment: string, problems: string[]): string[] {
  const folder = join(root, 'config');
  const own = env['QUESTLINE_CONFIG'];
  const files = [join(folder, 'default.yaml')];
  const layer = join(folder, `${environment}.yaml`);
  const known = existsSync(folder)
    ? readdirSync(folder).filter((name) => name.endsWith('.yaml') && name !== 'default.yaml').map((name) => name.slice(0, -5))
    : [];
  if (existsSync(layer)) files.push(layer);
  else if (env['QUESTLINE_ENV'] !== undefined) {
    const near = suggestName(environment, known);
    const meant = near === null ? '' : ` Did you mean ${near}?`;
    problems.push(`QUESTLINE_ENV is "${environment}"; allowed: ${known.join(', ') || 'nothing, config/ is empty'}.${meant}`);
  }
  if (own !== undefined) {
    const path = resolve(own);
    if (!existsSync(path)) problems.push(`QUESTLINE_CONFIG is "${own}", which does not exist. Give a YAML file or a folder.`);
    else if (statSync(path).isDirectory()) {
      files.push(...['default.yaml', `${environment}.yaml`].map((name) => join(path, name)));
    } else files.push(path);
  }
  return files.filter((path) => existsSync(path));
}

function setPath(target: Record<string, unknown>, [first, ...rest]: readonly string[], value: unknown): void {
  if (first === undefined) return;
  if (rest.length === 0) {
    target[first] = value;
    return;
  }
  target[first] ??= {};
  setPath(target[first] as Record<string, unknown>, rest, value);
}

function explainIssue(
  issue: z.core.$ZodIssue,
  values: Record<string, unknown>,
  origins: ReadonlyMap<string, string>,
): string {
  const path = issue.path.map(String);
  const key = configKeys.find((candidate) => path.join('.').startsWith(candidate.path));
  const name = key?.path ?? path.join('.');
  const given = name.split('.').reduce<unknown>((at, part) => (at as Record<string, unknown> | undefined)?.[part], values);
  const shown = key?.secret ? 'a secret value' : JSON.stringify(given);
  return `${origins.get(name) ?? 'config'}: ${name} is ${shown ?? 'not set'}; ${expectation(issue)}.`;
}

function expectation(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.message.startsWith('expected') ? issue.message : `expected ${issue.expected === 'int' ? 'a whole number' : issue.expected}`;
    case 'invalid_value':
      return `expected one of ${issue.values.join(', ')}`;
    case 'too_small':
      return `expected at least ${issue.minimum}`;
    case 'too_big':
      return `expected at most ${issue.maximum}`;
    default:
      return issue.message;
  }
}
