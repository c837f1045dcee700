import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Runs a command with its output in a log file. It gets a process group of its own, which is ended when this process is.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd: string, env: NodeJS.ProcessEnv, log: string }} options
 * @returns {Promise<{ code: number | null, output: string }>} the exit code and what the command wrote
 */
export async function runLogged(command, args, { cwd, env, log }) {
  await mkdir(dirname(log), { recursive: true });
  const out = createWriteStream(log, { flags: 'a' });
  const heading = `$ ${command} ${args.join(' ')}\n`;
  out.write(heading);
  const grouped = process.platform !== 'win32';
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: grouped });
  const stop = (/** @type {NodeJS.Signals | undefined} */ signal) => {
    try {
      if (child.pid !== undefined) process.kill(grouped ? -child.pid : child.pid, 'SIGTERM');
    } catch {}
    if (signal !== undefined) process.exit(signal === 'SIGINT' ? 130 : 143);
  };
  const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);
  for (const signal of signals) process.once(signal, stop);
  child.stdout.pipe(out, { end: false });
  child.stderr.pipe(out, { end: false });
  const code = await new Promise((resolve) => {
    child.once('error', (error) => {
      out.write(`${error.message}\n`);
      resolve(null);
    });
    child.once('close', resolve);
  });
  for (const signal of signals) process.removeListener(signal, stop);
  await new Promise((resolve) => out.end(resolve));
  const text = await readFile(log, 'utf8');
  return { code, output: text.slice(text.lastIndexOf(heading) + heading.length) };
}
