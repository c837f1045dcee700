import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

/**
 * How to run the machine's own npm under a given Node: the npm that started this process, else the one beside this Node, else
 * the one on PATH.
 * @param {string} node path of the Node to run it under
 * @returns {{ command: string, args: string[] }}
 */
export function npmCommand(node) {
  const beside = join(dirname(process.execPath), '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js');
  const besideOnWindows = join(dirname(process.execPath), 'node_modules', 'npm', 'bin', 'npm-cli.js');
  const cli = [process.env.npm_execpath, beside, besideOnWindows].find(
    (path) => path !== undefined && /npm-cli\.[cm]?js$/.test(path) && existsSync(path),
  );
  if (cli !== undefined) return { command: node, args: [cli] };
  return { command: process.platform === 'win32' ? 'npm.cmd' : 'npm', args: [] };
}

/**
 * An environment in which `node` is the given one, for npm and whatever it starts.
 * @param {string} node
 * @returns {NodeJS.ProcessEnv}
 */
export function environmentFor(node) {
  const rest = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_(config|package|lifecycle)_/i.test(name)),
  );
  return { ...rest, PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ''}` };
}

/**
 * What to say of an npm run that failed: whether the registry was reached, and npm's own words.
 * @param {string} output what npm wrote
 * @param {string} log
 */
export function explainNpmFailure(output, log) {
  const offline = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH/.test(output);
  const told = output
    .split('\n')
    .filter((line) => /npm (error|ERR!) (?!code |errno |A complete log)\S|^spawn /.test(line))
    .slice(0, 3);
  const advice = offline
    ? 'The npm registry can’t be reached. Connect to the network, or point npm at a mirror (npm config set registry …), and run the command again.'
    : 'Mend what npm says and run the command again.';
  return [...told, advice, `Whole log: ${log}`].join('\n');
}
