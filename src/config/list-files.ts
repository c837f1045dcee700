import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { suggestName } from './config-error.ts';

/** A YAML file to read, and how messages name it. */
export interface ConfigFile {
  readonly path: string;
  readonly shownAs: string;
}

const builtIn = ['development', 'production', 'test'];

/** Name of the environment that QUESTLINE_ENV chooses; development when it is not set or empty. */
export function nameEnvironment(env: NodeJS.ProcessEnv): string {
  return env['QUESTLINE_ENV'] || 'development';
}

/**
 * The files that are there, in the order in which they are laid over each other: default.yaml, the environment's and that of
 * the game that QUESTLINE_GAME names (games/NAME.yaml) in `root`/config, then those of the folder that QUESTLINE_CONFIG names,
 * or that file. What is wrong goes to `problems`.
 */
export function listFiles(env: NodeJS.ProcessEnv, root: string, problems: string[]): ConfigFile[] {
  const environment = nameEnvironment(env);
  const own = env['QUESTLINE_CONFIG'] || null;
  const ownPath = own === null ? null : resolve(own);
  const isFolder = ownPath !== null && isDirectory(ownPath);
  const folders = [join(root, 'config'), ...(isFolder ? [ownPath] : [])];

  const known = [...new Set([...builtIn, ...folders.flatMap(listEnvironments)])].sort();
  if (!known.includes(environment)) {
    const near = suggestName(environment, known);
    const meant = near === null ? '' : ` Did you mean ${near}?`;
    problems.push(`QUESTLINE_ENV is "${environment}"; expected one of ${known.join(', ')}.${meant}`);
  }
  const names = [
    'default.yaml',
    ...(known.includes(environment) ? [`${environment}.yaml`] : []),
    ...findGame(env, folders, problems),
  ];
  const paths = folders
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .filter((path) => existsSync(path));
  if (ownPath !== null) {
    if (!existsSync(ownPath)) {
      problems.push(`QUESTLINE_CONFIG is "${own}", which does not exist. Give a YAML file or a folder.`);
    } else if (!isFolder) paths.push(ownPath);
    else if (!paths.some((path) => path.startsWith(`${ownPath}${sep}`))) {
      problems.push(`QUESTLINE_CONFIG is "${own}", a folder with neither ${names.join(' nor ')} in it.`);
    }
  }
  return paths.map((path) => ({ path, shownAs: showPath(path, root) }));
}

/** The file of the game that QUESTLINE_GAME names, within a folder of configuration; none when it is not set. */
function findGame(env: NodeJS.ProcessEnv, folders: readonly string[], problems: string[]): string[] {
  const game = env['QUESTLINE_GAME'] || null;
  if (game === null) return [];
  const known = [...new Set(folders.flatMap((folder) => listYaml(join(folder, 'games'))))].sort();
  if (known.includes(game)) return [join('games', `${game}.yaml`)];
  const near = suggestName(game, known);
  const allowed =
    known.length === 0
      ? 'there is no file games/NAME.yaml beside default.yaml'
      : `expected one of ${known.join(', ')}`;
  problems.push(`QUESTLINE_GAME is "${game}"; ${allowed}.${near === null ? '' : ` Did you mean ${near}?`}`);
  return [];
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function listEnvironments(folder: string): string[] {
  return listYaml(folder).filter((name) => name !== 'default');
}

/** Names of the YAML files in a folder, without their suffix. */
function listYaml(folder: string): string[] {
  if (!isDirectory(folder)) return [];
  const names = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
  return names.map((name) => name.slice(0, -'.yaml'.length));
}

function showPath(path: string, root: string): string {
  const inside = relative(root, path);
  return inside.startsWith('..') ? path : inside;
}
