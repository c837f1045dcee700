import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { loadConfig } from '../../config/load.ts';
import { createLogger } from '../../workers/logger.ts';
import { startWorker } from '../../workers/run-worker.ts';

/** `questline worker`: polls until SIGINT or SIGTERM, then lets running activities end; also when its supervisor is gone. */
export async function runWorkerCommand({ readyFile }: { readyFile?: string }): Promise<void> {
  const { config } = loadConfig();
  const logger = createLogger(config.logging.level);
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
