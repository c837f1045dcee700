import { resolve } from 'node:path';
import {
  type DestinationStream,
  type Logger,
  multistream,
  pino,
  type StreamEntry,
  stdSerializers,
} from 'pino';
import { projectRoot } from '../config/load.ts';
import type { Config } from '../config/schema.ts';
import { createConsole } from './log-console.ts';
import { type LogFile, openLogFile } from './log-file.ts';

/** Where a process’s log lines go. */
export interface ProcessLog {
  readonly logger: Logger;
  /** Path of the JSON file, or null when there is none. */
  readonly file: string | null;
  /** Writes what is left and gives the file free. */
  close(): Promise<void>;
}

/**
 * A logger to the console and to a rotating file of JSON lines, as the configuration says; `defaultFile` is the file where it
 * names none. A `LogFileError` says why a file can't be written.
 */
export async function createLog({ logging }: Config, defaultFile: string): Promise<ProcessLog> {
  const { level, file: wanted } = logging;
  const console = logging.console === 'off' ? null : createConsole(logging.console);
  const path = wanted.path === null ? defaultFile : resolve(projectRoot, wanted.path);
  const file = wanted.enabled ? await openLogFile(path, wanted) : null;
  const streams = [console, file?.stream ?? null].filter((stream) => stream !== null);
  const logger = createLogger(level, streams);
  if (file !== null) tellWhenBroken(file, createLogger(level, console === null ? [] : [console]));
  return { logger, file: file?.path ?? null, close: async () => file?.close() };
}

let linesTime: Date | null = null;

/** Writes lines about what happened at `time`: Temporal's SDK hands its own over in batches, some 100 ms late. */
export function writeAt(time: Date, write: () => void): void {
  linesTime = time;
  try {
    write();
  } finally {
    linesTime = null;
  }
}

function createLogger(level: Config['logging']['level'], streams: readonly DestinationStream[]): Logger {
  const options = {
    level,
    timestamp: () => `,"time":"${(linesTime ?? new Date()).toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: serializeError },
  };
  const entries = streams.map(
    (stream): StreamEntry => ({ level: level === 'silent' ? 'fatal' : level, stream }),
  );
  return pino(options, multistream(entries));
}

function serializeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { message, stack } = stdSerializers.err(error);
  return { type: error.name, message, stack };
}

function tellWhenBroken({ path, stream }: LogFile, consoleOnly: Logger): void {
  stream.once('error', (error: Error) =>
    consoleOnly.error(
      { err: error, path },
      'the log file can’t be written any more; lines go to the console alone',
    ),
  );
}
