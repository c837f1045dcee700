import type { z } from 'zod';
import { configKeys } from './key-paths.ts';
import { valueAt } from './tree.ts';

/** One line of a `ConfigError` for an issue of the schema: where the value came from, the key, the value, what is allowed. */
export function explainIssue(
  issue: z.core.$ZodIssue,
  values: unknown,
  origins: ReadonlyMap<string, string>,
): string {
  const pair = findPair(issue);
  const name = pair?.find((path) => origins.get(path) !== 'default') ?? findKey(issue);
  const key = configKeys.find(({ path }) => path === name);
  const orNull = key?.nullable === true && pair === null ? ', or null' : '';
  const shown = key?.secret === true ? 'a secret value' : showValue(valueAt(values, name));
  return `${origins.get(name) ?? 'config'}: ${name} is ${shown}; ${issue.message}${orNull}.`;
}

/** Paths of both keys of a rule over two, of which at least one is set. */
function findPair(issue: z.core.$ZodIssue): string[] | null {
  const pair: unknown = issue.code === 'custom' ? issue.params?.['pair'] : undefined;
  const section = issue.path.slice(0, -1);
  return Array.isArray(pair) ? pair.map((key) => [...section, key].join('.')) : null;
}

function findKey(issue: z.core.$ZodIssue): string {
  const dotted = issue.path.join('.');
  return configKeys.find(({ path }) => `${dotted}.`.startsWith(`${path}.`))?.path ?? dotted;
}

/** JSON of the value, without the user and password that a URL in it may carry. */
function showValue(value: unknown): string {
  return (JSON.stringify(value) ?? 'not set').replaceAll(/\/\/[^/@"]*@/g, '//••••@');
}
