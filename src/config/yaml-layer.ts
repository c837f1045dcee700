import { readFileSync } from 'node:fs';
import { isMap, isScalar, LineCounter, parseDocument, type YAMLMap } from 'yaml';
import { suggestName } from './config-error.ts';
import { sections } from './key-paths.ts';

/** Values of one source by dotted key, each with where it stands. */
export type Layer = ReadonlyMap<string, { readonly value: unknown; readonly origin: string }>;

/** Reads one YAML file; what is wrong with it goes to `problems`, with file and line. */
export function readYamlLayer(path: string, shownAs: string, problems: string[]): Layer {
  const lines = new LineCounter();
  const document = parseDocument(readFileSync(path, 'utf8'), { lineCounter: lines });
  for (const error of document.errors) {
    problems.push(`${shownAs}:${lines.linePos(error.pos[0]).line}: ${error.message.split('\n')[0]}`);
  }
  const layer = new Map<string, { value: unknown; origin: string }>();
  if (document.errors.length > 0 || document.contents === null) return layer;
  const place = (offset: number) => `${shownAs}:${lines.linePos(offset).line}`;
  if (isMap(document.contents)) collect(document.contents, '', layer, place, problems);
  else problems.push(`${shownAs}:1: the file is not a map of sections. Allowed: ${listKeys('')}.`);
  return layer;
}

function collect(
  map: YAMLMap,
  section: string,
  layer: Map<string, { value: unknown; origin: string }>,
  place: (offset: number) => string,
  problems: string[],
): void {
  for (const { key, value } of map.items) {
    const name = isScalar(key) ? String(key.value) : '';
    const at = place((isScalar(key) ? key.range?.[0] : map.range?.[0]) ?? 0);
    const path = section === '' ? name : `${section}.${name}`;
    const known = sections.get(section) ?? [];
    if (!known.includes(name)) {
      problems.push(`${at}: ${explainUnknown(name, section)}`);
    } else if (!sections.has(path)) {
      layer.set(path, { value: toPlain(value), origin: at });
    } else if (isMap(value)) {
      collect(value, path, layer, place, problems);
    } else if (!(isScalar(value) && value.value === null) && value !== null) {
      problems.push(`${at}: ${path} is a section, not a value. Allowed in it: ${listKeys(path)}.`);
    }
  }
}

function toPlain(node: unknown): unknown {
  return node === null ? null : (node as { toJSON(): unknown }).toJSON();
}

function explainUnknown(name: string, section: string): string {
  const known = sections.get(section) ?? [];
  const near = suggestName(name, known);
  const where = section === '' ? 'a section of the configuration' : `a key of ${section}`;
  const meant = near === null ? '' : ` Did you mean ${near}?`;
  return `${section === '' ? name : `${section}.${name}`} is not ${where}. Allowed: ${listKeys(section)}.${meant}`;
}

function listKeys(section: string): string {
  return (sections.get(section) ?? []).join(', ');
}
