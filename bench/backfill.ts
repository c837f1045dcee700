import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/**
 * Times what a first-time user waits for, through the command line and on servers of its own: starting, generating 30 days,
 * running them (without generation), running them again unchanged, and starting again over the data.
 */
const root = join(import.meta.dirname, '..');
const command = join(root, 'bin', 'questline.mjs');
const range = ['--from', '2026-01-01', '--to', '2026-01-30'];
const folder = await mkdtemp(join(tmpdir(), 'questline-bench-'));
const env = {
  ...process.env,
  QUESTLINE_EMBEDDED_DATA_DIR: folder,
  QUESTLINE_EMBEDDED_TEMPORAL_PORT: '0',
  QUESTLINE_EMBEDDED_TEMPORAL_UI_PORT: '0',
  QUESTLINE_EMBEDDED_MINIO_PORT: '0',
  QUESTLINE_EMBEDDED_MINIO_CONSOLE_PORT: '0',
};

async function run(...args: readonly string[]): Promise<string> {
  const options = { env, cwd: root, maxBuffer: 64 * 1024 ** 2 };
  return (await promisify(execFile)(process.execPath, [command, ...args], options)).stdout;
}

async function start(): Promise<() => Promise<void>> {
  const child = spawn(process.execPath, [command, 'start', '--no-demo'], { env, cwd: root });
  let said = '';
  await new Promise<void>((resolve, reject) => {
    child.once('exit', () => reject(new Error(said)));
    child.stderr.on('data', (chunk) => {
      said += String(chunk);
      if (said.includes('Questline is up')) resolve();
    });
  });
  return async () => {
    child.removeAllListeners('exit');
    child.kill('SIGINT');
    await once(child, 'exit');
  };
}

async function time<T>(what: string, work: () => Promise<T>, rows?: (result: T) => number): Promise<T> {
  const began = performance.now();
  const result = await work();
  const seconds = (performance.now() - began) / 1000;
  const rate =
    rows === undefined ? '' : `${Math.round(rows(result) / seconds).toLocaleString('en-US')} lines/s`;
  console.log(`${what.padEnd(34)} ${seconds.toFixed(1).padStart(6)} s  ${rate}`);
  return result;
}

const linesOf = (json: string) =>
  (JSON.parse(json) as { days: { lines: number }[] }).days.reduce((sum, { lines }) => sum + lines, 0);

try {
  const stop = await time('start, empty', start);
  await time('generate 30 days', () => run('generate', ...range, '--json'), linesOf);
  await time('backfill 30 landed days', () => run('backfill', ...range, '--json'), linesOf);
  await time('the same backfill again', () => run('backfill', ...range, '--json'), linesOf);
  await stop();
  const stopAgain = await time('start, with 30 days', start);
  await stopAgain();
} finally {
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}
