import { isUtf8 } from 'node:buffer';

/** A line that is set aside before any JSON is read. */
export interface AsideLine {
  readonly reason: 'bad_encoding' | 'oversized' | 'malformed';
  readonly detail: string;
  /** 1-based line of the object, blank lines counted. */
  readonly lineNumber: number;
  /** Where the line begins in the uncompressed object. */
  readonly byteOffset: number;
  /** The line's bytes without its line end; of an oversized line the first `keepBytes`. */
  readonly raw: Buffer;
  /** Length of the whole line without its line end. */
  readonly rawBytes: number;
}

/** What `scanLines` hands on, in the order of the object. */
export interface LineSink {
  /** Bytes of whole lines, each ended by `\n`, safe for the one-column reader. May be a view of a reused buffer. */
  write(bytes: Uint8Array): void | Promise<void>;
  /** Where the next line handed to `write` stood: once a line. */
  locate(lineNumber: number, byteOffset: number): void;
  /** A line that does not go through `write`. */
  setAside(line: AsideLine): void | Promise<void>;
}

/** Limits of one scan, in bytes. */
export interface ScanLimits {
  readonly maxLineBytes: number;
  /** How much of an oversized line is kept. */
  readonly keepBytes: number;
}

/** What one object held: every line that is not blank, and its uncompressed size in bytes. */
export interface ScanCount {
  readonly lines: number;
  readonly bytes: number;
}

const LF = 10;
const CR = 13;
const BOM = Buffer.from([0xef, 0xbb, 0xbf]);
/** Bytes that the one-column reader gives a meaning of its own; JSON allows none of them unescaped. */
const RESERVED = [0, 1, 2];

/**
 * Cuts a byte stream into lines and sorts out those that a text reader would lose: bytes that are not UTF-8, lines over
 * the limit, control bytes that the reader takes for its own. Every line that is not blank is located or set aside, once.
 */
