/** What a JSON value is; `absent` where there is none. */
export const kinds = {
  absent: 0,
  null: 1,
  text: 2,
  number: 3,
  true: 4,
  false: 5,
  object: 6,
  array: 7,
} as const;

/** One of `kinds`. */
export type Kind = (typeof kinds)[keyof typeof kinds];

const SPACE = 0x20;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const COMMA = 0x2c;
const COLON = 0x3a;
const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const NONE = -1;
const LITERALS: readonly (readonly [Uint8Array, Kind])[] = [
  [Buffer.from('true'), kinds.true],
  [Buffer.from('false'), kinds.false],
  [Buffer.from('null'), kinds.null],
];

/** 1 for each byte that stands for itself within a text. */
const isPlain = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= SPACE && byte !== QUOTE && byte !== BACKSLASH ? 1 : 0,
);

/**
 * Walks over JSON by RFC 8259 and no more, within the bytes from `pos` to `end`, which have to be UTF-8. Each method leaves
 * `pos` behind what it walked over, or returns false (0, for a value) and says in `fault` what stands in the way. Depth costs no stack.
 */
export class JsonScanner {
  bytes: Uint8Array = new Uint8Array();
  /** The same bytes, to be read four by four. */
  view = new DataView(this.bytes.buffer);
  pos = 0;
  end = 0;
  /** Why the last walk failed, in words. */
  fault = '';
  /** Whether the text that was walked over last has escapes. */
  hasEscape = false;
  private readonly open: boolean[] = [];

  /** The byte at `pos`, or -1 at the end. */
  peek(): number {
    return this.pos < this.end ? (this.bytes[this.pos] as number) : NONE;
  }

  /** Sets out to walk over the bytes from `start` to `end`. */
  begin(bytes: Uint8Array, start: number, end: number): void {
    if (bytes !== this.bytes) {
      this.bytes = bytes;
      this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
    this.pos = start;
    this.start = start;
    this.end = end;
  }

  /** Passes over blanks, tabs and line ends. */
  skipSpace(): void {
    const { bytes, end } = this;
    let p = this.pos;
    if (p < end && (bytes[p] as number) > SPACE) return;
    while (p < end && isSpace(bytes[p] as number)) p += 1;
    this.pos = p;
  }

  /** A text with its quotation marks. */
  scanText(): boolean {
    const { bytes, end } = this;
    this.hasEscape = false;
    if (this.peek() !== QUOTE) return this.fail(this.pos);
    for (let p = this.pos + 1; p < end; p += 1) {
      const byte = bytes[p] as number;
      if (byte === QUOTE) {
        this.pos = p + 1;
        return true;
      }
      if (byte < 0x20) return this.fail(p);
      if (byte === BACKSLASH) {
        p = this.scanEscape(p);
        if (p < 0) return false;
        this.hasEscape = true;
      }
    }
    return this.fail(end);
  }

  /** Any value; what it is, or 0. */
  scanValue(): Kind {
    const byte = this.peek();
    if (byte === QUOTE) return this.scanText() ? kinds.text : kinds.absent;
    if (byte === MINUS || isDigit(byte)) return this.scanNumber() ? kinds.number : kinds.absent;
    if (byte === OPEN_OBJECT) return this.scanContainer() ? kinds.object : kinds.absent;
    if (byte === OPEN_ARRAY) return this.scanContainer() ? kinds.array : kinds.absent;
    return this.scanLiteral();
  }

  /** Notes that what stands at `p` is not what may stand there; false. */
  fail(p: number): false {
    if (p >= this.end) this.fault = 'it ends too early';
    else {
      const byte = this.bytes[p] as number;
      const said = byte < 0x20 ? 'a control character' : describeByte(byte);
      this.fault = `${said} at byte ${p - this.start + 1}`;
    }
    return false;
  }

  /** Where the text begins that faults count their bytes from. */
  start = 0;

  /** An escape whose backslash stands at `p`; where its last byte stands, or -1. */
  private scanEscape(p: number): number {
    const letter = p + 1 < this.end ? (this.bytes[p + 1] as number) : NONE;
    if (letter !== 0x75) {
      if (letter !== NONE && '"\\/bfnrt'.includes(String.fromCharCode(letter))) return p + 1;
      this.fail(p + 1);
      return NONE;
    }
    const unit = this.hexAt(p + 2);
    if (unit < 0xd800 || unit > 0xdfff) return unit < 0 ? NONE : p + 5;
    const isPair =
      unit < 0xdc00 && this.bytes[p + 6] === BACKSLASH && this.bytes[p + 7] === 0x75 && p + 7 < this.end;
    const low = isPair ? this.hexAt(p + 8) : NONE;
    if (low >= 0xdc00 && low <= 0xdfff) return p + 11;
    this.fault = `half of a surrogate pair, \\u${unit.toString(16)}, at byte ${p - this.start + 1}`;
    return NONE;
  }

  private hexAt(p: number): number {
    let value = 0;
    for (let q = p; q < p + 4; q += 1) {
      const digit = q < this.end ? hexDigit(this.bytes[q] as number) : NONE;
      if (digit < 0) {
        this.fail(q);
        return NONE;
      }
      value = value * 16 + digit;
    }
    return value;
  }

  private scanNumber(): boolean {
    const { bytes, end } = this;
    let p = this.pos;
    if (bytes[p] === MINUS) p += 1;
    const whole = this.skipDigits(p);
    if (whole === p) return this.fail(p);
    if (bytes[p] === ZERO && whole > p + 1) return this.fail(p + 1);
    p = whole;
    if (p < end && bytes[p] === DOT) {
      const fraction = this.skipDigits(p + 1);
      if (fraction === p + 1) return this.fail(fraction);
      p = fraction;
    }
    if (p < end && ((bytes[p] as number) | 0x20) === 0x65) {
      p += 1;
      if (p < end && (bytes[p] === MINUS || bytes[p] === 0x2b)) p += 1;
      const exponent = this.skipDigits(p);
      if (exponent === p) return this.fail(p);
      p = exponent;
    }
    this.pos = p;
    return true;
  }

  private skipDigits(from: number): number {
    let p = from;
    while (p < this.end && isDigit(this.bytes[p] as number)) p += 1;
    return p;
  }

  private scanLiteral(): Kind {
    for (const [word, kind] of LITERALS) {
      if (this.bytes[this.pos] !== word[0]) continue;
      for (let n = 0; n < word.length; n += 1) {
        if (this.pos + n >= this.end || this.bytes[this.pos + n] !== word[n]) {
          this.fail(this.pos + n);
          return kinds.absent;
        }
      }
      this.pos += word.length;
      return kind;
    }
    this.fail(this.pos);
    return kinds.absent;
  }

  /** An object or array with all that is in it; `open` holds whether each open one is an object. */
  private scanContainer(): boolean {
    const { open } = this;
    open.length = 0;
    for (;;) {
      const byte = this.peek();
      if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
        open.push(byte === OPEN_OBJECT);
        this.pos += 1;
        this.skipSpace();
        if (!this.isClosing(open)) {
          if (byte === OPEN_OBJECT && !this.scanName()) return false;
          continue;
        }
      } else if (this.scanValue() === kinds.absent) return false;
      if (!this.closeContainers(open)) return false;
      if (open.length === 0) return true;
    }
  }

