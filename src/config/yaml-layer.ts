import { readFileSync } from 'node:fs';
import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  LineCounter,
  parseDocument,
  type YAMLMap,
} from 'yaml';
import { suggestName } from './config-error.ts';
import { sections } from './key-paths.ts';

/** Values of one source by dotted key, each with where it stands. */
export type Layer = ReadonlyMap<string, { readonly value: unknown; readonly origin: string }>;

interface Reading {
  readonly document: Document.Parsed;
  readonly shownAs: string;
  readonly lineOf: (offset: number) => number;
  readonly layer: Map<string, { value: unknown; origin: string }>;
  readonly problems: string[];
}

/** Reads one YAML file; what is wrong with it goes to `problems`, with file and line. */
export function readYamlLayer(path: string, shownAs: string, problems: string[]): Layer {
  const layer: Reading['layer'] = new Map();
  const source = readText(path, shownAs, problems);
  if (source === null) return layer;
  const lineCounter = new LineCounter();
  const lineOf = (offset: number) => lineCounter.linePos(offset).line;
  const document = parseDocument(source, { lineCounter, prettyErrors: false, uniqueKeys: false });
  for (const { code, message, pos } of [...document.errors, ...document.warnings]) {
    problems.push(`${shownAs}:${lineOf(pos[0])}: ${explainSyntax(code, message)}`);
  }
  if (document.errors.length > 0) return layer;
  const root = resolveAlias(document.contents, document);
  if (isMap(root)) collect(root, '', { document, shownAs, lineOf, layer, problems });
  else if (!isNothing(root))
    problems.push(`${shownAs}:1: the file is not a map of sections. Allowed: ${listKeys('')}.`);
  return layer;
}

function readText(path: string, shownAs: string, problems: string[]): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    problems.push(`${shownAs}: can't be read: ${error instanceof Error ? error.message : String(error)}.`);
    return null;
  }
}

/** A message of the parser may quote the text, which may be a secret; these codes are the ones that do. */
function explainSyntax(code: string, message: string): string {
  if (code === 'MULTIPLE_DOCS') return 'a second document begins here; a configuration file holds one.';
  if (code === 'TAG_RESOLVE_FAILED')
    return 'a value begins with ! here, which YAML takes for a tag. Put it in quotes.';
  return `not valid YAML: ${message}${message.endsWith('.') ? '' : '.'}`;
}

function collect(map: YAMLMap, section: string, reading: Reading): void {
  const { document, shownAs, lineOf, layer, problems } = reading;
  const seen = new Map<string, number>();
  for (const pair of map.items) {
    const name = isScalar(pair.key) ? String(pair.key.value) : '';
    const line = lineOf((isNode(pair.key) ? pair.key.range?.[0] : map.range?.[0]) ?? 0);
    const at = `${shownAs}:${line}`;
    const path = section === '' ? name : `${section}.${name}`;
    const earlier = seen.get(name);
    seen.set(name, line);
    const value = resolveAlias(pair.value, document);
    if (earlier !== undefined)
      problems.push(`${at}: ${path} is there twice, first on line ${earlier}. Keep one of them.`);
    else if (!sections.get(section)?.includes(name)) problems.push(`${at}: ${explainUnknown(name, section)}`);
    else if (value === undefined)
      problems.push(`${at}: ${path} begins with *, which YAML takes for an alias. Put it in quotes.`);
    else if (!sections.has(path))
      layer.set(path, { value: isNode(value) ? value.toJS(document) : null, origin: at });
    else if (isMap(value)) collect(value, path, reading);
    else if (!isNothing(value))
      problems.push(`${at}: ${path} is a section, not a value. Allowed in it: ${listKeys(path)}.`);
  }
}

/** What an alias stands for; undefined when its anchor is nowhere. */
function resolveAlias(node: unknown, document: Document.Parsed): unknown {
  return isAlias(node) ? node.resolve(document) : node;
}

function isNothing(node: unknown): boolean {
  return node === null || (isScalar(node) && node.value === null);
}

function explainUnknown(name: string, section: string): string {
  const near = suggestName(name, sections.get(section) ?? []);
  const what =
    section === ''
      ? `"${name}" is not a section of the configuration`
      : `${section}.${name} is not a key of ${section}`;
  return `${what}. Allowed: ${listKeys(section)}.${near === null ? '' : ` Did you mean ${near}?`}`;
}

function listKeys(section: string): string {
  return (sections.get(section) ?? []).join(', ');
}
