import { isUtf8 } from 'node:buffer';
import { readFile, stat } from 'node:fs/promises';
import { TerminalError } from '../domain/failure.ts';
import { describePlace } from '../domain/kept-line.ts';
import { MendError, type MendedEntry, readEntry } from '../ingest/mended-entry.ts';
import { refuseProblems } from './plan-replay.ts';

const MOST_BYTES = 1024 ** 3;
const LF = 10;
const MARK = Buffer.from('\u{feff}');

/** Reads a file of mended lines, one entry a line; whatever can't be read in it is told in one `InvalidRequest`. */
export async function readEditedFile(path: string): Promise<MendedEntry[]> {
  return readEditedLines(path, splitLines(await readWhole(path)));
}

/** Reads mended lines, each an entry as a file of them has it; `name` is what errors call them. */
export function readEditedLines(name: string, lines: Iterable<Buffer>): MendedEntry[] {
  const entries: MendedEntry[] = [];
  const places = new Map<string, number>();
  const problems: string[] = [];
  let at = 0;
  for (const line of lines) {
    at += 1;
    if (line.toString('latin1').trim() === '') continue;
    try {
      const entry = readEntry(line, at);
      const place = describePlace(entry.from);
      const before = places.get(place);
      if (before !== undefined) throw new MendError(`${place} stands on line ${before} already`);
      places.set(place, at);
      entries.push(entry);
    } catch (error) {
      if (!(error instanceof MendError)) throw error;
      problems.push(`line ${at}: ${error.message}`);
    }
  }
  refuseProblems(name, problems);
  if (entries.length === 0) throw refuse(`${name} has no lines: there is nothing to replay.`);
  return entries;
}

async function readWhole(path: string): Promise<Buffer> {
  const info = await stat(path).catch((error: Error) => {
    throw refuse(`${path} can't be read: ${error.message}.`);
  });
  if (!info.isFile()) throw refuse(`${path} is not a file.`);
  if (info.size > MOST_BYTES) throw refuse(`${path} is larger than 1 GiB. Replay it in parts.`);
  const bytes = await readFile(path);
  if (isUtf8(bytes)) return bytes.subarray(0, 3).equals(MARK) ? bytes.subarray(3) : bytes;
  const isUtf16 = bytes[0] === 0xff || bytes[0] === 0xfe;
  throw refuse(`${path} is ${isUtf16 ? 'UTF-16' : 'not UTF-8'}. Save it as UTF-8.`);
}

function* splitLines(bytes: Buffer): Iterable<Buffer> {
  for (let start = 0; start < bytes.length; ) {
    const found = bytes.indexOf(LF, start);
    const end = found < 0 ? bytes.length : found;
    yield bytes.subarray(start, end);
    start = end + 1;
  }
}

function refuse(message: string): TerminalError {
  return new TerminalError('InvalidRequest', message);
}
