const BLOCK = 65_536;

/** Where a line stood in the raw data. */
export interface LinePlace {
  readonly object: string;
  /** 1-based. */
  readonly lineNumber: number;
  /** In the uncompressed object. */
  readonly byteOffset: number;
}

/** Places of lines by the order in which they were read: 12 bytes a line. */
export class LineIndex {
  private readonly lineNumbers: Uint32Array[] = [];
  private readonly offsets: Float64Array[] = [];
  private readonly objects: { readonly key: string; readonly first: number }[] = [];
  private count = 0;

  /** The lines that are added from here on stand in this object. */
  beginObject(key: string): void {
    this.objects.push({ key, first: this.count });
  }

  /** Adds the place of the next line. */
  add(lineNumber: number, byteOffset: number): void {
    const slot = this.count % BLOCK;
    if (slot === 0) {
      this.lineNumbers.push(new Uint32Array(BLOCK));
      this.offsets.push(new Float64Array(BLOCK));
    }
    (this.lineNumbers.at(-1) as Uint32Array)[slot] = lineNumber;
    (this.offsets.at(-1) as Float64Array)[slot] = byteOffset;
    this.count += 1;
  }

  /** How many lines were added. */
  get size(): number {
    return this.count;
  }

  /** The place of the line that was added as number `sequence`, from 0. */
  placeOf(sequence: number): LinePlace {
    const lineNumber = this.lineNumbers[Math.floor(sequence / BLOCK)]?.[sequence % BLOCK];
    const byteOffset = this.offsets[Math.floor(sequence / BLOCK)]?.[sequence % BLOCK];
    const object = this.objects.findLast(({ first }) => first <= sequence);
    if (
      lineNumber === undefined ||
      byteOffset === undefined ||
      object === undefined ||
      sequence >= this.count
    ) {
      throw new RangeError(`There is no line ${sequence}; ${this.count} lines were read.`);
    }
    return { object: object.key, lineNumber, byteOffset };
  }
}
