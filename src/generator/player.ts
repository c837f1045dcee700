import {
  countries,
  defaultCalendarDays,
  launchShare,
  platforms,
  type Segment,
  segments,
  sources,
  weighAcquisition,
} from './model.ts';
import { type Choice, drawUuid, openStream, pickAt, prepareChoice } from './random.ts';
import type { GeneratorSpec } from './spec.ts';

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
const MOST_CALENDAR_DAYS = 36_500;

// Steps of the R2 sequence (Roberts 2018): any run of players covers segments and acquisition days evenly, so that
// totals hardly hang on the seed and a player stays the same whatever the number of players.
const SEGMENT_STEP = 0.7548776662466927;
const ACQUISITION_STEP = 0.5698402909980532;

const bySegment = prepareChoice(segments, ({ share }) => share);
const byCountry = prepareChoice(countries, ({ weight }) => weight);
const byPlatform = prepareChoice(platforms, ({ weight }) => weight);
const bySource = prepareChoice(sources, ({ weight }) => weight);

/** On which day after the launch a player comes, by share: the spec's calendar, whatever days are asked for. */
export function planAcquisition({ calendarDays = defaultCalendarDays }: GeneratorSpec): Choice<number> {
  if (!Number.isInteger(calendarDays) || calendarDays < 1 || calendarDays > MOST_CALENDAR_DAYS) {
    throw new RangeError(`calendarDays is ${calendarDays}. Expected whole days, 1 to ${MOST_CALENDAR_DAYS}.`);
  }
  const days = Array.from({ length: calendarDays }, (_, day) => day);
  const later = days.slice(1).reduce((total, day) => total + weighAcquisition(day, calendarDays), 0);
  return prepareChoice(days, (day) => {
    if (day === 0) return calendarDays === 1 ? 1 : launchShare;
    return ((1 - launchShare) * weighAcquisition(day, calendarDays)) / later;
  });
}

/** The player of an index, from 0: the same whatever the number of players. */
export function drawPlayer(seed: number, index: number, acquisition: Choice<number>): SyntheticPlayer {
  const random = openStream(seed, index, 'profile', 0);
  const shift = openStream(seed, 0, 'life', 0);
  const segment = pickAt(bySegment, (shift.next() + index * SEGMENT_STEP) % 1);
  const acquiredOn = pickAt(acquisition, (shift.next() + index * ACQUISITION_STEP) % 1);
  return {
    index,
    id: drawUuid(random),
    segment,
    country: pickAt(byCountry, random.next()),
    platform: pickAt(byPlatform, random.next()).name,
    source: pickAt(bySource, random.next()).name,
    acquiredOn,
    leavesOn: acquiredOn + drawLife(seed, index, segment.churn),
    pays: random.next() < segment.payers,
  };
}

function drawLife(seed: number, index: number, churn: number): number {
  const random = openStream(seed, index, 'life', 1);
  let life = 1;
  while (life < LONGEST_LIFE && random.next() >= churn) life += 1;
  return life;
}
