import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { loadConfig } from '../../config/load.ts';
import type { Config } from '../../config/schema.ts';
import { dataFolderOf } from '../../stack/data-folder.ts';
import { createLog, type WorkerLog } from '../../workers/logger.ts';
import { startWorker } from '../../workers/run-worker.ts';
import { isForPeople } from '../explain-error.ts';
import { CommandFailed } from '../usage-error.ts';

/** `questline worker`: polls until SIGINT or SIGTERM, then lets running activities end; also when its supervisor is gone. */
export async function runWorkerCommand({ readyFile }: { readyFile?: string }): Promise<void> {
  const { config } = loadConfig();
  const log = await createLog(config, dataFolderOf(config).workerLog);
  try {
    await pollUntilStopped(config, log, readyFile);
  } catch (error) {
    if (log.file === null || isForPeople(error)) throw error;
    log.logger.fatal({ err: error }, `worker failed; the stack trace is in ${log.file}`);
    throw new CommandFailed('');
  } finally {
    await log.close();
  }
}

async function pollUntilStopped(
  config: Config,
  { logger }: WorkerLog,
  readyFile: string | undefined,
): Promise<void> {
  const worker = await startWorker(config, logger);
  const stop = (why: string) => {
    logger.info(`${why}: letting running activities end`);
    worker.stop();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => stop(signal));
  process.once('disconnect', () => stop('the supervisor is gone'));
  if (readyFile !== undefined) {
    await mkdir(dirname(readyFile), { recursive: true });
    await writeFile(readyFile, `${process.pid}\n`);
  }
  try {
    await worker.ended;
  } finally {
    if (readyFile !== undefined) await rm(readyFile, { force: true });
  }
  logger.info('worker has ended');
}
