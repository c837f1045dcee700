const DAY_US = 86_400_000_000;
const DAY_MS = 86_400_000;
const DATE_BYTES = 10;
const T = 0x54;
const Z = 0x5a;
const COLON = 0x3a;
const POINT = 0x2e;
const COMMA = 0x2c;
const PLUS = 0x2b;
const MINUS = 0x2d;
const NONE = -1;

/**
 * Reads ISO 8601 timestamps: date, `T`, hours and minutes, seconds and their fraction if given, then Z or an offset. What is finer
 * than microseconds is cut off.
 */
export class TimestampReader {
  /** UTC day of the last one read, in days since 1970. */
  day = 0;
  /** The last one read in UTC, as a column of type TIMESTAMP takes it; empty when its own text without the Z is just that. */
  text = '';
  private readonly readsNaive: boolean;
  private bytes: Uint8Array = new Uint8Array();
  private end = 0;
  private readonly lastDate = new Uint8Array(DATE_BYTES);
  private lastDay = Number.NaN;

  constructor(naiveTimestamps: 'reject' | 'utc') {
    this.readsNaive = naiveTimestamps === 'utc';
  }

  /** Reads the text from `start` to `end`; false when it is no such timestamp, or a date or time that does not exist. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    this.bytes = bytes;
    this.end = end;
    if (!this.readDay(start)) return false;
    const hour = this.pair(start + 11, 24);
    const minute = this.pair(start + 14, 60);
    if (hour < 0 || minute < 0 || !this.has(start + 10, T) || !this.has(start + 13, COLON)) return false;
    let second = 0;
    let p = start + 16;
    const hasSecond = this.has(p, COLON);
    if (hasSecond) {
      second = this.pair(p + 1, 60);
      if (second < 0) return false;
      p += 3;
    }
    const pointAt = p;
    if (hasSecond && (this.has(p, POINT) || this.has(p, COMMA))) {
      p += 1;
      while (p < end && isDigit(bytes[p] as number)) p += 1;
      if (p === pointAt + 1) return false;
    }
    const isPlain = hasSecond && bytes[pointAt] !== COMMA && p - pointAt <= 7;
    if (isPlain && p === end - 1 && bytes[p] === Z) return true;
    const offset = this.readOffset(p);
    if (Number.isNaN(offset)) return false;
    const micros = (hour * 3600 + minute * 60 + second) * 1e6 + this.fraction(pointAt + 1, p);
    this.settle(this.day, micros - offset * 60e6);
    return true;
  }

  /** The day of the date at `start`; false when it is none. Most are the date that was read before. */
  private readDay(start: number): boolean {
    this.text = '';
    if (!this.isLastDate(start)) {
      const date = this.readDate(start);
      if (date < 0) return false;
      this.lastDay = dayOf(date);
      for (let n = 0; n < DATE_BYTES; n += 1) this.lastDate[n] = this.bytes[start + n] as number;
    }
    this.day = this.lastDay;
    return !Number.isNaN(this.day);
  }

  private isLastDate(start: number): boolean {
    const { bytes, lastDate } = this;
    if (start + DATE_BYTES > this.end) return false;
    for (let n = DATE_BYTES - 1; n >= 0; n -= 1) if (bytes[start + n] !== lastDate[n]) return false;
    return true;
  }

  /** `micros` may lie before or behind the day. */
  private settle(day: number, micros: number): void {
    const over = Math.floor(micros / DAY_US);
    this.day = day + over;
    const within = micros - over * DAY_US;
    const date = new Date(this.day * DAY_MS + Math.floor(within / 1000)).toISOString();
    this.text = `${date.slice(0, -1)}${String(within % 1000).padStart(3, '0')}`;
  }

  /** The date as yyyymmdd, or -1. */
  private readDate(start: number): number {
    const century = this.pair(start, 100);
    const year = this.pair(start + 2, 100);
    const month = this.pair(start + 5, 100);
    const day = this.pair(start + 8, 100);
    if (century < 0 || year < 0 || month < 0 || day < 0) return NONE;
    if (!this.has(start + 4, MINUS) || !this.has(start + 7, MINUS)) return NONE;
    return century * 1_000_000 + year * 10_000 + month * 100 + day;
  }

  /** Minutes that the offset is ahead of UTC; NaN when there is none, or something else. */
  private readOffset(p: number): number {
    if (p === this.end) return this.readsNaive ? 0 : Number.NaN;
    if (this.bytes[p] === Z) return p + 1 === this.end ? 0 : Number.NaN;
    const sign = this.has(p, PLUS) ? 1 : -1;
    if (sign < 0 && !this.has(p, MINUS)) return Number.NaN;
    const hours = this.pair(p + 1, 24);
    if (hours < 0) return Number.NaN;
    if (p + 3 === this.end) return sign * hours * 60;
    const at = this.has(p + 3, COLON) ? p + 4 : p + 3;
    const minutes = this.pair(at, 60);
    return minutes < 0 || at + 2 !== this.end ? Number.NaN : sign * (hours * 60 + minutes);
  }

  /** Microseconds of the digits from `from` to `to`. */
  private fraction(from: number, to: number): number {
    let micros = 0;
    for (let n = 0; n < 6; n += 1) {
      const digit = from + n < to ? (this.bytes[from + n] as number) - 0x30 : 0;
      micros = micros * 10 + digit;
    }
    return micros;
  }

  /** The two digits at `p` as a number below `limit`, or -1. */
  private pair(p: number, limit: number): number {
    if (p + 2 > this.end) return NONE;
    const tens = this.bytes[p] as number;
    const ones = this.bytes[p + 1] as number;
    if (!isDigit(tens) || !isDigit(ones)) return NONE;
    const value = (tens - 0x30) * 10 + ones - 0x30;
    return value < limit ? value : NONE;
  }

  private has(p: number, byte: number): boolean {
    return p < this.end && this.bytes[p] === byte;
  }
}

/** The day of a date written as yyyymmdd; NaN when there is no such date. */
function dayOf(date: number): number {
  const year = Math.floor(date / 10_000);
  const month = Math.floor(date / 100) % 100;
  const found = new Date(0);
  found.setUTCFullYear(year, month - 1, date % 100);
  const exists = found.getUTCMonth() === month - 1 && found.getUTCDate() === date % 100;
  return exists ? found.getTime() / DAY_MS : Number.NaN;
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

/** A day, given in days since 1970, as its date. */
export function dateOf(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, -14);
}
