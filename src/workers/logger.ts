import { type Logger, pino } from 'pino';
import pretty from 'pino-pretty';

/** A logger to standard error: lines for people on a terminal, JSON elsewhere. */
export function createLogger(level: string): Logger {
  const isTerminal = process.stderr.isTTY;
  const stream = isTerminal
    ? pretty({ destination: 2, colorize: true, ignore: 'pid,hostname', sync: true })
    : pino.destination({ dest: 2, sync: true });
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, stream);
}
