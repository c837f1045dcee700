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
    const { ends } = this;
    const { bytes } = this.out;
    let chunk = Buffer.allocUnsafeSlow(chunkBytes);
    let used = 0;
    for (const n of orderByTime(this.times.subarray(0, this.lines))) {
      const start = ends[n] as number;
      const end = ends[n + 1] as number;
      if (used > 0 && used + end - start > chunkBytes) {
        yield chunk.subarray(0, used);
        chunk = Buffer.allocUnsafeSlow(chunkBytes);
        used = 0;
      }
      if (end - start > chunkBytes) yield Buffer.from(bytes.subarray(start, end));
      else used += bytes.copy(chunk, used, start, end);
    }
    if (used > 0) yield chunk.subarray(0, used);
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
  const secondOf = (n: number) => ((times[n] as number) / 1000) | 0;
  let last = 0;
  for (let n = 0; n < times.length; n += 1) last = Math.max(last, secondOf(n));
  const next = new Int32Array(last + 2);
  const add = (second: number, count: number) => {
    next[second] = (next[second] as number) + count;
  };
  for (let n = 0; n < times.length; n += 1) add(secondOf(n) + 1, 1);
  for (let second = 1; second < next.length; second += 1) add(second, next[second - 1] as number);
  const order = new Int32Array(times.length);
  for (let n = 0; n < times.length; n += 1) {
    order[next[secondOf(n)] as number] = n;
    add(secondOf(n), 1);
  }
  for (let at = 1; at < order.length; at += 1) {
    const n = order[at] as number;
    const time = times[n] as number;
    let to = at;
    for (; to > 0 && (times[order[to - 1] as number] as number) > time; to -= 1) {
      order[to] = order[to - 1] as number;
    }
    order[to] = n;
  }
  return order;
}
