import type { DestinationStream } from 'pino';
import pretty from 'pino-pretty';

type Line = Readonly<Record<string, unknown>>;

/**
 * Standard error as a stream of log lines, readable or as JSON, each on one line and without stack traces. Whoever read it may
 * go away: the lines are lost then, and nothing else.
 */
export function createConsole(format: 'pretty' | 'json'): DestinationStream {
  process.stderr.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  const render = format === 'pretty' ? createRenderer() : renderAsJson;
  return { write: (text) => void process.stderr.write(render(JSON.parse(text) as Line)) };
}

/** Renders a line for people: time, level, message, then the other fields; an error is its type and message. */
export function createRenderer(colorize = process.stderr.isTTY): (line: Line) => string {
  const render = pretty.prettyFactory({
    colorize,
    singleLine: true,
    translateTime: 'UTC:yyyy-mm-dd HH:MM:ss.l',
    ignore: 'pid,hostname',
    errorLikeObjectKeys: [],
  });
  return ({ msg, err, failure, ...fields }) =>
    render({
      msg: onOneLine(String(msg)),
      ...fields,
      ...(failure === undefined ? {} : { failure: nameError(failure) }),
      ...(err === undefined ? {} : { error: nameError(err) }),
    });
}

/** Renders a line for a collector of logs: as it is, but for stack traces. */
export function renderAsJson({ err, ...fields }: Line): string {
  const { type, message } = readError(err);
  return `${JSON.stringify({ ...fields, ...(err === undefined ? {} : { err: { type, message } }) })}\n`;
}

function nameError(error: unknown): string {
  const { type, message } = readError(error);
  return onOneLine(`${type}: ${message}`);
}

function readError(error: unknown): { readonly type: string; readonly message: string } {
  if (typeof error !== 'object' || error === null) return { type: 'Error', message: String(error) };
  const { type = 'Error', message = '' } = error as { readonly type?: string; readonly message?: string };
  return { type, message };
}

function onOneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, ' ');
}
