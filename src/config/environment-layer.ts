import { suggestName } from './config-error.ts';
import { configKeys } from './key-paths.ts';
import type { Layer } from './yaml-layer.ts';

/** Variables that begin with QUESTLINE_ and are no configuration keys. */
export const reservedVariables = [
  'QUESTLINE_ENV',
  'QUESTLINE_CONFIG',
  'QUESTLINE_CACHE',
  'QUESTLINE_TEMPORAL_BIN',
  'QUESTLINE_MINIO_BIN',
  'QUESTLINE_RELEASES_TEMPORAL',
  'QUESTLINE_RELEASES_MINIO',
] as const;

const conventional: Readonly<Record<string, string>> = {
  TEMPORAL_ADDRESS: 'temporal.address',
  TEMPORAL_NAMESPACE: 'temporal.namespace',
  TEMPORAL_API_KEY: 'temporal.apiKey',
  AWS_REGION: 's3.region',
  AWS_ENDPOINT_URL_S3: 's3.endpoint',
};

/** The variables that Temporal's and AWS's own tools read, below those of Questline. */
export function readConventionalLayer(env: NodeJS.ProcessEnv): Layer {
  const set = Object.entries(conventional).filter(([variable]) => (env[variable] ?? '') !== '');
  return new Map(set.map(([variable, path]) => [path, { value: env[variable], origin: variable }]));
}

/** The variables QUESTLINE_<SECTION>_<KEY>; unknown ones and values of a wrong type go to `problems`. */
export function readEnvironmentLayer(env: NodeJS.ProcessEnv, problems: string[]): Layer {
  const layer = new Map<string, { value: unknown; origin: string }>();
  const known = [...configKeys.map(({ variable }) => variable), ...reservedVariables];
  for (const [variable, text] of Object.entries(env)) {
    if (!variable.startsWith('QUESTLINE_') || text === undefined) continue;
    if ((reservedVariables as readonly string[]).includes(variable)) continue;
    const key = configKeys.find((candidate) => candidate.variable === variable);
    if (key === undefined) {
      const near = suggestName(variable, known);
      problems.push(`${variable} is not a variable of Questline.${near === null ? '' : ` Did you mean ${near}?`}`);
    } else layer.set(key.path, { value: parseText(text, key.reads), origin: variable });
  }
  return layer;
}

function parseText(text: string, reads: 'text' | 'number' | 'boolean' | 'list'): unknown {
  if (reads === 'number' && text.trim() !== '' && Number.isFinite(Number(text))) return Number(text);
  if (reads === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  if (reads === 'list') return text.split(',').map((part) => part.trim()).filter((part) => part !== '');
  return text;
}
