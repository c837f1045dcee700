import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureDependencies } from './ensure-dependencies.mjs';
import { ensureRuntime } from './ensure-runtime.mjs';
import { environmentFor } from './npm.mjs';

/** Folder of the project. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Gets a Node and the packages ready, then runs a script of the project under that Node with this terminal, and ends as it
 * ends. Signals go on to it; a message and exit code 1 when setting up fails.
 * @param {(root: string) => string} findScript
 * @param {readonly string[]} args
 */
export async function launch(findScript, args) {
  try {
    const logs = join(root, '.questline', 'logs');
    const node = await ensureRuntime(logs);
    await ensureDependencies(root, node, logs);
    process.exitCode = await runScript(node, findScript(root), args);
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'SetupError') throw error;
    console.error(`\n${error.message}`);
    process.exitCode = 1;
  }
}

/**
 * @param {string} node
 * @param {string} script
 * @param {readonly string[]} args
 * @returns {Promise<number>}
 */
function runScript(node, script, args) {
  const flags = ['--disable-warning=ExperimentalWarning'];
  const stdio = /** @type {const} */ (['inherit', 'inherit', 'inherit', 'ipc']);
  const child = spawn(node, [...flags, script, ...args], { env: environmentFor(node), stdio: [...stdio] });
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => child.kill(signal));
  }
  endWithNpm(() => child.kill('SIGTERM'));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) =>
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])),
    );
  });
}

/**
 * Calls `end` when the shell that npm started this process in is gone: npm sends a signal to that shell, which does not send it on.
 * @param {() => void} end
 */
function endWithNpm(end) {
  if (process.env.npm_lifecycle_event === undefined || process.platform === 'win32') return;
  const shell = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === shell) return;
    clearInterval(timer);
    end();
  }, 500);
  timer.unref();
}
