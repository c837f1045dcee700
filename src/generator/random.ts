import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';

/** What a stream is for; a new purpose, or one that draws more, leaves the streams of the others as they are. */
const purposes = {
  profile: 1,
  life: 2,
  play: 3,
  timing: 4,
  ids: 5,
  ads: 6,
  purchases: 7,
  defects: 8,
} as const;

const LANES = [0x9e3779b9, 0x7f4a7c15, 0x51ed270b, 0x2545f491] as const;
const PER_BIT = 2 ** -32;

/** A stream of random numbers of its own. */
export class RandomStream {
  private readonly generator: RandomGenerator;

  constructor(generator: RandomGenerator) {
    this.generator = generator;
  }

  /** From 0, below 1, in steps of 2^-32. */
  next(): number {
    return (this.generator.next() >>> 0) * PER_BIT;
  }

  /** Whole, from 0, below `end`. */
  below(end: number): number {
    return Math.floor(this.next() * end);
  }

  /** 32 random bits. */
  bits(): number {
    return this.generator.next();
  }
}

/** The stream of one player, purpose and day (days since launch; 0 for what does not change). */
export function openStream(
  seed: number,
  player: number,
  purpose: keyof typeof purposes,
  dayNumber: number,
): RandomStream {
  const use = purposes[purpose];
  const hash = (lane: number) => mix(mix(mix(mix(lane ^ seed) ^ player) + use) ^ dayNumber);
  return new RandomStream(
    xoroshiro128plusFromState([hash(LANES[0]), hash(LANES[1]), hash(LANES[2]), hash(LANES[3])]),
  );
}

function mix(value: number): number {
  let h = value + 0x6d2b79f5;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** A choice by weight, prepared once: each item is taken below its `end`, the sum of the weights up to it. */
export type Choice<T> = readonly { readonly item: T; readonly end: number }[];

/** Prepares a choice; weights are 0 or more and need no particular sum. */
export function prepareChoice<T>(items: readonly T[], weigh: (item: T, n: number) => number): Choice<T> {
  let end = 0;
  return items.map((item, n) => {
    end += weigh(item, n);
    return { item, end };
  });
}

/** The item that stands at `share`, from 0, below 1, of all the weight. */
export function pickAt<T>(choice: Choice<T>, share: number): T {
  const at = share * (choice.at(-1)?.end ?? 0);
  for (const { item, end } of choice) if (at < end) return item;
  throw new RangeError(`There is nothing to choose at ${share} of ${choice.length} items without weight.`);
}

/** A whole number from 0 to `most` with about the given mean, most often small: tries that go on with the same chance. */
export function drawCount(random: RandomStream, mean: number, most: number): number {
  const goOn = mean / (1 + mean);
  let count = 0;
  while (count < most && random.next() < goOn) count += 1;
  return count;
}

/** The 128 bits of a UUID of version 4, as four words. */
export type UuidBits = readonly [number, number, number, number];

/** The bits of a UUID of version 4. */
export function drawUuid(random: RandomStream): UuidBits {
  const a = random.bits();
  const b = (random.bits() & 0xffff0fff) | 0x4000;
  const c = (random.bits() & 0x3fffffff) | 0x80000000;
  return [a, b, c, random.bits()];
}
