import { care } from './csv-row.ts';
import { findPlainEnd, JsonScanner, type Kind, kinds } from './json-scanner.ts';
import { NameTable } from './name-table.ts';

const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const COMMA = 0x2c;
const QUOTE = 0x22;
const REFUSED = -2;
const SHOWN = 80;

/** The names that a line's object may have: of its own, and within the one that is an object itself. */
export interface ObjectShape {
  readonly names: readonly string[];
  /** One of `names`, whose own members are read too, and the names of these. */
  readonly container?: { readonly name: string; readonly names: readonly string[] };
}

/**
 * Reads one line's object into slots: first a slot for each of the shape's `names`, then one for each name of its container.
 * A slot tells the kind of its value and where it stands in `bytes`, a text without its quotation marks.
 */
export class ObjectReader {
  bytes: Uint8Array = new Uint8Array();
  readonly kinds: Uint8Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** By slot with a text, one of `care`. */
  readonly care: Uint8Array;
  /** Names that the shape does not have, as `field x` and `property y`. */
  readonly unknown = new Set<string>();
  /** Why the last line could not be read. */
  fault = '';
  private readonly scanner = new JsonScanner();
  private readonly own: NameTable;
  private readonly inner: NameTable;
  private readonly container: number;
  private readonly shape: ObjectShape;

  constructor(shape: ObjectShape) {
    const { names, container } = shape;
    const inner = container?.names ?? [];
    const size = names.length + inner.length;
    this.kinds = new Uint8Array(size);
    this.starts = new Int32Array(size);
    this.ends = new Int32Array(size);
    this.care = new Uint8Array(size);
    this.own = new NameTable(new Map(names.map((name, n) => [name, n])));
    this.inner = new NameTable(new Map(inner.map((name, n) => [name, names.length + n])));
    this.shape = shape;
    this.container = container === undefined ? -1 : names.indexOf(container.name);
  }

  /** Reads a line; false when it is not one JSON object, or when a name stands twice in it. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    this.begin(bytes);
    const { scanner } = this;
    scanner.begin(bytes, start, end);
    scanner.skipSpace();
    if (scanner.peek() !== OPEN_OBJECT) return this.refuseOther();
    if (!this.readMembers(this.own)) return false;
    return this.isAtEnd() || this.refuse();
  }

  /** Empties all slots for a line whose values will be placed one by one in `bytes`. */
  begin(bytes: Uint8Array): void {
    this.bytes = bytes;
    if (this.unknown.size > 0) this.unknown.clear();
    for (let n = 0; n < this.kinds.length; n += 1) this.kinds[n] = kinds.absent;
  }

  /** Places a text, which has no escapes of JSON. */
  placeText(slot: number, start: number, end: number, careOf: number): void {
    this.kinds[slot] = kinds.text;
    this.starts[slot] = start;
    this.ends[slot] = end;
    this.care[slot] = careOf;
  }

  /** Reads the container from a text of its own, as JSON of any kind; false when that is not JSON. */
  readContainer(start: number, end: number): boolean {
    const { scanner } = this;
    scanner.begin(this.bytes, start, end);
    scanner.skipSpace();
    if (!this.readValue(this.container, true)) return false;
    return this.isAtEnd() || this.refuse();
  }

  /** The text in a slot, its escapes resolved. */
  textOf(slot: number): string {
    const [start, end] = [this.starts[slot] as number, this.ends[slot] as number];
    return this.decode(start, end, this.care[slot] === care.escapes);
  }

  private decode(start: number, end: number, hasEscape: boolean): string {
    const { bytes } = this;
    const raw = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('utf8');
    return hasEscape ? (JSON.parse(`"${raw}"`) as string) : raw;
  }

