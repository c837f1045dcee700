/** What was seen of one key. It is ripe when both times have come. */
interface Seen {
  /** Null until it is looked at. */
  readonly name: string | null;
  readonly quietAt: number;
  /** Infinity: nothing is to be done about this name. */
  readonly notBefore: number;
}

/**
 * Waits for things to become quiet. A thing is a key, and what is seen of it is a name that changes with it; it is ripe when its name
 * has not changed for the quiet period. Times are in milliseconds of any one clock, and always given.
 */
export class QuietPeriod {
  private readonly quietMs: number;
  private readonly seen = new Map<string, Seen>();

  constructor(quietMs: number) {
    this.quietMs = quietMs;
  }

  /** Something happened to the key: it has to be quiet from here on. */
  touch(key: string, now: number): void {
    this.seen.set(key, { name: null, quietAt: now + this.quietMs, notBefore: now });
  }

  /** The key was looked at. Another name than before starts the quiet period; one that is new may have been there `since` before. */
  see(key: string, name: string, now: number, since = now): void {
    const before = this.seen.get(key);
    if (before?.name === name) return;
    if (before?.name === null) this.seen.set(key, { ...before, name });
    else {
      const begin = before === undefined ? Math.min(since, now) : now;
      this.seen.set(key, { name, quietAt: begin + this.quietMs, notBefore: now });
    }
  }

  /** Nothing is to be done about the key under this name. */
  settle(key: string, name: string): void {
    this.seen.set(key, { name, quietAt: 0, notBefore: Number.POSITIVE_INFINITY });
  }

  /** Nothing is to be done about the key. */
  forget(key: string): void {
    this.seen.delete(key);
  }

  /** The key is ripe from `at` on, if it is quiet then. */
  wake(key: string, at: number): void {
    const before = this.seen.get(key);
    this.seen.set(key, { name: before?.name ?? null, quietAt: before?.quietAt ?? at, notBefore: at });
  }

  /** The keys that have been quiet for long enough, in order. */
  ripe(now: number): string[] {
    return [...this.seen.keys()].filter((key) => this.isRipe(key, now)).sort();
  }

  /** Whether a key has been quiet for long enough. */
  isRipe(key: string, now: number): boolean {
    return this.ripeAt(key) <= now;
  }

  /** Keys that are ripe or will be, in order. */
  get pending(): string[] {
    return this.ripe(Number.MAX_VALUE);
  }

  /** When the next key that is not ripe becomes so; infinity when there is none. */
  nextAt(now: number): number {
    const times = [...this.seen.keys()].map((key) => this.ripeAt(key)).filter((at) => at > now);
    return times.reduce((first, at) => Math.min(first, at), Number.POSITIVE_INFINITY);
  }

  private ripeAt(key: string): number {
    const { quietAt, notBefore } = this.seen.get(key) ?? { quietAt: 0, notBefore: Number.POSITIVE_INFINITY };
    return Math.max(quietAt, notBefore);
  }
}
