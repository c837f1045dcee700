import { chmod, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from '../../../infra/bootstrap/cache-folder.mjs';
import { withLock } from '../../../infra/bootstrap/lock.mjs';
import { createProgress, type Task } from '../../../infra/bootstrap/progress.mjs';
import { isRunning } from '../stack-state.ts';
import type { ServerDeclaration } from './declarations.ts';
import { downloadRelease } from './download-release.ts';
import { findOnPath, isExecutable, versionOf } from './find-binary.ts';
import { goInstall } from './go-install.ts';
import { DownloadError, ServerBinaryError } from './server-error.ts';

/** A binary that runs, and where it was found. */
export interface ServerBinary {
  readonly path: string;
  readonly source: 'configured' | 'path' | 'cache' | 'release' | 'go';
  /** What it says of its version. */
  readonly version: string;
}

/** Finds or gets several servers at the same time, telling on standard error what it does. */
export async function ensureServers(
  servers: readonly ServerDeclaration[],
  logFolder: string,
): Promise<ReadonlyMap<ServerDeclaration['name'], ServerBinary>> {
  const progress = createProgress();
  try {
    const settled = await Promise.allSettled(
      servers.map((server) =>
        ensureServer(server, logFolder, (doing) => progress.begin(server.title, doing)),
      ),
    );
    const failed = settled
      .filter((result) => result.status === 'rejected')
      .map(({ reason }) => reason as Error);
    if (failed.length > 0) {
      const known = failed.every((error) => error instanceof ServerBinaryError);
      throw known ? new ServerBinaryError(failed.map(({ message }) => message).join('\n\n')) : failed[0];
    }
    const found = settled.map((result) => (result as PromiseFulfilledResult<ServerBinary>).value);
    return new Map(servers.map(({ name }, n) => [name, found[n] as ServerBinary]));
  } finally {
    progress.stop();
  }
}

/** Where a server's binary is without getting one: its variable, PATH, the cache; null when nowhere. */
export async function findServer(
  server: ServerDeclaration,
  env: NodeJS.ProcessEnv = process.env,
): Promise<ServerBinary | null> {
  const own = env[server.binaryVariable];
  if (own !== undefined && own !== '') {
    const version = await versionOf(own);
    if (version !== null) return { path: own, source: 'configured', version };
    throw new ServerBinaryError(
      `${server.binaryVariable} is "${own}", which does not run. Give the path of a ${server.title} binary, or unset it.`,
    );
  }
  for (const [source, path] of [
    ['path', await findOnPath(server.name, env)],
    ['cache', cachedPath(server)],
  ] as const) {
    const version = path !== null && (await isExecutable(path)) ? await versionOf(path) : null;
    if (path !== null && version !== null) return { path, source, version };
  }
  return null;
}

/**
 * A server's binary: found as `findServer` does, else from its official release, else built by Go, and then kept in the cache.
 * One process gets it while others wait. `begin` is called when there is something to wait for.
 */
export async function ensureServer(
  server: ServerDeclaration,
  logFolder: string,
  begin: (doing: string) => Task,
  env: NodeJS.ProcessEnv = process.env,
): Promise<ServerBinary> {
  const present = await findServer(server, env);
  if (present !== null) return present;
  const task = begin('looking for it');
  const lock = `${serverFolder(server)}.lock`;
  const got = await withLock(
    lock,
    async () => (await findServer(server, env)) ?? (await getServer(server, logFolder, task, env)),
    { onWait: (pid) => task.update(`another command (process ${pid}) is getting it; waiting`) },
  );
  task.end(`${got.version} (${got.source === 'go' ? 'built with Go' : got.source})`);
  return got;
}

function serverFolder(server: ServerDeclaration): string {
  return join(cacheFolder(), 'servers', `${server.name}-${server.version}`);
}

function cachedPath(server: ServerDeclaration): string {
  return join(serverFolder(server), process.platform === 'win32' ? `${server.name}.exe` : server.name);
}

async function getServer(
  server: ServerDeclaration,
  logFolder: string,
  task: Task,
  env: NodeJS.ProcessEnv,
): Promise<ServerBinary> {
  const folder = serverFolder(server);
  await removeLeftovers(folder);
  const work = join(folder, `work-${process.pid}`);
  await mkdir(work, { recursive: true });
  try {
    const { path, source } = await obtain(server, folder, work, logFolder, task, env);
    await chmod(path, 0o755);
    const version = await versionOf(path);
    if (version === null)
      throw new ServerBinaryError(`${server.title} was got but does not run on this machine.`);
    await rename(path, cachedPath(server));
    return { path: cachedPath(server), source, version };
  } finally {
    await rm(work, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function obtain(
  server: ServerDeclaration,
  folder: string,
  work: string,
  logFolder: string,
  task: Task,
  env: NodeJS.ProcessEnv,
): Promise<{ path: string; source: 'release' | 'go' }> {
  let missed: string;
  const file = server.release.file(process.platform, process.arch);
  if (file === null) missed = `there is none for ${process.platform}-${process.arch}`;
  else {
    try {
      task.update('looking at the official release');
      const path = join(work, server.release.member ?? server.name);
      await downloadRelease(server.release, file, folder, path, (doing) => task.update(doing), env);
      return { path, source: 'release' };
    } catch (error) {
      if (!(error instanceof DownloadError)) throw error;
      missed = error.message;
    }
  }
  task.update(`no release: ${missed}`);
  try {
    const log = join(logFolder, `build-${server.name}.log`);
    const places = { folder: work, caches: join(folder, 'go'), log };
    const path = await goInstall(server.goModule, places, (doing) => task.update(doing), env);
    return { path, source: 'go' };
  } catch (error) {
    if (!(error instanceof ServerBinaryError)) throw error;
    throw new ServerBinaryError(
      `${server.title} is neither on this machine nor could it be got.\n  official release: ${missed}\n  go install: ${error.message}\n` +
        `Connect to the internet, or install Go 1.24 or newer, or put ${server.name} on PATH, or set ${server.configKey} in the config to a server that runs.`,
      { cause: error },
    );
  }
}

async function removeLeftovers(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    const pid = /^work-(\d+)$/.exec(name)?.[1];
    if (pid !== undefined && !isRunning(Number(pid))) {
      await rm(join(folder, name), { recursive: true, force: true, maxRetries: 3 });
    }
  }
}