  /** The members of the object that begins at the scanner's place. */
  private readMembers(table: NameTable): boolean {
    const { scanner, bytes } = this;
    const { end } = scanner;
    table.begin();
    scanner.pos += 1;
    scanner.skipSpace();
    if (scanner.peek() === CLOSE_OBJECT) {
      scanner.pos += 1;
      return true;
    }
    for (let p = scanner.pos; ; ) {
      p = this.readMember(table, p);
      if (p < 0) return false;
      if (p + 1 < end && bytes[p] === COMMA && bytes[p + 1] === QUOTE) {
        p += 1;
        continue;
      }
      scanner.pos = p;
      scanner.skipSpace();
      const byte = scanner.peek();
      scanner.pos += 1;
      if (byte === CLOSE_OBJECT) return true;
      if (byte !== COMMA) return scanner.fail(scanner.pos - 1) || this.refuse();
      scanner.skipSpace();
      p = scanner.pos;
    }
  }

  /** A name and its value at `start`; where what comes after them stands, or REFUSED. */
  private readMember(table: NameTable, start: number): number {
    const { scanner } = this;
    const { view, end } = scanner;
    const matched = table.matchNext(view, start, end);
    let slot: number;
    if (matched > 0) {
      slot = table.value;
      scanner.pos = start + matched;
    } else {
      scanner.pos = start;
      slot = this.readName(table);
      if (slot === REFUSED) return REFUSED;
    }
    if (slot >= 0 && this.kinds[slot] !== kinds.absent) return this.refuseTwice(slot);
    const close = findPlainEnd(this.bytes, view, scanner.pos, end);
    if (close >= 0) {
      if (slot >= 0) this.placeText(slot, scanner.pos + 1, close, care.none);
      return close + 1;
    }
    if (matched > 0) scanner.skipSpace();
    return this.readValue(slot, table === this.own) ? scanner.pos : REFUSED;
  }

  /** A name with its colon; its slot, -1 when the shape does not have it, or REFUSED. */
  private readName(table: NameTable): number {
    const { scanner } = this;
    const start = scanner.pos + 1;
    if (!scanner.scanText()) {
      this.refuse();
      return REFUSED;
    }
    const end = scanner.pos - 1;
    const { hasEscape } = scanner;
    if (!scanner.scanColon()) {
      this.refuse();
      return REFUSED;
    }
    const slot = hasEscape
      ? table.findText(this.decode(start, end, true))
      : table.find(this.bytes, start, end);
    if (slot >= 0) return slot;
    const name = `${table === this.own ? 'field' : 'property'} ${this.decode(start, end, hasEscape)}`;
    if (!this.unknown.has(name)) {
      this.unknown.add(name);
      return slot;
    }
    this.fault = `the ${name.slice(0, SHOWN).toWellFormed()} stands twice in it`;
    return REFUSED;
  }

  /** A value into a slot; into none when that is -1. */
  private readValue(slot: number, isOwn: boolean): boolean {
    const { scanner } = this;
    const start = scanner.pos;
    let kind: Kind;
    if (isOwn && slot === this.container && slot >= 0 && scanner.peek() === OPEN_OBJECT) {
      if (!this.readMembers(this.inner)) return false;
      kind = kinds.object;
    } else kind = scanner.scanValue();
    if (kind === kinds.absent) return this.refuse();
    if (slot < 0) return true;
    const inset = kind === kinds.text ? 1 : 0;
    this.kinds[slot] = kind;
    this.starts[slot] = start + inset;
    this.ends[slot] = scanner.pos - inset;
    this.care[slot] = inset === 1 && scanner.hasEscape ? care.escapes : care.none;
    return true;
  }

  private isAtEnd(): boolean {
    this.scanner.skipSpace();
    return this.scanner.pos === this.scanner.end || this.scanner.fail(this.scanner.pos);
  }

  private refuse(): false {
    this.fault = `not JSON: ${this.scanner.fault}`;
    return false;
  }

  private refuseOther(): false {
    const isJson = this.scanner.scanValue() !== kinds.absent && this.isAtEnd();
    if (!isJson) return this.refuse();
    this.fault = 'JSON, but not an object';
    return false;
  }

  private refuseTwice(slot: number): number {
    const { names, container } = this.shape;
    const name = names[slot] ?? container?.names[slot - names.length];
    this.fault = `the ${slot < names.length ? 'field' : 'property'} ${name} stands twice in it`;
    return REFUSED;
  }
}
