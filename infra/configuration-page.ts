import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMap, isScalar, parseDocument, type YAMLMap } from 'yaml';
import { configKeys } from '../src/config/key-paths.ts';

interface Setting {
  readonly path: string;
  readonly default: string;
  readonly meaning: string;
}

interface Section {
  readonly name: string;
  readonly meaning: string;
  readonly settings: readonly Setting[];
}

/** Every key of the configuration with its default, its variable and its meaning, from config/default.yaml and the schema. */
export function describeConfiguration(): string {
  const text = readFileSync(join(import.meta.dirname, '..', 'config', 'default.yaml'), 'utf8');
  const { contents } = parseDocument(text);
  if (!isMap(contents)) throw new TypeError('config/default.yaml is not a map of sections.');
  const sections = contents.items.map(({ key, value }, n): Section => {
    const name = String(key);
    // The comment before the first section is that of the whole file.
    const meaning = n === 0 ? '' : commentOf(key);
    return { name, meaning, settings: isMap(value) ? listSettings(value, name) : [] };
  });
  return `# Configuration

Every key, with its default. A value comes from the first of these that has it: the environment variable; the file or folder that \`QUESTLINE_CONFIG\`
names; \`config/games/NAME.yaml\` for \`QUESTLINE_GAME=NAME\`; the file of \`QUESTLINE_ENV\` (\`development\` when it is not set) in \`config/\`; \`config/default.yaml\`.
\`npx questline config show\` prints what holds, and where it came from. A wrong value is refused with its file and line.

This page is written by \`npm run docs\` from [config/default.yaml](../config/default.yaml) and [src/config/schema.ts](../src/config/schema.ts).

${sections.map(describeSection).join('\n\n')}
`;
}

function listSettings(map: YAMLMap, path: string): Setting[] {
  return map.items.flatMap(({ key, value }): Setting[] => {
    const own = commentOf(key) || (map.items[0]?.key === key ? (map.commentBefore ?? '') : '');
    const at = `${path}.${String(key)}`;
    if (isMap(value)) return listSettings(value, at);
    const shown = isScalar(value) ? (value.source ?? String(value.value)) : String(value);
    return [{ path: at, default: shown.replaceAll('\n', ' '), meaning: toLine(own) }];
  });
}

function commentOf(key: unknown): string {
  return isScalar(key) ? (key.commentBefore ?? '') : '';
}

function toLine(comment: string): string {
  return comment
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join(' ');
}

function describeSection({ name, meaning, settings }: Section): string {
  const rows = settings.map(({ path, default: value, meaning: what }) => {
    const variable = configKeys.find((key) => key.path === path)?.variable ?? '';
    return `| \`${path}\` | \`${escape(value)}\` | ${escape(what)} | \`${variable}\` |`;
  });
  const about = toLine(meaning);
  return `## ${name}
${about === '' ? '' : `\n${about}\n`}
| key | default | what | variable |
| --- | --- | --- | --- |
${rows.join('\n')}`;
}

function escape(text: string): string {
  return text.replaceAll('|', '\\|');
}
