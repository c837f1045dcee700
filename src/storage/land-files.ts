import { once } from 'node:events';
import { createReadStream, createWriteStream, type WriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { finished } from 'node:stream/promises';
import type { Day } from '../domain/day.ts';
import { readEventDay } from '../domain/event-day.ts';
import { TerminalError } from '../domain/failure.ts';
import { decompress } from '../ingest/decompress.ts';
import { keys } from './keys.ts';
import { isStorageError, type ObjectStore } from './object-store.ts';
import { sha256OfFile } from './sha256.ts';

/** One object that a file was landed as. */
export interface LandedObject {
  readonly day: Day;
  readonly key: string;
  readonly lines: number;
  readonly bytes: number;
  /** `there already` when the very same bytes had landed before. */
  readonly state: 'landed' | 'there already';
}

interface Piece {
  readonly path: string;
  readonly out: WriteStream;
  lines: number;
}

const LF = 10;
const UNDATED = 'undated';

/**
 * Lands one file of events: its lines go, byte for byte, to the arrival day that their timestamps name. Lines without a
 * readable timestamp go to `undatedDay`, by default the newest day in the file. The same file twice lands once.
 */
export async function landFile(
  store: ObjectStore,
  path: string,
  undatedDay: Day | null,
  scratch: string,
): Promise<LandedObject[]> {
  if ((await stat(path)).size === 0)
    throw new TerminalError('UnreadableObject', `${path} is empty: there is nothing to land.`);
  const pieces = await splitByDay(path, scratch);
  const days = [...pieces.keys()].filter((name) => name !== UNDATED).sort() as Day[];
  const fallback = undatedDay ?? days.at(-1);
  if (pieces.size === 0)
    throw new TerminalError('UnreadableObject', `${path} has only blank lines: there is nothing to land.`);
  if (fallback === undefined) {
    throw new TerminalError(
      'UnreadableObject',
      `No line of ${path} has a readable timestamp. Say which day it belongs to with --day.`,
    );
  }
  const landed: LandedObject[] = [];
  for (const [name, piece] of [...pieces].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const day = name === UNDATED ? fallback : (name as Day);
    landed.push(await landPiece(store, path, day, piece, name === UNDATED));
  }
  return landed;
}

/** Uploads a file as it is under a key of the bucket's layout, unless the same bytes are there. */
export async function landObject(
  store: ObjectStore,
  path: string,
  key: string,
): Promise<'landed' | 'there already'> {
  const { size } = await stat(path);
  if (size === 0) throw new TerminalError('UnreadableObject', `${path} is empty: there is nothing to land.`);
  const present = await store.head(key);
  if (present !== null) {
    if (present.bytes === size) return 'there already';
    throw new TerminalError(
      'InvalidRequest',
      `${key} is there with other bytes, and raw data is never replaced. Land ${path} under another name.`,
    );
  }
  await store.write(key, createReadStream(path));
  return 'landed';
}

async function splitByDay(path: string, scratch: string): Promise<Map<string, Piece>> {
  const pieces = new Map<string, Piece>();
  const write = async (line: Buffer): Promise<void> => {
    const name =
      readEventDay(line.toString('utf8')) ?? (line.toString('latin1').trim() === '' ? null : UNDATED);
    if (name === null) return;
    const file = join(scratch, name);
    const piece = pieces.get(name) ?? { path: file, out: createWriteStream(file), lines: 0 };
    pieces.set(name, piece);
    piece.lines += 1;
    if (!piece.out.write(line)) await once(piece.out, 'drain');
  };
  let rest = Buffer.alloc(0);
  for await (const chunk of decompress(path, createReadStream(path))) {
    const data = rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([rest, chunk]);
    let start = 0;
    for (let end = data.indexOf(LF); end >= 0; end = data.indexOf(LF, start)) {
      await write(data.subarray(start, end + 1));
      start = end + 1;
    }
    rest = data.subarray(start);
  }
  if (rest.length > 0) await write(rest);
  for (const { out } of pieces.values()) {
    out.end();
    await finished(out);
  }
  return pieces;
}

async function landPiece(
  store: ObjectStore,
  source: string,
  day: Day,
  piece: Piece,
  undated: boolean,
): Promise<LandedObject> {
  const name = basename(source).replace(/\.(ndjson|jsonl)(\.gz|\.zst)?$/, '');
  const hash = (await sha256OfFile(piece.path)).slice(0, 12);
  const key = keys.rawObject(day, `${name}-${undated ? 'undated-' : ''}${hash}.ndjson`);
  const { size: bytes } = await stat(piece.path);
  const { lines } = piece;
  try {
    if ((await store.head(key)) !== null) return { day, key, lines, bytes, state: 'there already' };
    await store.write(key, createReadStream(piece.path), { ifAbsent: true });
    return { day, key, lines, bytes, state: 'landed' };
  } catch (error) {
    if (!isStorageError(error, 'conflict')) throw error;
    return { day, key, lines, bytes, state: 'there already' };
  }
}
