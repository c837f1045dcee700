import { isUtf8 } from 'node:buffer';
import type { KeptLine } from '../domain/kept-line.ts';
import {
  findEventOfRow,
  findEventText,
  isIncomplete,
  isObjectText,
  isSameJson,
  keptBytes,
} from './event-text.ts';
import { MendError, type MendedEntry } from './mended-entry.ts';
import { shownText } from './offer-line.ts';

const UNREADABLE = '\u{fffd}';

/**
 * The bytes of the line that an entry puts in the place of the original, without a line end; null when it says what the original
 * says. What can't be a line of events is a `MendError`. `header` has the columns of the original's CSV object, null for NDJSON.
 */
export function mendLine(
  entry: MendedEntry,
  original: KeptLine,
  header: readonly string[] | null,
): Buffer | null {
  if (entry.event !== null) {
    const before = findEventText(original, header);
    return before !== null && isSameJson(before, entry.event) ? null : Buffer.from(entry.event);
  }
  const written = findWritten(entry, original);
  if (written.equals(keptBytes(original))) return null;
  if (isIncomplete(original)) {
    throw new MendError(
      `only the first ${keptBytes(original).length} of its ${original.rawBytes} bytes are kept, so "raw" can't be mended: write the whole event as "event"`,
    );
  }
  const line = header === null ? written : takeRow(written, header);
  checkIsOneLine(line);
  return line;
}

/** The line's own text or bytes, whichever of them was edited. */
function findWritten({ raw, rawBase64 }: MendedEntry, original: KeptLine): Buffer {
  if (raw !== null && (original.rawBase64 === null || raw !== shownText(original))) {
    if (original.rawBase64 !== null && !isIncomplete(original) && raw.includes(UNREADABLE)) {
      throw new MendError(
        `"raw" still has a ${UNREADABLE}, where a byte is not UTF-8: write the character that is meant`,
      );
    }
    return Buffer.from(raw);
  }
  if (rawBase64 !== null) return decodeBase64(rawBase64);
  if (raw !== null) return keptBytes(original);
  throw new MendError(
    'there is neither "event" nor "raw": leave the line out to leave the original as it is',
  );
}

function decodeBase64(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64') === text) return bytes;
  throw new MendError('"raw_base64" is not base64');
}

/** A mended row of CSV as an event, since mended lines are landed as NDJSON; an object is taken as it is. */
function takeRow(bytes: Buffer, header: readonly string[]): Buffer {
  const text = bytes.toString('utf8');
  if (isUtf8(bytes) && isObjectText(text)) return bytes;
  const event = isUtf8(bytes) ? findEventOfRow(text, header) : null;
  if (event !== null) return Buffer.from(event.replaceAll(/[\r\n]/g, ' '));
  throw new MendError(
    `"raw" is not a row of CSV with the columns ${header.join(', ')}: mend it, or write the event as "event"`,
  );
}

function checkIsOneLine(line: Buffer): void {
  if (line.includes('\n')) throw new MendError('"raw" has a line end in it: one entry is one line');
  if (line.toString('latin1').trim() === '')
    throw new MendError('"raw" is blank: leave the line out to leave the original as it is');
}
