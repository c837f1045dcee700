import { ByteBuffer } from './byte-buffer.ts';

const FIRST_LINES = 2 ** 13;
const LF = 10;

/** Lines held as bytes, 8 bytes a line on top of their text, until they are read in the order of time. */
export class LinePool {
  /** What the line at hand is written to. */
  readonly out = new ByteBuffer();
  /** Number of lines. */
  lines = 0;
  private times = new Int32Array(FIRST_LINES);
  private ends = new Int32Array(FIRST_LINES + 1);

  /** Bytes of all lines with their line ends. */
  get size(): number {
    return this.out.size;
  }

  /** Ends the line that was written to `out`; `at`, its time, is whole milliseconds, from 0, below 2^27. */
  endLine(at: number): void {
    if (this.lines === this.times.length) this.grow();
    this.out.reserve(1);
    this.out.byte(LF);
    this.times[this.lines] = at;
    this.lines += 1;
    this.ends[this.lines] = this.out.size;
  }

  /** Takes all lines out. */
  clear(): void {
    this.lines = 0;
    this.out.size = 0;
  }

  /** All lines by time, those of one time as they were added, in chunks of whole lines of up to `chunkBytes`, a longer line alone. */
  *read(chunkBytes: number): Generator<Buffer> {
    const { out, ends } = this;
    const base = out.size;
    out.reserve(chunkBytes);
    let used = 0;
    const copy = (start: number, end: number) => Buffer.from(out.bytes.subarray(start, end));
    for (const n of orderByTime(this.times.subarray(0, this.lines))) {
      const start = ends[n] as number;
      const end = ends[n + 1] as number;
      if (used > 0 && used + end - start > chunkBytes) {
        yield copy(base, base + used);
        used = 0;
      }
      if (end - start > chunkBytes) yield copy(start, end);
      else {
        out.bytes.copyWithin(base + used, start, end);
        used += end - start;
      }
    }
    if (used > 0) yield copy(base, base + used);
  }

  private grow(): void {
    const [times, ends] = [new Int32Array(this.lines * 2), new Int32Array(this.lines * 2 + 1)];
    times.set(this.times);
    ends.set(this.ends);
    [this.times, this.ends] = [times, ends];
  }
}

/** Positions of times in their order, equal ones as they stand: counted out by second, then put in order within it. */
function orderByTime(times: Int32Array): Int32Array {
  const next = new Int32Array(((times.reduce((a, b) => Math.max(a, b), 0) / 1000) | 0) + 2);
  for (const time of times) next[((time / 1000) | 0) + 1] = (next[((time / 1000) | 0) + 1] ?? 0) + 1;
  for (let second = 1; second < next.length; second += 1) {
    next[second] = (next[second] ?? 0) + (next[second - 1] ?? 0);
  }
  const order = new Int32Array(times.length);
  for (let n = 0; n < times.length; n += 1) {
    const second = ((times[n] ?? 0) / 1000) | 0;
    order[next[second] ?? 0] = n;
    next[second] = (next[second] ?? 0) + 1;
  }
  for (let at = 1; at < order.length; at += 1) {
    const n = order[at] ?? 0;
    let to = at;
    for (; to > 0 && (times[order[to - 1] ?? 0] ?? 0) > (times[n] ?? 0); to -= 1)
      order[to] = order[to - 1] ?? 0;
    order[to] = n;
  }
  return order;
}
