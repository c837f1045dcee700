import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';

/** What a stream of random numbers is for; a new purpose leaves the streams of the others as they are. */
const purposes = { profile: 1, progress: 2, detail: 3, defect: 4 } as const;

/** A stream of random numbers of its own. */
export interface RandomStream {
  /** From 0, below 1. */
  next(): number;
  /** 32 random bits. */
  bits(): number;
}

/** The stream of one player, purpose and day (days since launch; 0 for what does not change). */
export function openStream(
  seed: number,
  player: number,
  purpose: keyof typeof purposes,
  dayNumber: number,
): RandomStream {
  let state = seed ^ 0x9e3779b9;
  const words = [player, purposes[purpose], dayNumber, 0x51ed270b].map((word) => {
    state = mix(state ^ Math.imul(word + 0x7f4a7c15, 0x85ebca6b));
    return state;
  });
  const generator = xoroshiro128plusFromState(words);
  return { next: () => uniformFloat64(generator), bits: () => generator.next() };
}

function mix(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) | 0;
}

/** Picks an index by weight. */
export function pickWeighted(random: RandomStream, weights: readonly number[]): number {
  let rest = random.next() * weights.reduce((a, b) => a + b, 0);
  for (let n = 0; n < weights.length; n += 1) {
    rest -= weights[n] as number;
    if (rest < 0) return n;
  }
  return weights.length - 1;
}

/** A whole number from 0 with the given mean, most often small: tries that go on with the same chance. */
export function drawCount(random: RandomStream, mean: number, most: number): number {
  const goOn = mean / (1 + mean);
  let count = 0;
  while (count < most && random.next() < goOn) count += 1;
  return count;
}

const hex = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
const byteAt = (word: number, n: number) => hex[(word >>> (8 * n)) & 0xff] as string;

/** A UUID of version 4 from the stream's bits. */
export function drawUuid(random: RandomStream): string {
  const [a, b, c, d] = [random.bits(), random.bits(), random.bits(), random.bits()];
  const version = hex[((b >>> 8) & 0x0f) | 0x40] as string;
  const variant = hex[((c >>> 24) & 0x3f) | 0x80] as string;
  return (
    `${byteAt(a, 3)}${byteAt(a, 2)}${byteAt(a, 1)}${byteAt(a, 0)}-${byteAt(b, 3)}${byteAt(b, 2)}-${version}${byteAt(b, 0)}` +
    `-${variant}${byteAt(c, 2)}-${byteAt(c, 1)}${byteAt(c, 0)}${byteAt(d, 3)}${byteAt(d, 2)}${byteAt(d, 1)}${byteAt(d, 0)}`
  );
}
