import { isUtf8 } from 'node:buffer';
import { CsvRow, MOST_FIELDS } from './csv-row.ts';
import {
  type AsideRecord,
  byteOrderMark,
  isBlank,
  type Place,
  type RecordScanner,
  type ScanLimits,
  trimPartialCharacter,
} from './scan-records.ts';

/** What a `CsvScanner` hands on, in the order of the object. */
export interface CsvSink {
  /** The first row that is not blank; null when it can't be read. */
  header(names: readonly string[] | null): void;
  /** A row with as many columns as the header; it stands in `source` from `start` to `end`. All is reused. */
  row(row: CsvRow, source: Buffer, start: number, end: number, place: Readonly<Place>): void;
  /** A line that is not read. */
  setAside(line: AsideRecord): void;
}

const LF = 10;
const CR = 13;

/**
 * Cuts bytes into rows of CSV; LF, CRLF and a lone CR end a line. What is no row of the header's columns is one malformed line, the
 * first of what would be the row, and reading goes on at the next: an open quotation mark costs the line that it stands on.
 */
export class CsvScanner implements RecordScanner {
  lines = 0;
  private readonly sink: CsvSink;
  private readonly limits: ScanLimits;
  private readonly row = new CsvRow();
  private readonly place: Place = { lineNumber: 1, byteOffset: 0 };
  private columns = 0;
  /** Up to where the bytes at hand are known to be UTF-8. */
  private utf8End = 0;
  /** Beginning of a line that is too long to be kept, while it goes on. */
  private beginning: Buffer | null = null;
  private skipped = 0;

  constructor(sink: CsvSink, limits: ScanLimits) {
    this.sink = sink;
    this.limits = limits;
  }

  scan(bytes: Buffer, from: number, end: number, isLast: boolean): number {
    let start = from;
    if (this.beginning === null && this.place.byteOffset === 0) {
      start += byteOrderMark(bytes, start, end);
      this.place.byteOffset = start - from;
    }
    const whole = trimPartialCharacter(bytes.subarray(start, end));
    this.utf8End = isUtf8(whole) ? start + whole.length : 0;
    while (start < end) {
      const next = this.takeNext(bytes, start, end, isLast);
      if (next === start) break;
      start = next;
    }
    return start;
  }

  /** Takes what begins at `start`; where the next begins, or `start` when there has to be more of it. */
  private takeNext(bytes: Buffer, start: number, end: number, isLast: boolean): number {
    const { row, limits } = this;
    if (this.beginning !== null) return this.skipOn(bytes, start, end, isLast);
    const isRow = row.parse(bytes, start, end, isLast, limits.maxLineBytes);
    if (!isRow && row.fault === 'needs more') return start;
    if (isRow && isBlank(bytes, start, row.end)) return this.goOn(row.next - start, 1, start);
    if (this.columns === 0) this.takeHeader(isRow && this.isUtf8(bytes, start, row.end));
    else if (!isRow || row.count !== this.columns) return this.takeMalformed(bytes, start, end, isLast);
    else if (this.isUtf8(bytes, start, row.end)) {
      this.lines += 1;
      this.sink.row(row, bytes, start, row.end, this.place);
    } else this.asideBytes(bytes.subarray(start, row.end), row.end - start);
    return this.goOn(row.next - start, 1 + row.lineEnds, start);
  }

  private goOn(bytes: number, lines: number, start: number): number {
    this.place.byteOffset += bytes;
    this.place.lineNumber += lines;
    return start + bytes;
  }

  private takeHeader(isRow: boolean): void {
    const { row } = this;
    if (!isRow || row.count > MOST_FIELDS) return this.sink.header(null);
    this.columns = row.count;
    return this.sink.header(Array.from({ length: row.count }, (_, n) => row.textOf(n)));
  }

  /** The line at `start` alone, whatever the row was. */
  private takeMalformed(bytes: Buffer, start: number, end: number, isLast: boolean): number {
    const { maxLineBytes, keepBytes } = this.limits;
    const lineEnd = findLineEnd(bytes, start, end);
    const needsMore = lineEnd === end || (bytes[lineEnd] === CR && lineEnd + 1 === end);
    if (needsMore && !isLast) {
      if (end - start <= keepBytes + 1) return start;
      this.beginning = Buffer.from(bytes.subarray(start, start + this.limits.beginningBytes));
      this.skipped = 0;
      return this.skipOn(bytes, start, end, false);
    }
    const raw = bytes.subarray(start, lineEnd);
    if (raw.length > keepBytes) this.asideBeginning(raw, raw.length);
    else if (!this.isUtf8(bytes, start, lineEnd)) this.asideBytes(raw, raw.length);
    else if (raw.length > maxLineBytes) this.asideLong(raw, raw.length);
    else this.aside('malformed', this.describeFault(), raw, raw.length);
    return this.goOn(afterLineEnd(bytes, lineEnd, end) - start, 1, start);
  }

  private describeFault(): string {
    const { row, columns } = this;
    if (row.fault === 'too long') return `the row does not end within ${this.limits.maxLineBytes} bytes`;
    if (row.fault === 'unclosed') return 'a quotation mark is not closed to the end of the object';
    if (row.fault === 'quote') return 'a quotation mark stands where none may stand';
    return `the row has ${row.count} columns; the header has ${columns}`;
  }

  private skipOn(bytes: Buffer, start: number, end: number, isLast: boolean): number {
    const lineEnd = findLineEnd(bytes, start, end);
    this.skipped += lineEnd - start;
    const isOpen = lineEnd === end || (bytes[lineEnd] === CR && lineEnd + 1 === end);
    if (isOpen && !isLast) return lineEnd;
    const beginning = this.beginning as Buffer;
    this.beginning = null;
    this.asideBeginning(beginning, this.skipped);
    const next = afterLineEnd(bytes, lineEnd, end);
    this.place.byteOffset += this.skipped + next - lineEnd;
    this.place.lineNumber += 1;
    return next;
  }

  private isUtf8(bytes: Buffer, start: number, end: number): boolean {
    return end <= this.utf8End || isUtf8(bytes.subarray(start, end));
  }

  private asideBeginning(line: Buffer, rawBytes: number): void {
    const beginning = trimPartialCharacter(line.subarray(0, this.limits.beginningBytes));
    if (isUtf8(beginning)) this.asideLong(beginning, rawBytes);
    else this.asideBytes(beginning, rawBytes);
  }

  private asideBytes(raw: Buffer, rawBytes: number): void {
    this.aside('bad_encoding', 'the bytes are not UTF-8', raw, rawBytes);
  }

  private asideLong(raw: Buffer, rawBytes: number): void {
    const detail = `the line has ${rawBytes} bytes; at most ${this.limits.maxLineBytes} are read`;
    this.aside('oversized', detail, raw, rawBytes);
  }

  private aside(reason: AsideRecord['reason'], detail: string, raw: Buffer, rawBytes: number): void {
    this.lines += 1;
    this.sink.setAside({ ...this.place, reason, detail, raw, rawBytes });
  }
}

function findLineEnd(bytes: Buffer, start: number, end: number): number {
  for (let p = start; p < end; p += 1) if (bytes[p] === LF || bytes[p] === CR) return p;
  return end;
}

function afterLineEnd(bytes: Buffer, lineEnd: number, end: number): number {
  if (lineEnd === end) return end;
  const isPair = bytes[lineEnd] === CR && lineEnd + 1 < end && bytes[lineEnd + 1] === LF;
  return lineEnd + (isPair ? 2 : 1);
}
