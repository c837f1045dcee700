import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { bundleWorkflowCode, type WorkerOptions } from '@temporalio/worker';
import type { Logger } from 'pino';
import { projectRoot } from '../config/load.ts';

/** Entry of all workflow code. */
export const workflowsPath = join(projectRoot, 'src', 'workflows', 'index.ts');

/** What is wrapped around all workflow code. */
export const interceptorsPath = join(projectRoot, 'src', 'workflows', 'interceptors.ts');

const sources = ['src/workflows', 'src/domain', 'package-lock.json'];

/**
 * Path of the bundled workflow code, in the cache when the same sources were bundled before, so that a worker starts without
 * bundling again. Fails when workflow code imports what a workflow can't, such as a Node builtin.
 */
export async function bundleWorkflows(
  cacheFolder: string,
  logger: Logger,
): Promise<WorkerOptions['workflowBundle']> {
  const codePath = join(cacheFolder, `workflows-${await hashSources()}.js`);
  const present = await readFile(codePath).then(
    () => true,
    () => false,
  );
  if (!present) {
    logger.info('bundling workflow code');
    const log = {
      trace: noLog,
      debug: noLog,
      info: noLog,
      log: noLog,
      warn: noLog,
      error: logger.error.bind(logger),
    };
    const { code } = await bundleWorkflowCode({
      workflowsPath,
      workflowInterceptorModules: [interceptorsPath],
      logger: log,
    });
    const partial = `${codePath}.partial-${process.pid}`;
    await mkdir(dirname(codePath), { recursive: true });
    await writeFile(partial, code);
    await rename(partial, codePath);
    await removeOthers(cacheFolder, codePath);
  }
  return { codePath };
}

const noLog = () => {};

async function hashSources(): Promise<string> {
  const hash = createHash('sha256');
  for (const source of sources) {
    const path = join(projectRoot, source);
    const names = source.endsWith('.json') ? [''] : (await readdir(path)).sort();
    for (const name of names) hash.update(name).update(await readFile(join(path, name)));
  }
  return hash.digest('hex').slice(0, 16);
}

async function removeOthers(folder: string, keep: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => /^workflows-[0-9a-f]+\.js$/.test(name));
  await Promise.all(
    names
      .map((name) => join(folder, name))
      .filter((path) => path !== keep)
      .map((path) => rm(path, { force: true })),
  );
}
