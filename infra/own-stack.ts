import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const root = join(import.meta.dirname, '..');
const command = join(root, 'bin', 'questline.mjs');

/** Servers, a worker and a dashboard of a script's own, over a data folder that goes with it; used through the command line. */
export interface OwnStack {
  readonly env: NodeJS.ProcessEnv;
  /** Runs `questline ARGS…` and answers with what it prints. */
  run(...args: readonly string[]): Promise<string>;
  /** Starts it, and answers with what stops it. */
  start(): Promise<() => Promise<void>>;
  /** Stops it if it still runs, and removes its data. */
  remove(): Promise<void>;
}

/** Prepares a stack with these settings; nothing runs until it is started. */
export async function ownStack(settings: Readonly<Record<string, string>> = {}): Promise<OwnStack> {
  const folder = await mkdtemp(join(tmpdir(), 'questline-bench-'));
  const env = {
    ...process.env,
    QUESTLINE_EMBEDDED_DATA_DIR: folder,
    QUESTLINE_EMBEDDED_TEMPORAL_PORT: '0',
    QUESTLINE_EMBEDDED_TEMPORAL_UI_PORT: '0',
    QUESTLINE_EMBEDDED_MINIO_PORT: '0',
    QUESTLINE_EMBEDDED_MINIO_CONSOLE_PORT: '0',
    QUESTLINE_DASHBOARD_PORT: '0',
    ...settings,
  };
  let stopRunning: (() => Promise<void>) | null = null;
  return {
    env,
    run: async (...args) => {
      const options = { env, cwd: root, maxBuffer: 64 * 1024 ** 2 };
      return (await promisify(execFile)(process.execPath, [command, ...args], options)).stdout;
    },
    start: async () => {
      const child = spawn(process.execPath, [command, 'start', '--no-demo'], { env, cwd: root });
      let said = '';
      await new Promise<void>((resolve, reject) => {
        child.once('exit', () => reject(new Error(said)));
        child.stderr.on('data', (chunk) => {
          said += String(chunk);
          if (said.includes('Questline is up')) resolve();
        });
      });
      const stop = async () => {
        stopRunning = null;
        child.removeAllListeners('exit');
        child.kill('SIGINT');
        await once(child, 'exit');
      };
      stopRunning = stop;
      return stop;
    },
    remove: async () => {
      await stopRunning?.();
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
