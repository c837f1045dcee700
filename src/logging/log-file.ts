import { once } from 'node:events';
import { chmod, mkdir } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { finished } from 'node:stream/promises';
import { createStream, type RotatingFileStream } from 'rotating-file-stream';
import { withLock } from '../../infra/bootstrap/lock.mjs';

/** Limits of a log file and of what is set aside from it. */
export interface LogFileLimits {
  /** In units of 1,048,576 bytes. */
  readonly maxMegabytes: number;
  /** Files set aside, beside the one being written. */
  readonly keep: number;
}

/** A log file that this process alone writes. */
export interface LogFile {
  readonly path: string;
  readonly stream: RotatingFileStream;
  close(): Promise<void>;
}

/** The log file can't be written. */
export class LogFileError extends Error {
  override readonly name = 'LogFileError';
}

class TakenError extends Error {}

/**
 * Opens a rotating log file that only its owner can read. A full `worker.jsonl` becomes `worker.1.jsonl`, that one
 * `worker.2.jsonl`, and so on. When another process on this machine writes it, `worker-2.jsonl` is taken, then `worker-3.jsonl`.
 */
export async function openLogFile(wanted: string, { maxMegabytes, keep }: LogFileLimits): Promise<LogFile> {
  try {
    const { path, release } = await claim(wanted);
    const name = (index: unknown) =>
      basename(typeof index === 'number' && index > 0 ? insert(path, `.${index}`) : path);
    const stream = createStream(name, {
      path: dirname(path),
      size: `${maxMegabytes}M`,
      rotate: keep,
      mode: 0o600,
    });
    await once(stream, 'open');
    await chmod(path, 0o600);
    const close = async () => {
      stream.end();
      await finished(stream).catch(() => {});
      await release();
    };
    return { path, stream, close };
  } catch (error) {
    const reason = (error as Error).message;
    throw new LogFileError(
      `The log file ${wanted} can't be written (${reason}). Set logging.file.path to a file in a folder that can, or logging.file.enabled to false.`,
      { cause: error },
    );
  }
}

async function claim(wanted: string): Promise<{ path: string; release: () => Promise<void> }> {
  await mkdir(dirname(wanted), { recursive: true });
  for (let n = 1; ; n += 1) {
    const path = n === 1 ? wanted : insert(wanted, `-${n}`);
    const release = await hold(`${path}.lock`);
    if (release !== null) return { path, release };
  }
}

/** Holds a lock until the returned function is called; null when another process holds it. */
async function hold(lock: string): Promise<(() => Promise<void>) | null> {
  const over = Promise.withResolvers<void>();
  return new Promise((resolve, reject) => {
    const held = withLock(
      lock,
      () => {
        resolve(async () => {
          over.resolve();
          await held;
        });
        return over.promise;
      },
      {
        onWait: () => {
          throw new TakenError();
        },
      },
    );
    held.catch((error: unknown) => (error instanceof TakenError ? resolve(null) : reject(error)));
  });
}

function insert(path: string, mark: string): string {
  const extension = extname(path);
  return join(dirname(path), `${basename(path, extension)}${mark}${extension}`);
}
