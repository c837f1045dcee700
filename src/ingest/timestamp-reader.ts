const DAY_US = 86_400_000_000;
const DAY_MS = 86_400_000;
const Z = 0x5a;
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
  private lastDate = NONE;
  private lastDay = Number.NaN;

  constructor(naiveTimestamps: 'reject' | 'utc') {
    this.readsNaive = naiveTimestamps === 'utc';
  }

  /** Reads the text from `start` to `end`; false when it is no such timestamp, or a date or time that does not exist. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    this.bytes = bytes;
    this.end = end;
    const date = this.readDate(start);
    const hour = this.pair(start + 11, 24);
    const minute = this.pair(start + 14, 60);
    if (date < 0 || hour < 0 || minute < 0) return false;
    if (!this.has(start + 10, 'T') || !this.has(start + 13, ':')) return false;
    const day = this.dayOf(date);
    if (Number.isNaN(day)) return false;
    let second = 0;
    let p = start + 16;
    const hasSecond = this.has(p, ':');
    if (hasSecond) {
      second = this.pair(p + 1, 60);
      if (second < 0) return false;
      p += 3;
    }
    const pointAt = p;
    if (hasSecond && (this.has(p, '.') || this.has(p, ','))) {
      p += 1;
      while (isDigit(bytes[p] as number) && p < end) p += 1;
      if (p === pointAt + 1) return false;
    }
    this.day = day;
    this.text = '';
    const isPlain = hasSecond && !this.has(pointAt, ',') && p - pointAt <= 7;
    if (isPlain && p === end - 1 && bytes[p] === Z) return true;
    const offset = this.readOffset(p);
    if (Number.isNaN(offset)) return false;
    const micros = (hour * 3600 + minute * 60 + second) * 1e6 + this.fraction(pointAt + 1, p);
    this.settle(day, micros - offset * 60e6);
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
    if (!this.has(start + 4, '-') || !this.has(start + 7, '-')) return NONE;
    return century * 1_000_000 + year * 10_000 + month * 100 + day;
  }

  private dayOf(date: number): number {
    if (date === this.lastDate) return this.lastDay;
    this.lastDate = date;
    const [year, month, day] = [Math.floor(date / 10_000), Math.floor(date / 100) % 100, date % 100];
    const found = new Date(0);
    found.setUTCFullYear(year, month - 1, day);
    const exists = found.getUTCMonth() === month - 1 && found.getUTCDate() === day;
    this.lastDay = exists ? found.getTime() / DAY_MS : Number.NaN;
    return this.lastDay;
  }

  /** Minutes that the offset is ahead of UTC; NaN when there is none, or something else. */
  private readOffset(p: number): number {
    if (p === this.end) return this.readsNaive ? 0 : Number.NaN;
    if (this.bytes[p] === Z) return p + 1 === this.end ? 0 : Number.NaN;
    const sign = this.has(p, '+') ? 1 : -1;
    if (sign < 0 && !this.has(p, '-')) return Number.NaN;
    const hours = this.pair(p + 1, 24);
    if (hours < 0) return Number.NaN;
    if (p + 3 === this.end) return sign * hours * 60;
    const at = this.has(p + 3, ':') ? p + 4 : p + 3;
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
    const [tens, ones] = [this.bytes[p] as number, this.bytes[p + 1] as number];
    if (!isDigit(tens) || !isDigit(ones)) return NONE;
    const value = (tens - 0x30) * 10 + ones - 0x30;
    return value < limit ? value : NONE;
  }

  private has(p: number, character: string): boolean {
    return p < this.end && this.bytes[p] === character.charCodeAt(0);
  }
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

/** A day, given in days since 1970, as its date. */
export function dateOf(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, -14);
}
