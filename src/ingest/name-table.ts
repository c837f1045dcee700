interface Entry {
  readonly name: Uint8Array;
  /** Length of the name as JSON writes it without blanks, in quotation marks and with its colon. */
  readonly length: number;
  /** The bytes of that, four by four, and its last four. */
  readonly words: Int32Array;
  readonly lastWord: number;
  readonly value: number;
  /** What came after it the last time, or null. */
  next: Entry | null;
}

const SLOTS = 256;

/**
 * Finds which of a few known names a run of bytes is, without making a text of it. Since objects mostly have their names in the same
 * order, it tries first the one that came next the last time.
 */
export class NameTable {
  private readonly slots: readonly (readonly Entry[])[];
  private readonly byText: ReadonlyMap<string, Entry>;
  private readonly beginning: Entry = makeEntry('', -1);
  private last: Entry = this.beginning;

  /** Names and what each is found as; numbers from 0. */
  constructor(names: ReadonlyMap<string, number>) {
    const slots: Entry[][] = Array.from({ length: SLOTS }, () => []);
    const byText = new Map<string, Entry>();
    for (const [text, value] of names) {
      const entry = makeEntry(text, value);
      slots[slotOf(entry.name, 0, entry.name.length)]?.push(entry);
      byText.set(text, entry);
    }
    this.slots = slots;
    this.byText = byText;
  }

  /** An object begins: the next name is its first. */
  begin(): void {
    this.last = this.beginning;
  }

  /** The length of the expected name with quotation marks and colon when that is what stands at `start`, otherwise 0. */
  matchNext(view: DataView, start: number, end: number): number {
    const entry = this.last.next;
    if (entry === null) return 0;
    const { words, length } = entry;
    if (start + length > end) return 0;
    for (let n = 0; n < words.length; n += 1) if (view.getInt32(start + 4 * n) !== words[n]) return 0;
    if (view.getInt32(start + length - 4) !== entry.lastWord) return 0;
    this.last = entry;
    return length;
  }

  /** The value of the name that was matched or found last. */
  get value(): number {
    return this.last.value;
  }

  /** The value of the name from `start` to `end`, or -1. */
  find(bytes: Uint8Array, start: number, end: number): number {
    if (start === end) return -1;
    const entries = this.slots[slotOf(bytes, start, end)] as readonly Entry[];
    for (let n = 0; n < entries.length; n += 1) {
      const entry = entries[n] as Entry;
      if (isSame(entry.name, bytes, start, end)) return this.noteFound(entry);
    }
    return -1;
  }

  /** The value of a name that was decoded, or -1. */
  findText(name: string): number {
    const entry = this.byText.get(name);
    return entry === undefined ? -1 : this.noteFound(entry);
  }

  private noteFound(entry: Entry): number {
    this.last.next = entry;
    this.last = entry;
    return entry.value;
  }
}

function makeEntry(text: string, value: number): Entry {
  const token = Buffer.from(`"${text}":`);
  const words = Int32Array.from({ length: token.length >> 2 }, (_, n) => token.readInt32BE(4 * n));
  const lastWord = token.length < 4 ? 0 : token.readInt32BE(token.length - 4);
  return { name: Buffer.from(text), length: token.length, words, lastWord, value, next: null };
}

function slotOf(bytes: Uint8Array, start: number, end: number): number {
  const first = bytes[start] as number;
  const last = bytes[end - 1] as number;
  return (Math.imul(end - start, 31) + Math.imul(first, 7) + last) & (SLOTS - 1);
}

function isSame(name: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (name.length !== end - start) return false;
  for (let n = 0; n < name.length; n += 1) if (name[n] !== bytes[start + n]) return false;
  return true;
}
