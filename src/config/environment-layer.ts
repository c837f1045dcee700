import { suggestName } from './config-error.ts';
import { type ConfigKey, configKeys, sections, variableOf } from './key-paths.ts';
import type { Layer } from './yaml-layer.ts';

/** Variables that begin with QUESTLINE_ and are no configuration keys. */
const reserved: readonly string[] = [
  'QUESTLINE_ENV',
  'QUESTLINE_GAME',
  'QUESTLINE_CONFIG',
  'QUESTLINE_CACHE',
  'QUESTLINE_TEMPORAL_BIN',
  'QUESTLINE_MINIO_BIN',
  'QUESTLINE_RELEASES_TEMPORAL',
  'QUESTLINE_RELEASES_MINIO',
  'QUESTLINE_LOG_STACKS',
];

const conventional: Readonly<Record<string, string>> = {
  TEMPORAL_ADDRESS: 'temporal.address',
  TEMPORAL_NAMESPACE: 'temporal.namespace',
  TEMPORAL_API_KEY: 'temporal.apiKey',
  AWS_REGION: 's3.region',
  AWS_ENDPOINT_URL_S3: 's3.endpoint',
};

/** The variables that Temporal's and AWS's own tools read, below those of Questline; an empty one is as not set. */
export function readConventionalLayer(env: NodeJS.ProcessEnv): Layer {
  const set = Object.entries(conventional).filter(([variable]) => (env[variable] ?? '') !== '');
  return new Map(set.map(([variable, path]) => [path, { value: env[variable], origin: variable }]));
}

/**
 * The variables QUESTLINE_<SECTION>_<KEY>, read by the key's type; unknown ones go to `problems`. An empty one is null for a
 * key that may be null, an empty list for a list, and else a wrong value, so that a lost shell variable does not pass.
 */
export function readEnvironmentLayer(env: NodeJS.ProcessEnv, problems: string[]): Layer {
  const layer = new Map<string, { value: unknown; origin: string }>();
  for (const [variable, text] of Object.entries(env)) {
    if (!variable.startsWith('QUESTLINE_') || text === undefined || reserved.includes(variable)) continue;
    const key = configKeys.find((candidate) => candidate.variable === variable);
    if (key === undefined) problems.push(explainUnknown(variable));
    else layer.set(key.path, { value: parseText(text, key), origin: variable });
  }
  return layer;
}

function explainUnknown(variable: string): string {
  const section = sections.get('')?.find((name) => variable.startsWith(`${variableOf(name)}_`));
  const ofSection = configKeys
    .filter(({ path }) => path.startsWith(`${section}.`))
    .map((key) => key.variable);
  const names = sections.get('')?.map((name) => name.toUpperCase()) ?? [];
  const allowed =
    section === undefined
      ? `${reserved.join(', ')}, and QUESTLINE_<SECTION>_<KEY> with one of the sections ${names.join(', ')}`
      : ofSection.join(', ');
  const known = [...configKeys.map((key) => key.variable), ...reserved].map((name) =>
    name.slice('QUESTLINE_'.length),
  );
  const near = suggestName(variable.slice('QUESTLINE_'.length), known);
  const meant = near === null ? '' : ` Did you mean QUESTLINE_${near}?`;
  return `${variable} is not a variable of Questline. Allowed: ${allowed}.${meant}`;
}

function parseText(text: string, { reads, nullable }: ConfigKey): unknown {
  if (text === '' && nullable) return null;
  if (reads === 'number' && text.trim() !== '' && Number.isFinite(Number(text))) return Number(text);
  if (reads === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  if (reads === 'list') return text === '' ? [] : text.split(',').map((part) => part.trim());
  return text;
}
