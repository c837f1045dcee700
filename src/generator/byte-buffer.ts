import type { UuidBits } from './random.ts';

const FIRST_BYTES = 1 << 20;
const HEX = Uint8Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0));
const DASH = 45;
const POINT = 46;
const ZERO = 48;
const COLON = 58;

/** Bytes that are written one after the other; the buffer grows as it must. */
export class ByteBuffer {
  bytes: Buffer<ArrayBuffer>;
  size = 0;

  constructor(firstBytes = FIRST_BYTES) {
    this.bytes = Buffer.allocUnsafe(firstBytes);
  }

  /** Everything that was written, as latin1. */
  toString(): string {
    return this.bytes.toString('latin1', 0, this.size);
  }

  /** Makes sure that `count` more bytes fit. The methods that write, but for `text`, take that for done. */
  reserve(count: number): void {
    const needed = this.size + count;
    if (needed <= this.bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, this.bytes.length * 2));
    this.bytes.copy(larger, 0, 0, this.size);
    this.bytes = larger;
  }

  put(part: Uint8Array): void {
    this.bytes.set(part, this.size);
    this.size += part.length;
  }

  byte(value: number): void {
    this.bytes[this.size] = value;
    this.size += 1;
  }

  /** Text as latin1, of any length. */
  text(text: string): void {
    this.reserve(text.length);
    this.size += this.bytes.write(text, this.size, 'latin1');
  }

  /** A whole number from 0. */
  whole(value: number): void {
    if (value >= 10) this.whole(Math.floor(value / 10));
    this.byte(ZERO + (value % 10));
  }

  /** `value / unit`, from 0, as JSON writes it, without zeros at its end; the unit is a power of ten. */
  decimal(value: number, unit: number): void {
    this.whole(Math.floor(value / unit));
    let rest = value % unit;
    if (rest > 0) this.byte(POINT);
    for (let place = unit / 10; rest > 0; place /= 10) {
      this.byte(ZERO + Math.floor(rest / place));
      rest %= place;
    }
  }

  /** `HH:MM:SS.mmm` of a time of day in milliseconds. */
  time(at: number): void {
    const seconds = (at / 1000) | 0;
    const minutes = (seconds / 60) | 0;
    const hours = (minutes / 60) | 0;
    const rest = at - seconds * 1000;
    const hundreds = (rest / 100) | 0;
    this.two(hours);
    this.byte(COLON);
    this.two(minutes - hours * 60);
    this.byte(COLON);
    this.two(seconds - minutes * 60);
    this.byte(POINT);
    this.byte(ZERO + hundreds);
    this.two(rest - hundreds * 100);
  }

  /** A UUID, 36 characters. */
  uuid([a, b, c, d]: UuidBits): void {
    this.hex(a, 28, 0);
    this.byte(DASH);
    this.hex(b, 28, 16);
    this.byte(DASH);
    this.hex(b, 12, 0);
    this.byte(DASH);
    this.hex(c, 28, 16);
    this.byte(DASH);
    this.hex(c, 12, 0);
    this.hex(d, 28, 0);
  }

  private two(value: number): void {
    const tens = (value / 10) | 0;
    this.bytes[this.size] = ZERO + tens;
    this.bytes[this.size + 1] = ZERO + value - tens * 10;
    this.size += 2;
  }

  /** The hexadecimal digits of a word from the bits at `from` down to those at `to`. */
  private hex(word: number, from: number, to: number): void {
    const { bytes } = this;
    let at = this.size;
    for (let shift = from; shift >= to; shift -= 4) {
      bytes[at] = HEX[(word >>> shift) & 15] as number;
      at += 1;
    }
    this.size = at;
  }
}
