import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { type Document, isNode, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { type DefectKind, defectKinds, type GameModel } from '../domain/game-model.ts';
import { ConfigError, suggestName } from './config-error.ts';
import { projectRoot } from './load.ts';
import { presetSchema } from './preset-schema.ts';

/** What of a preset is asked for otherwise. */
export interface PresetChanges {
  readonly players?: number | null | undefined;
  readonly defects?: Readonly<Record<string, number>> | undefined;
}

interface PresetFile {
  readonly tree: Tree;
  readonly document: Document.Parsed;
  readonly lines: LineCounter;
  readonly shownAs: string;
}

type Tree = { [key: string]: unknown };

/**
 * The game of a preset, laid over that of config/presets/default.yaml, and the changes over both. A name stands for a file
 * in config/presets, a path that ends in .yaml for itself, relative to `root`. All that is wrong is told at once in a `ConfigError`, with file,
 * line and key.
 */
export function loadPreset(preset: string, changes: PresetChanges = {}, root = projectRoot): GameModel {
  const files = listPresetFiles(preset, root).map((path) => readPresetFile(path, root));
  const values = files.reduce<Tree>((tree, file) => layOver(tree, file.tree), {});
  const { players = null, defects = {} } = changes;
  checkKinds(Object.keys(defects));
  const asked: Tree = { ...(players === null ? {} : { players }), defects: { ...defects } };
  const whole = layOver(values, asked);
  const parsed = presetSchema.safeParse(whole);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.flatMap((issue) => explainIssue(issue, whole, asked, files));
  throw new ConfigError([...new Set(problems)]);
}

/** Names of the presets that have a file. */
export function listPresets(root = projectRoot): string[] {
  const files = readdirSync(join(root, 'config', 'presets')).filter((name) => name.endsWith('.yaml'));
  return files.map((name) => name.slice(0, -'.yaml'.length)).sort();
}

function listPresetFiles(preset: string, root: string): string[] {
  const fileOf = (name: string) => join(root, 'config', 'presets', `${name}.yaml`);
  const base = [fileOf('default')];
  if (!existsSync(fileOf('default'))) {
    throw new ConfigError(['config/presets/default.yaml is gone: every preset is laid over it. Restore it.']);
  }
  if (preset === 'default') return base;
  if (/[./\\]/.test(preset)) {
    const path = resolve(root, preset);
    if (preset.endsWith('.yaml') && existsSync(path)) return [...base, path];
    throw new ConfigError([
      `There is no preset file ${preset}. Give a file that ends in .yaml, or one of ${listPresets(root).join(', ')}.`,
    ]);
  }
  const known = listPresets(root);
  if (known.includes(preset)) return [...base, fileOf(preset)];
  const near = suggestName(preset, known);
  throw new ConfigError([
    `There is no preset "${preset}". Expected one of ${known.join(', ')}, or a file that ends in .yaml.${near === null ? '' : ` Did you mean ${near}?`}`,
  ]);
}

function readPresetFile(path: string, root: string): PresetFile {
  const inside = relative(root, path);
  const shownAs = inside.startsWith('..') ? path : inside;
  const lines = new LineCounter();
  const document = parseDocument(readText(path, shownAs), { lineCounter: lines, prettyErrors: false });
  const problems = document.errors.map(
    ({ message, pos }) => `${shownAs}:${lines.linePos(pos[0]).line}: not valid YAML: ${message}.`,
  );
  if (problems.length > 0) throw new ConfigError(problems);
  const tree: unknown = document.toJS();
  if (tree !== null && !isTree(tree)) throw new ConfigError([`${shownAs}:1: the file is not a map of keys.`]);
  return { tree: tree ?? {}, document, lines, shownAs };
}

function readText(path: string, shownAs: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new ConfigError([`${shownAs}: can't be read: ${(error as Error).message}.`]);
  }
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Maps are laid over maps, entry by entry; null takes one out; everything else replaces what was there. */
function layOver(below: Tree, above: Tree): Tree {
  const merged: Tree = { ...below };
  for (const [key, value] of Object.entries(above)) {
    const under = merged[key];
    if (value === null) delete merged[key];
    else merged[key] = isTree(value) && isTree(under) ? layOver(under, value) : value;
  }
  return merged;
}

function checkKinds(given: readonly string[]): void {
  for (const kind of given) {
    if (defectKinds.includes(kind as DefectKind)) continue;
    const near = suggestName(kind, defectKinds);
    const meant = near === null ? '' : ` Did you mean ${near}?`;
    throw new ConfigError([
      `"${kind}" is not a kind of defect. Expected one of ${defectKinds.join(', ')}.${meant}`,
    ]);
  }
}

function explainIssue(
  issue: z.core.$ZodIssue,
  values: Tree,
  asked: Tree,
  files: readonly PresetFile[],
): string[] {
  if (issue.code === 'unrecognized_keys') {
    const known = Object.keys((valueIn(values, issue.path) as Tree | undefined) ?? {});
    return issue.keys.map((key) => {
      const path = [...issue.path, key];
      const others = known.filter((name) => !issue.keys.includes(name));
      const near = suggestName(key, others);
      const meant = near === null ? '' : ` Did you mean ${near}?`;
      return `${placeOf(path, asked, files)}${path.join('.')} is not a key of a preset. Allowed there: ${others.join(', ')}.${meant}`;
    });
  }
  const shown = JSON.stringify(valueIn(values, issue.path)) ?? 'not set';
  const value = shown.length > 80 ? `${shown.slice(0, 77)}…` : shown;
  const isMap = issue.code === 'invalid_type' && ['object', 'record'].includes(issue.expected);
  const expected = isMap ? 'expected a map of keys' : issue.message;
  return [`${placeOf(issue.path, asked, files)}${issue.path.join('.')} is ${value}; ${expected}.`];
}

function valueIn(tree: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], tree);
}

/** File and line where the value of a path was set last, or nothing where it was asked for. */
function placeOf(path: readonly PropertyKey[], asked: Tree, files: readonly PresetFile[]): string {
  if (valueIn(asked, path) !== undefined && !isTree(valueIn(asked, path))) return '';
  for (const { document, lines, shownAs } of files.toReversed()) {
    const node = document.getIn(path, true);
    if (isNode(node) && node.range) return `${shownAs}:${lines.linePos(node.range[0]).line}: `;
  }
  return files.length === 0 ? '' : `${files.at(-1)?.shownAs}: `;
}
