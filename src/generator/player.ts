import { ByteBuffer } from './byte-buffer.ts';
import type { Country, Game, Segment } from './game.ts';
import { drawUuid, openStream, pickAt, type UuidBits } from './random.ts';

/** What does not change about a synthetic player. */
export interface SyntheticPlayer {
  readonly index: number;
  readonly id: string;
  readonly segment: Segment;
  readonly country: Country;
  readonly platform: string;
  readonly source: string;
  /** Days after the launch. */
  readonly acquiredOn: number;
  /** First day, after the launch, on which the player is gone for good. */
  readonly leavesOn: number;
  /** Whether the player is ready to pay. */
  readonly pays: boolean;
}

const LONGEST_LIFE = 3650;

// Steps of the R2 sequence (Roberts 2018): any run of players covers segments and acquisition days evenly, so that
// totals hardly hang on the seed and a player stays the same whatever the number of players.
const SEGMENT_STEP = 0.7548776662466927;
const ACQUISITION_STEP = 0.5698402909980532;

/** The player of an index, from 0: the same whatever the number of players. */
export function drawPlayer(game: Game, seed: number, index: number): SyntheticPlayer {
  const random = openStream(seed, index, 'profile', 0);
  const shift = openStream(seed, 0, 'life', 0);
  const segment = pickAt(game.segments, (shift.next() + index * SEGMENT_STEP) % 1);
  const acquiredOn = pickAt(game.acquisition, (shift.next() + index * ACQUISITION_STEP) % 1);
  return {
    index,
    id: formatUuid(drawUuid(random)),
    segment,
    country: pickAt(game.countries, random.next()),
    platform: pickAt(game.platforms, random.next()),
    source: pickAt(game.sources, random.next()),
    acquiredOn,
    leavesOn: acquiredOn + drawLife(seed, index, segment.churn),
    pays: random.next() < segment.payers,
  };
}

/** The text of a UUID, in one piece, where joined digits would be a tree of strings. */
function formatUuid(bits: UuidBits): string {
  const text = new ByteBuffer(36);
  text.uuidAt(0, bits);
  text.size = 36;
  return text.toString();
}

function drawLife(seed: number, index: number, churn: number): number {
  const random = openStream(seed, index, 'life', 1);
  let life = 1;
  while (life < LONGEST_LIFE && random.next() >= churn) life += 1;
  return life;
}
