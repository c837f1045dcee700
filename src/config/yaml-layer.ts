import { readFileSync } from 'node:fs';
import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  LineCounter,
  parseDocument,
  visit,
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

/** What comes after a colon in the parser's message quotes the file, which may hold a secret there. */
function explainSyntax(code: string, message: string): string {
  if (code === 'MULTIPLE_DOCS') return 'a second document begins here; a configuration file holds one.';
  if (code === 'TAG_RESOLVE_FAILED') {
    return 'a value begins with ! here, which YAML takes for a tag. Put it in quotes.';
  }
  return `not valid YAML: ${message.replace(/\b: .*/s, '')}.`;
}

function collect(map: YAMLMap, section: string, reading: Reading): void {
  const { shownAs, lineOf, layer, problems, document } = reading;
  const seen = new Map<string, number>();
  for (const { key, value } of map.items) {
    const name = isScalar(key) ? String(key.value) : '';
    const line = lineOf((isNode(key) ? key.range?.[0] : map.range?.[0]) ?? 0);
    const path = section === '' ? name : `${section}.${name}`;
    const node = resolveAlias(value, document);
    const problem = explainEntry(name, section, node, seen.get(name));
    seen.set(name, line);
    if (problem !== null) problems.push(`${shownAs}:${line}: ${problem}`);
    else if (isMap(node) && sections.has(path)) collect(node, path, reading);
    else if (!sections.has(path)) {
      layer.set(path, { value: isNode(node) ? node.toJS(document) : null, origin: `${shownAs}:${line}` });
    }
  }
}

/** What is wrong with one entry of a section before its value is looked at, or null. */
function explainEntry(
  name: string,
  section: string,
  node: unknown,
  earlier: number | undefined,
): string | null {
  const path = section === '' ? name : `${section}.${name}`;
  if (earlier !== undefined) return `${path} is there twice, first on line ${earlier}. Keep one of them.`;
  if (!sections.get(section)?.includes(name)) return explainUnknown(name, section);
  if (sections.has(path)) {
    const fits = isMap(node) || isNothing(node);
    return fits ? null : `${path} is a section, not a value. Allowed in it: ${listKeys(path)}.`;
  }
  return holdsAlias(node) ? `${path} begins with *, which YAML takes for an alias. Put it in quotes.` : null;
}

/** What an alias stands for; the alias itself when its anchor is nowhere. */
function resolveAlias(node: unknown, document: Document.Parsed): unknown {
  return isAlias(node) ? (node.resolve(document) ?? node) : node;
}

function holdsAlias(node: unknown): boolean {
  let found = false;
  if (isNode(node)) visit(node, { Alias: () => void (found = true) });
  return found;
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