export async function scanLines(
  source: AsyncIterable<Uint8Array>,
  sink: LineSink,
  limits: ScanLimits,
): Promise<ScanCount> {
  const scanner = new Scanner(sink, limits);
  for await (const chunk of source)
    await scanner.take(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
  return scanner.end();
}

class Scanner {
  private readonly sink: LineSink;
  private readonly limits: ScanLimits;
  private carry: Buffer[] = [];
  private carryBytes = 0;
  /** The last two bytes that were held back or passed over. */
  private tail: readonly [number, number] = [0, 0];
  private offset = 0;
  private lineNumber = 1;
  private lines = 0;

  constructor(sink: LineSink, limits: ScanLimits) {
    this.sink = sink;
    this.limits = limits;
  }

  async take(chunk: Buffer): Promise<void> {
    const last = chunk.lastIndexOf(LF);
    if (last < 0) return this.keep(chunk);
    let start = 0;
    if (this.carryBytes > 0) {
      start = chunk.indexOf(LF) + 1;
      this.keep(chunk.subarray(0, start));
      await this.flushCarry();
    }
    if (start <= last) await this.takeLines(chunk.subarray(start, last + 1));
    this.keep(chunk.subarray(last + 1));
  }

  async end(): Promise<ScanCount> {
    if (this.carryBytes > 0) await this.flushCarry();
    return { lines: this.lines, bytes: this.offset };
  }

  /** Holds back the beginning of a line, of an oversized one no more than is kept of it. */
  private keep(part: Buffer): void {
    if (part.length === 0) return;
    this.tail = [part.at(-2) ?? this.tail[1], part.at(-1) as number];
    const room = this.limits.maxLineBytes + 2 - this.carryBytes;
    if (room > 0) this.carry.push(Buffer.from(part.subarray(0, room)));
    this.carryBytes += part.length;
    if (room < part.length && part.at(-1) === LF) this.carry.push(Buffer.of(LF));
  }

  private async flushCarry(): Promise<void> {
    const held = Buffer.concat(this.carry);
    const total = this.carryBytes;
    this.carry = [];
    this.carryBytes = 0;
    const ended = this.tail[1] === LF;
    const endsInCr = this.tail[ended ? 0 : 1] === CR;
    await this.takeLine(ended ? held.subarray(0, -1) : held, ended ? total - 1 : total, endsInCr);
    if (ended) this.offset += 1;
  }

  private async takeLines(block: Buffer): Promise<void> {
    if (this.offset > 0 && this.isPlain(block)) return this.takePlainLines(block);
    for (let start = 0; start < block.length; ) {
      const end = block.indexOf(LF, start);
      await this.takeLine(block.subarray(start, end), end - start, block[end - 1] === CR && end > start);
      this.offset += 1;
      start = end + 1;
    }
  }

  private isPlain(block: Buffer): boolean {
    return (
      !block.includes(CR) &&
      RESERVED.every((byte) => !block.includes(byte)) &&
      isUtf8(block) &&
      this.areLinesPlain(block)
    );
  }

  private areLinesPlain(block: Buffer): boolean {
    for (let start = 0; start < block.length; ) {
      const end = block.indexOf(LF, start);
      if (end - start > this.limits.maxLineBytes || (block[start] as number) <= 0x20) return false;
      start = end + 1;
    }
    return true;
  }

  private async takePlainLines(block: Buffer): Promise<void> {
    for (let start = 0; start < block.length; ) {
      this.sink.locate(this.lineNumber, this.offset + start);
      this.lineNumber += 1;
      this.lines += 1;
      start = block.indexOf(LF, start) + 1;
    }
    this.offset += block.length;
    await this.sink.write(block);
  }

  private async takeLine(held: Buffer, heldOf: number, endsInCr: boolean): Promise<void> {
    const lineNumber = this.lineNumber;
    const bom = this.offset === 0 && held.subarray(0, 3).equals(BOM) ? BOM.length : 0;
    const byteOffset = this.offset + bom;
    this.offset += heldOf;
    this.lineNumber += 1;
    const raw = held.subarray(bom, endsInCr && heldOf === held.length ? -1 : undefined);
    const rawBytes = heldOf - bom - (endsInCr ? 1 : 0);
    if (isBlank(raw)) return;
    this.lines += 1;
    const aside = (reason: AsideLine['reason'], detail: string) =>
      this.sink.setAside({ reason, detail, lineNumber, byteOffset, raw: Buffer.from(raw), rawBytes });
    if (rawBytes <= this.limits.maxLineBytes) {
      if (!isUtf8(raw)) return aside('bad_encoding', 'the bytes are not UTF-8');
      if (RESERVED.some((byte) => raw.includes(byte)))
        return aside('malformed', 'an unescaped control character');
      const line = raw.includes(CR) ? replaceCarriageReturns(raw) : raw;
      if (line === null) return aside('malformed', 'an unescaped carriage return');
      this.sink.locate(lineNumber, byteOffset);
      await this.sink.write(Buffer.concat([line, Buffer.of(LF)]));
      return;
    }
    const kept = Buffer.from(raw.subarray(0, this.limits.keepBytes));
    if (!isUtf8(trimPartialCharacter(kept))) return aside('bad_encoding', 'the bytes are not UTF-8');
    const detail = `the line has ${rawBytes} bytes; at most ${this.limits.maxLineBytes} are read`;
    return this.sink.setAside({ reason: 'oversized', detail, lineNumber, byteOffset, raw: kept, rawBytes });
  }
}

function isBlank(line: Buffer): boolean {
  return line.every((byte) => byte === 0x20 || byte === 0x09 || byte === CR);
}

/** Carriage returns as blanks, which between JSON tokens they are; null when one stands inside a text. */
function replaceCarriageReturns(line: Buffer): Buffer | null {
  try {
    JSON.parse(line.toString('utf8'));
  } catch {
    return null;
  }
  return Buffer.from(line.map((byte) => (byte === CR ? 0x20 : byte)));
}

/** The bytes without a character at the end that a cut went through. */
function trimPartialCharacter(bytes: Buffer): Buffer {
  for (let back = 1; back <= 3 && back <= bytes.length; back += 1) {
    const byte = bytes[bytes.length - back] as number;
    if (byte >= 0xc0) return bytes.subarray(0, bytes.length - back);
    if (byte < 0x80) break;
  }
  return bytes;
}
