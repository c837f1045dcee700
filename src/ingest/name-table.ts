interface Entry {
  readonly bytes: Uint8Array;
  readonly value: number;
}

const SLOTS = 256;

/** Finds which of a few known names a run of bytes is, without making a text of it. */
export class NameTable {
  private readonly slots: readonly (readonly Entry[])[];
  private readonly byText: ReadonlyMap<string, number>;

  /** Names and what each is found as; numbers from 0. */
  constructor(names: ReadonlyMap<string, number>) {
    const slots: Entry[][] = Array.from({ length: SLOTS }, () => []);
    for (const [name, value] of names) {
      const bytes = Buffer.from(name);
      slots[slotOf(bytes, 0, bytes.length)]?.push({ bytes, value });
    }
    this.slots = slots;
    this.byText = names;
  }

  /** The value of the name from `start` to `end`, or -1. */
  find(bytes: Uint8Array, start: number, end: number): number {
    if (start === end) return -1;
    const entries = this.slots[slotOf(bytes, start, end)] as readonly Entry[];
    for (let n = 0; n < entries.length; n += 1) {
      const entry = entries[n] as Entry;
      if (isSame(entry.bytes, bytes, start, end)) return entry.value;
    }
    return -1;
  }

  /** The value of a name that was decoded, or -1. */
  findText(name: string): number {
    return this.byText.get(name) ?? -1;
  }
}

function slotOf(bytes: Uint8Array, start: number, end: number): number {
  const [first, last] = [bytes[start] as number, bytes[end - 1] as number];
  return (Math.imul(end - start, 31) + Math.imul(first, 7) + last) & (SLOTS - 1);
}

function isSame(name: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (name.length !== end - start) return false;
  for (let n = 0; n < name.length; n += 1) if (name[n] !== bytes[start + n]) return false;
  return true;
}
