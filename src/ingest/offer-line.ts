import type { KeptLine } from '../domain/kept-line.ts';
import { findEventText, isIncomplete, keptBytes } from './event-text.ts';

/**
 * A quarantined line as one line of JSON to be mended: where it is from, why it was rejected, and the line itself as `event` when
 * it is one JSON object, else as `raw`. Bytes that are not UTF-8 stand in `raw_base64`, and in `raw` with a � where one can't be read.
 */
export function offerLine(line: KeptLine, header: readonly string[] | null): string {
  const { object, line: number, offset, reason, detail, rawBase64, rawBytes } = line;
  const head = JSON.stringify({ from: { object, line: number, offset }, reason, detail });
  const event = findEventText(line, header);
  if (event !== null) return `${head.slice(0, -1)},"event":${event}}`;
  const base64 = rawBase64 === null ? {} : { raw_base64: rawBase64 };
  const cut = isIncomplete(line) ? { incomplete: true, raw_bytes: rawBytes } : {};
  const rest = JSON.stringify({ raw: shownText(line), ...base64, ...cut });
  return `${head.slice(0, -1)},${rest.slice(1)}`;
}

/** What is shown of a line as text, whatever its bytes are. */
export function shownText(line: KeptLine): string {
  return line.raw ?? keptBytes(line).toString('utf8');
}
