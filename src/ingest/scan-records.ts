/** Limits of one scan, in bytes. */
export interface ScanLimits {
  /** Longest record that is read. */
  readonly maxLineBytes: number;
  /** Longest line that is kept whole when it is not read. */
  readonly keepBytes: number;
  /** How much is kept of a longer one; no more than `keepBytes`. */
  readonly beginningBytes: number;
}

/** Where a record begins. */
export interface Place {
  /** 1-based line of the object, blank lines counted; of a record over several lines the first. */
  lineNumber: number;
  /** In the uncompressed object. */
  byteOffset: number;
}

/** A record that is set aside before anything of it is read. */
export interface AsideRecord extends Readonly<Place> {
  readonly reason: 'bad_encoding' | 'oversized' | 'malformed';
  readonly detail: string;
  /** The record's bytes without its line end, or their beginning. A view that lasts until the next record. */
  readonly raw: Buffer;
  /** Length of the whole record without its line end. */
  readonly rawBytes: number;
}

/** What one object held. */
export interface ScanCount {
  /** Records that are not blank, a header not counted. */
  readonly lines: number;
  /** Uncompressed. */
  readonly bytes: number;
}

/** Cuts whatever is at hand of an object into records. */
export interface RecordScanner {
  /**
   * Takes the whole records between `start` and `end`, the last one too when `isLast`; returns where the first one begins that
   * was not taken. `bytes[end]` exists.
   */
  scan(bytes: Buffer, start: number, end: number, isLast: boolean): number;
  /** Records so far. */
  readonly lines: number;
}

const BLOCK_BYTES = 1_048_576;

/**
 * Feeds an object to a scanner, in blocks of 1 MiB or more that begin with what the scanner left; `afterBlock` may wait. Memory is
 * bounded by the longest record that the scanner waits for.
 */
export async function scanRecords(
  source: AsyncIterable<Uint8Array>,
  scanner: RecordScanner,
  afterBlock: (count: ScanCount) => Promise<void> = async () => {},
  blockBytes = BLOCK_BYTES,
): Promise<ScanCount> {
  let block = Buffer.allocUnsafe(2 * blockBytes);
  let [start, end, bytes, wanted] = [0, 0, 0, blockBytes];
  for await (const chunk of source) {
    if (end + chunk.length >= block.length) {
      const held = end - start;
      const whole = Math.max(block.length, 2 * (held + chunk.length));
      const next = whole > block.length ? Buffer.allocUnsafe(whole) : block;
      block.copy(next, 0, start, end);
      [block, start, end] = [next, 0, held];
    }
    block.set(chunk, end);
    end += chunk.length;
    bytes += chunk.length;
    if (end - start < wanted) continue;
    start = scanner.scan(block, start, end, false);
    wanted = Math.max(blockBytes, 2 * (end - start));
    await afterBlock({ lines: scanner.lines, bytes });
  }
  scanner.scan(block, start, end, true);
  const count = { lines: scanner.lines, bytes };
  await afterBlock(count);
  return count;
}

/** Whether there is nothing in a line but blanks, tabs and carriage returns. */
export function isBlank(bytes: Uint8Array, start: number, end: number): boolean {
  for (let p = start; p < end; p += 1) {
    const byte = bytes[p] as number;
    if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0d) return false;
  }
  return true;
}

/** Length of the byte order mark that an object begins with, or 0. */
export function byteOrderMark(bytes: Uint8Array, start: number, end: number): number {
  const isMark = end - start >= 3 && bytes[start] === 0xef && bytes[start + 1] === 0xbb;
  return isMark && bytes[start + 2] === 0xbf ? 3 : 0;
}

/** The bytes without a character at the end that a cut went through. */
export function trimPartialCharacter(bytes: Buffer): Buffer {
  for (let back = 1; back <= 3 && back <= bytes.length; back += 1) {
    const byte = bytes[bytes.length - back] as number;
    if (byte < 0x80) break;
    if (byte < 0xc0) continue;
    const length = byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
    return length > back && byte <= 0xf4 ? bytes.subarray(0, bytes.length - back) : bytes;
  }
  return bytes;
}
