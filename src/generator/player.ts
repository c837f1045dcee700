import { acquisitionCalendar, countries, platforms, segments, type Segment, sources } from './model.ts';
import { drawUuid, openStream, pickWeighted } from './random.ts';

/** What does not change about a synthetic player. */
export interface SyntheticPlayer {
  readonly index: number;
  readonly id: string;
  readonly segment: Segment;
  readonly country: (typeof countries)[number];
  readonly platform: string;
  readonly source: string;
  /** Days after the launch. */
  readonly acquiredOn: number;
  /** First day, after the launch, on which the player is gone for good. */
  readonly leavesOn: number;
  readonly pays: boolean;
}

const LONGEST_LIFE = 3650;

/** The player of an index: the same whatever the number of players. */
export function drawPlayer(seed: number, index: number): SyntheticPlayer {
  const random = openStream(seed, index, 'profile', 0);
  const id = drawUuid(random);
  const segment = segments[pickWeighted(random, segments.map(({ share }) => share))] as Segment;
  const country = countries[pickWeighted(random, countries.map(({ weight }) => weight))] ?? countries[0];
  const platform = platforms[pickWeighted(random, platforms.map(({ weight }) => weight))]?.name ?? 'ios';
  const source = sources[pickWeighted(random, sources.map(({ weight }) => weight))]?.name ?? 'organic';
  const acquiredOn = pickWeighted(random, acquisitionCalendar);
  const pays = random.next() < segment.payers;
  let life = 1;
  while (life < LONGEST_LIFE && random.next() >= segment.churn) life += 1;
  return { index, id, segment, country, platform, source, acquiredOn, leavesOn: acquiredOn + life, pays };
}
