import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../config/load.ts';
import type { Config } from '../config/schema.ts';
import type { DataFolder } from './data-folder.ts';
import type { ProcessDeclaration } from './managed-process.ts';

/** A worker with this process' configuration. */
export function workerProcess(config: Config, folder: DataFolder): ProcessDeclaration {
  const stopMs = (config.worker.shutdownGraceSeconds + 15) * 1000;
  return serviceProcess('worker', [], folder, stopMs);
}

/** The dashboard with this process' configuration, on a port. */
export function dashboardProcess(folder: DataFolder, port: number): ProcessDeclaration {
  return serviceProcess('dashboard', ['--port', String(port)], folder, 15_000);
}

function serviceProcess(
  name: string,
  args: readonly string[],
  folder: DataFolder,
  stopMs: number,
): ProcessDeclaration {
  const ready = join(folder.cache, `${name}-ready-${process.pid}`);
  const script = join(projectRoot, 'src', 'cli', 'main.ts');
  return {
    name,
    command: process.execPath,
    args: ['--disable-warning=ExperimentalWarning', script, name, ...args, '--ready-file', ready],
    log: join(folder.logs, `${name}.log`),
    isReady: async () => existsSync(ready),
    readyMs: 60_000,
    stopMs,
    channel: true,
  };
}
