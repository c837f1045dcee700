const FIRST_BYTES = 1 << 20;
const MOST_LINES = 2 ** 26;

/** Lines of ASCII held as bytes, about 16 bytes a line on top of their text, until they are read in the order of time. */
export class LinePool {
  private bytes = Buffer.allocUnsafe(FIRST_BYTES);
  private readonly keys: number[] = [];
  private readonly ends: number[] = [0];

  /** Number of lines. */
  get lines(): number {
    return this.keys.length;
  }

  /** Bytes of all lines with their line ends. */
  get size(): number {
    return this.ends[this.lines] ?? 0;
  }

  /** Adds a line, which is given its line end; `at` is whole, from 0, below 2^27. */
  add(at: number, line: string): void {
    if (this.lines >= MOST_LINES) throw new RangeError(`A day holds at most ${MOST_LINES} synthetic lines.`);
    const start = this.size;
    const end = start + line.length + 1;
    if (end > this.bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(end, this.bytes.length * 2));
      this.bytes.copy(larger, 0, 0, start);
      this.bytes = larger;
    }
    this.bytes.write(line, start, 'latin1');
    this.bytes[end - 1] = 10;
    this.keys.push(at * MOST_LINES + this.lines);
    this.ends.push(end);
  }

  /** All lines by time, those of one time as they were added, in chunks of whole lines of up to `chunkBytes`, a longer line alone. */
  *read(chunkBytes: number): Generator<Buffer> {
    const order = Float64Array.from(this.keys).sort();
    let chunk = Buffer.allocUnsafe(chunkBytes);
    let used = 0;
    for (const key of order) {
      const n = key % MOST_LINES;
      const [start = 0, end = 0] = [this.ends[n], this.ends[n + 1]];
      if (used + end - start > chunk.length) {
        if (used > 0) yield chunk.subarray(0, used);
        chunk = Buffer.allocUnsafe(Math.max(chunkBytes, end - start));
        used = 0;
      }
      used += this.bytes.copy(chunk, used, start, end);
    }
    if (used > 0) yield chunk.subarray(0, used);
  }
}
