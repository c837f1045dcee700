/** How the bytes of a field become its text. */
export const care = {
  /** They are its characters, none of them a quotation mark or a control character. */
  none: 0,
  /** They have JSON's escapes in them. */
  escapes: 1,
  /** They are its characters, with quotation marks or control characters among them. */
  literal: 2,
} as const;

/** What stopped the parsing of a row. */
export type CsvFault = 'none' | 'needs more' | 'quote' | 'too long' | 'unclosed';

const QUOTE = 0x22;
const COMMA = 0x2c;
const CR = 13;
const LF = 10;
const STOP = -1;
/** More columns than any file has: those beyond are counted and not kept. */
export const MOST_FIELDS = 4096;

/** One row of CSV by RFC 4180: its fields, unquoted, as places in `bytes`. Reused from row to row. */
export class CsvRow {
  /** The fields' own bytes, one after the other. */
  bytes = Buffer.allocUnsafe(65_536);
  count = 0;
  readonly starts = new Int32Array(MOST_FIELDS);
  readonly ends = new Int32Array(MOST_FIELDS);
  readonly care = new Uint8Array(MOST_FIELDS);
  /** Where the row ends, without its line end, and where the next one begins. */
  end = 0;
  next = 0;
  /** Line ends within the row. */
  lineEnds = 0;
  fault: CsvFault = 'none';
  private source: Buffer = this.bytes;
  private stop = 0;
  private at = 0;
  private isCareful = false;

  /**
   * Parses the row that begins at `start`; false with `fault` when it can't, or when it has more than `maxBytes`. A row that goes on
   * past `sourceEnd` needs more, unless that is the end of the object.
   */
  parse(source: Buffer, start: number, sourceEnd: number, isLast: boolean, maxBytes: number): boolean {
    this.source = source;
    this.stop = Math.min(sourceEnd, start + maxBytes + 1);
    this.count = 0;
    this.lineEnds = 0;
    this.at = 0;
    if (this.bytes.length <= this.stop - start) this.bytes = Buffer.allocUnsafe(2 * (this.stop - start));
    for (let p = start; ; p += 1) {
      p = this.parseField(p);
      const atEnd = p === STOP || p >= this.stop;
      if (p === STOP && this.fault === 'quote') return false;
      if (atEnd && this.stop < sourceEnd) return this.fail('too long');
      if (atEnd && !isLast) return this.fail('needs more');
      if (p === STOP) return this.fail('unclosed');
      const byte = atEnd ? LF : (source[p] as number);
      if (byte === COMMA) continue;
      this.end = p;
      if (byte === CR && p + 1 >= sourceEnd && !isLast) return this.fail('needs more');
      const isPair = byte === CR && p + 1 < sourceEnd && source[p + 1] === LF;
      this.next = Math.min(sourceEnd, p + (isPair ? 2 : 1));
      this.fault = 'none';
      return true;
    }
  }

  /** The text of a field. */
  textOf(field: number): string {
    return this.bytes.toString('utf8', this.starts[field], this.ends[field]);
  }

  /** One field; where what follows it stands, or -1. */
  private parseField(start: number): number {
    const field = Math.min(this.count, MOST_FIELDS - 1);
    this.starts[field] = this.at;
    this.isCareful = false;
    const isQuoted = start < this.stop && this.source[start] === QUOTE;
    const p = isQuoted ? this.parseQuoted(start + 1) : this.parsePlain(start);
    this.ends[field] = this.at;
    this.care[field] = this.isCareful ? care.literal : care.none;
    this.count += 1;
    return p;
  }

  private parsePlain(start: number): number {
    const { source, bytes, stop } = this;
    let p = start;
    for (; p < stop; p += 1) {
      const byte = source[p] as number;
      if (byte === COMMA || byte === LF || byte === CR) break;
      if (byte === QUOTE) return this.fail('quote') || STOP;
      if (byte < 0x20) this.isCareful = true;
      bytes[this.at] = byte;
      this.at += 1;
    }
    return p;
  }

  private parseQuoted(start: number): number {
    const { source, bytes, stop } = this;
    let { at } = this;
    for (let p = start; p < stop; p += 1) {
      const byte = source[p] as number;
      if (byte === QUOTE) {
        p += 1;
        if (p >= stop || source[p] !== QUOTE) {
          this.at = at;
          return this.afterQuoted(p);
        }
        this.isCareful = true;
      } else if (byte < 0x20) {
        this.isCareful = true;
        if (byte === LF || (byte === CR && source[p + 1] !== LF)) this.lineEnds += 1;
      }
      bytes[at] = byte;
      at += 1;
    }
    this.fault = 'unclosed';
    return STOP;
  }

  private afterQuoted(p: number): number {
    if (p >= this.stop) return p;
    const byte = this.source[p] as number;
    if (byte === COMMA || byte === LF || byte === CR) return p;
    return this.fail('quote') || STOP;
  }

  private fail(fault: CsvFault): false {
    this.fault = fault;
    return false;
  }
}