  /** After a value: closes what ends there, and goes on to the next value of what stays open. */
  private closeContainers(open: boolean[]): boolean {
    for (;;) {
      this.skipSpace();
      if (this.isClosing(open)) {
        this.pos += 1;
        open.pop();
        if (open.length === 0) return true;
        continue;
      }
      if (this.peek() !== COMMA) return this.fail(this.pos);
      this.pos += 1;
      this.skipSpace();
      return open.at(-1) === true ? this.scanName() : true;
    }
  }

  private isClosing(open: readonly boolean[]): boolean {
    return this.peek() === (open.at(-1) === true ? CLOSE_OBJECT : CLOSE_ARRAY);
  }

  /** A name with its colon, and the blanks after it. */
  scanName(): boolean {
    return this.scanText() && this.scanColon();
  }

  /** The colon after a name, and the blanks around it. */
  scanColon(): boolean {
    this.skipSpace();
    if (this.peek() !== COLON) return this.fail(this.pos);
    this.pos += 1;
    this.skipSpace();
    return true;
  }
}

/** Where the quotation mark stands that closes a text without escapes at `start`; -1 when there is anything else. */
export function findPlainEnd(bytes: Uint8Array, view: DataView, start: number, end: number): number {
  if (start >= end || bytes[start] !== QUOTE) return NONE;
  let p = start + 1;
  while (p + 4 <= end && !mayEndText(view.getInt32(p))) p += 4;
  while (p < end && isPlain[bytes[p] as number] === 1) p += 1;
  return p < end && bytes[p] === QUOTE ? p : NONE;
}

/** Whether one of four bytes may be a quotation mark, a backslash or a control character: none of them when it is false. */
function mayEndText(word: number): boolean {
  const quote = word ^ 0x22222222;
  const backslash = word ^ 0x5c5c5c5c;
  const hit =
    ((quote - 0x01010101) & ~quote) | ((backslash - 0x01010101) & ~backslash) | ((word - 0x20202020) & ~word);
  return (hit & 0x80808080) !== 0;
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= NINE;
}

function hexDigit(byte: number): number {
  if (isDigit(byte)) return byte - ZERO;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : NONE;
}

function describeByte(byte: number): string {
  return byte < 0x7f ? JSON.stringify(String.fromCharCode(byte)) : `0x${byte.toString(16)}`;
}
