import type { UuidBits } from './random.ts';

const FIRST_BYTES = 1 << 20;
const DASH = 45;
const POINT = 46;
const ZERO = 48;
const COLON = 58;

/** For each 16 bits, their four hexadecimal digits as one word, and for each number below 100, its two digits. */
const HEX = Uint32Array.from({ length: 65_536 }, (_, n) => readDigits(n.toString(16).padStart(4, '0')));
const TWO = Uint16Array.from({ length: 100 }, (_, n) => readDigits(String(n).padStart(2, '0')));

function readDigits(digits: string): number {
  return Buffer.from(digits).reduce((word, digit) => word * 256 + digit, 0);
}

/** Bytes that are written one after the other; the buffer grows as it must. */
export class ByteBuffer {
  bytes: Buffer<ArrayBuffer>;
  size = 0;
  private view: DataView;

  constructor(firstBytes = FIRST_BYTES) {
    this.bytes = Buffer.allocUnsafeSlow(firstBytes);
    this.view = new DataView(this.bytes.buffer);
  }

  /** Everything that was written, as latin1. */
  toString(): string {
    return this.bytes.toString('latin1', 0, this.size);
  }

  /** Makes sure that `count` more bytes fit. The methods that write, but for `text`, take that for done. */
  reserve(count: number): void {
    const needed = this.size + count;
    if (needed <= this.bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.bytes.length * 2));
    this.bytes.copy(larger, 0, 0, this.size);
    this.bytes = larger;
    this.view = new DataView(larger.buffer);
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

  /** `HH:MM:SS.mmm` of a time of day in milliseconds, over the twelve bytes from `at` on. */
  timeAt(at: number, time: number): void {
    const { bytes, view } = this;
    const seconds = (time / 1000) | 0;
    const minutes = (seconds / 60) | 0;
    const hours = (minutes / 60) | 0;
    const rest = time - seconds * 1000;
    const hundreds = (rest / 100) | 0;
    view.setUint16(at, TWO[hours] as number);
    bytes[at + 2] = COLON;
    view.setUint16(at + 3, TWO[minutes - hours * 60] as number);
    bytes[at + 5] = COLON;
    view.setUint16(at + 6, TWO[seconds - minutes * 60] as number);
    bytes[at + 8] = POINT;
    bytes[at + 9] = ZERO + hundreds;
    view.setUint16(at + 10, TWO[rest - hundreds * 100] as number);
  }

  /** A UUID, over the 36 bytes from `at` on. */
  uuidAt(at: number, [a, b, c, d]: UuidBits): void {
    const { bytes, view } = this;
    view.setUint32(at, HEX[a >>> 16] as number);
    view.setUint32(at + 4, HEX[a & 0xffff] as number);
    bytes[at + 8] = DASH;
    view.setUint32(at + 9, HEX[b >>> 16] as number);
    bytes[at + 13] = DASH;
    view.setUint32(at + 14, HEX[b & 0xffff] as number);
    bytes[at + 18] = DASH;
    view.setUint32(at + 19, HEX[c >>> 16] as number);
    bytes[at + 23] = DASH;
    view.setUint32(at + 24, HEX[c & 0xffff] as number);
    view.setUint32(at + 28, HEX[d >>> 16] as number);
    view.setUint32(at + 32, HEX[d & 0xffff] as number);
  }
}
