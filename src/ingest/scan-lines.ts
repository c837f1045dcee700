import { isUtf8 } from 'node:buffer';
import {
  type AsideRecord,
  byteOrderMark,
  isBlank,
  type Place,
  type RecordScanner,
  type ScanLimits,
  trimPartialCharacter,
} from './scan-records.ts';

/** What a `LineScanner` hands on, in the order of the object. */
export interface LineSink {
  /** A line of UTF-8 within the limit, without its line end. `place` is reused. */
  line(bytes: Buffer, start: number, end: number, place: Readonly<Place>): void;
  /** A line that is not read. */
  setAside(line: AsideRecord): void;
}

const LF = 10;
const CR = 13;

/**
 * Cuts bytes into lines at each LF, a CR before it belonging to the line end, and sorts out what no reader can take: bytes that are
 * not UTF-8, and lines over the limit. Every line that is not blank is handed on, once.
 */
export class LineScanner implements RecordScanner {
  lines = 0;
  private readonly sink: LineSink;
  private readonly limits: ScanLimits;
  private readonly place: Place = { lineNumber: 1, byteOffset: 0 };
  /** Beginning of a line that is too long to be kept, while it goes on. */
  private beginning: Buffer | null = null;
  private skipped = 0;
  private lastSkipped = 0;

  constructor(sink: LineSink, limits: ScanLimits) {
    this.sink = sink;
    this.limits = limits;
  }

  scan(bytes: Buffer, from: number, end: number, isLast: boolean): number {
    let start = from;
    if (this.beginning !== null) {
      start = this.skipOn(bytes, from, end, isLast);
      if (this.beginning !== null) return start;
    } else if (this.place.byteOffset === 0) {
      start += byteOrderMark(bytes, start, end);
      this.place.byteOffset += start - from;
    }
    const last = isLast ? end : Math.max(start, bytes.lastIndexOf(LF, end - 1) + 1);
    if (start < last) this.takeLines(bytes, start, last);
    if (end - last > this.limits.keepBytes + 1 && !isLast) {
      this.beginning = Buffer.from(bytes.subarray(last, last + this.limits.beginningBytes));
      return this.skipOn(bytes, last, end, false);
    }
    return last;
  }

  private takeLines(bytes: Buffer, from: number, to: number): void {
    const { place } = this;
    const areUtf8 = isUtf8(bytes.subarray(from, to));
    for (let start = from; start < to; ) {
      const found = bytes.indexOf(LF, start);
      const lineEnd = found < 0 || found >= to ? to : found;
      const end = lineEnd > start && bytes[lineEnd - 1] === CR ? lineEnd - 1 : lineEnd;
      if ((bytes[start] as number) > 0x20 || !isBlank(bytes, start, end)) {
        this.takeLine(bytes, start, end, areUtf8);
      }
      place.lineNumber += 1;
      place.byteOffset += lineEnd + 1 - start;
      start = lineEnd + 1;
    }
  }

  private takeLine(bytes: Buffer, start: number, end: number, isKnownUtf8: boolean): void {
    this.lines += 1;
    const rawBytes = end - start;
    if (rawBytes > this.limits.keepBytes) return this.asideBeginning(bytes.subarray(start, end), rawBytes);
    const raw = () => bytes.subarray(start, end);
    if (!isKnownUtf8 && !isUtf8(raw())) return this.asideBytes(raw(), rawBytes);
    if (rawBytes > this.limits.maxLineBytes) return this.asideLong(raw(), rawBytes);
    return this.sink.line(bytes, start, end, this.place);
  }

  /** Goes on over a line that is too long to be kept, to its end if that is there. */
  private skipOn(bytes: Buffer, start: number, end: number, isLast: boolean): number {
    const found = bytes.indexOf(LF, start);
    const isEnded = found >= 0 && found < end;
    const lineEnd = isEnded ? found : end;
    this.skipped += lineEnd - start;
    if (lineEnd > start) this.lastSkipped = bytes[lineEnd - 1] as number;
    if (!isEnded && !isLast) return end;
    const beginning = this.beginning as Buffer;
    this.lines += 1;
    this.asideBeginning(beginning, this.skipped - (this.lastSkipped === CR ? 1 : 0));
    this.place.lineNumber += 1;
    this.place.byteOffset += this.skipped + 1;
    this.beginning = null;
    this.skipped = 0;
    return isEnded ? lineEnd + 1 : end;
  }

  /** A line that is too long to be kept whole; its beginning tells whether it is text. */
  private asideBeginning(line: Buffer, rawBytes: number): void {
    const beginning = trimPartialCharacter(line.subarray(0, this.limits.beginningBytes));
    if (isUtf8(beginning)) this.asideLong(beginning, rawBytes);
    else this.asideBytes(beginning, rawBytes);
  }

  private asideBytes(raw: Buffer, rawBytes: number): void {
    const detail = 'the bytes are not UTF-8';
    this.sink.setAside({ ...this.place, reason: 'bad_encoding', detail, raw, rawBytes });
  }

  private asideLong(raw: Buffer, rawBytes: number): void {
    const detail = `the line has ${rawBytes} bytes; at most ${this.limits.maxLineBytes} are read`;
    this.sink.setAside({ ...this.place, reason: 'oversized', detail, raw, rawBytes });
  }
}
