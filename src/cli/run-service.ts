import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Logger } from 'pino';
import type { Config } from '../config/schema.ts';
import { createLog } from '../logging/logger.ts';
import { isForPeople } from './explain-error.ts';
import { CommandFailed } from './usage-error.ts';

/** A service that runs in this process. */
export interface Service {
  /** Asks it to end what it does and stop. */
  stop(): void;
  /** Resolves when it has stopped, rejects when it broke. */
  readonly ended: Promise<void>;
}

/** How a service is run. */
export interface ServiceOptions {
  readonly name: string;
  readonly config: Config;
  /** Log of JSON lines, where the configuration names no other. */
  readonly logFile: string;
  /** Written when the service is ready, removed when it has ended. */
  readonly readyFile?: string | undefined;
  /** What it does when it is asked to stop, for the log. */
  readonly ending: string;
}

/** Runs a service until SIGINT or SIGTERM, or until its supervisor is gone; then lets it end in order. */
export async function runService(
  { name, config, logFile, readyFile, ending }: ServiceOptions,
  start: (logger: Logger) => Promise<Service>,
): Promise<void> {
  const log = await createLog(config, logFile);
  const { logger } = log;
  try {
    const service = await start(logger);
    const stop = (why: string) => {
      logger.info(`${why}: ${ending}`);
      service.stop();
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => stop(signal));
    process.once('disconnect', () => stop('the supervisor is gone'));
    if (readyFile !== undefined) {
      await mkdir(dirname(readyFile), { recursive: true });
      await writeFile(readyFile, `${process.pid}\n`);
    }
    try {
      await service.ended;
    } finally {
      if (readyFile !== undefined) await rm(readyFile, { force: true });
    }
    logger.info(`${name} has ended`);
  } catch (error) {
    if (log.file === null || isForPeople(error)) throw error;
    logger.fatal({ err: error }, `${name} failed; the stack trace is in ${log.file}`);
    throw new CommandFailed('');
  } finally {
    await log.close();
  }
}
