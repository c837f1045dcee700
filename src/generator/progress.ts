import { weekendLift, winChance } from './model.ts';
import type { SyntheticPlayer } from './player.ts';
import { drawCount, openStream } from './random.ts';

/** One try at a level. */
export interface LevelTry {
  readonly level: number;
  readonly won: boolean;
}

/** What a player did on one day: the tries of each session; no session, not active. */
export interface DayPlay {
  readonly sessions: readonly (readonly LevelTry[])[];
  /** Level that is tried next. */
  readonly levelAfter: number;
}

const MOST_SESSIONS = 12;
const MOST_TRIES = 60;

/** Plays one day of a player who stands at `level`; `dayNumber` counts from the launch. */
export function playDay(
  seed: number,
  player: SyntheticPlayer,
  dayNumber: number,
  isWeekend: boolean,
  level: number,
): DayPlay {
  const age = dayNumber - player.acquiredOn;
  if (age < 0 || dayNumber >= player.leavesOn) return { sessions: [], levelAfter: level };
  const random = openStream(seed, player.index, 'progress', dayNumber);
  const { activity, fade, sessionsADay, levelsASession, skill } = player.segment;
  const chance = age === 0 ? 1 : (activity / (1 + fade * age)) * (isWeekend ? weekendLift : 1);
  if (random.next() >= chance) return { sessions: [], levelAfter: level };
  const count = 1 + drawCount(random, (sessionsADay - 1) * (isWeekend ? weekendLift : 1), MOST_SESSIONS);
  let at = level;
  const sessions = Array.from({ length: count }, () => {
    const tries = 1 + drawCount(random, levelsASession - 1, MOST_TRIES);
    return Array.from({ length: tries }, () => {
      const won = random.next() < winChance(at, skill);
      const attempt = { level: at, won };
      if (won) at += 1;
      return attempt;
    });
  });
  return { sessions, levelAfter: at };
}

/** The level that a player stands at when a day begins: the earlier days replayed, without their events. */
export function replayLevel(
  seed: number,
  player: SyntheticPlayer,
  dayNumber: number,
  isWeekend: (dayNumber: number) => boolean,
): number {
  let level = 1;
  const last = Math.min(dayNumber, player.leavesOn);
  for (let day = player.acquiredOn; day < last; day += 1) {
    level = playDay(seed, player, day, isWeekend(day), level).levelAfter;
  }
  return level;
}
