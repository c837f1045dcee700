import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withLock } from './lock.mjs';
import { environmentFor, explainNpmFailure, npmCommand } from './npm.mjs';
import { createProgress } from './progress.mjs';
import { runLogged } from './run-command.mjs';
import { SetupError } from './setup-error.mjs';

/** Packages with binaries of their own: npm under an old Node skips those of the first without a word. */
const native = ['nodejs-polars', '@duckdb/node-api', '@temporalio/worker'];

/**
 * Brings node_modules in step with package-lock.json for the given Node, unless it is.
 * @param {string} root the project
 * @param {string} node
 * @param {string} logFolder
 */
export async function ensureDependencies(root, node, logFolder) {
  const wanted = describeWanted(root, node);
  if (readStamp(root) === wanted) return;
  const lock = join(root, '.questline', 'install.lock');
  const onWait = (/** @type {number} */ pid) =>
    console.error(`  … another command (process ${pid}) is installing the packages; waiting`);
  await withLock(
    lock,
    async () => {
      if (readStamp(root) === wanted) return;
      if (!isComplete(root, node)) await install(root, node, join(logFolder, 'install.log'));
      await linkCommand(root);
      await writeFile(stampPath(root), wanted);
    },
    { onWait },
  );
}

/** @param {string} root */
function stampPath(root) {
  return join(root, 'node_modules', '.questline-installed');
}

/** @param {string} root */
function readStamp(root) {
  try {
    return readFileSync(stampPath(root), 'utf8');
  } catch {
    return null;
  }
}

/** @param {string} root @param {string} node */
function describeWanted(root, node) {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  return `${lock} ${process.platform}-${process.arch} ${node}\n`;
}

/**
 * Whether what somebody's own `npm ci` left is all there and loads under this Node.
 * @param {string} root
 * @param {string} node
 */
function isComplete(root, node) {
  const installed = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installed)) return false;
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const found = JSON.parse(readFileSync(installed, 'utf8')).packages;
  for (const [path, { version, optional }] of Object.entries(wanted)) {
    if (path !== '' && !optional && found[path]?.version !== version) return false;
  }
  try {
    const code = native.map((name) => `require(${JSON.stringify(name)})`).join(';');
    execFileSync(node, ['-e', code], { cwd: root, stdio: 'ignore', timeout: 60_000 });
    return true;
  } catch {
    return false;
  }
}

/** @param {string} root @param {string} node @param {string} log */
async function install(root, node, log) {
  const progress = createProgress();
  try {
    const task = progress.begin('packages', `installing into node_modules; log: ${log}`);
    const npm = npmCommand(node);
    const args = [
      ...npm.args,
      'ci',
      '--include=dev',
      '--include=optional',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
    ];
    const { code, output } = await runLogged(npm.command, args, {
      cwd: root,
      env: environmentFor(node),
      log,
    });
    if (code !== 0)
      throw new SetupError(`The packages could not be installed.\n${explainNpmFailure(output, log)}`);
    if (!isComplete(root, node)) {
      throw new SetupError(
        `npm ci ended well, but packages are missing or don’t load. Remove node_modules and run the command again. Whole log: ${log}`,
      );
    }
    task.end('installed');
  } finally {
    progress.stop();
  }
}

/** @param {string} root */
async function linkCommand(root) {
  const folder = join(root, 'node_modules', '.bin');
  await mkdir(folder, { recursive: true });
  const target = join(root, 'bin', 'questline.mjs');
  if (process.platform === 'win32') {
    await writeFile(join(folder, 'questline.cmd'), `@node "%~dp0\\..\\..\\bin\\questline.mjs" %*\r\n`);
    return;
  }
  await chmod(target, 0o755);
  await rm(join(folder, 'questline'), { force: true });
  await symlink('../../bin/questline.mjs', join(folder, 'questline'));
}
