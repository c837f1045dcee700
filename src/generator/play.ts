import { hourWeights, weekendLift, winChance } from './model.ts';
import type { SyntheticPlayer } from './player.ts';
import { drawCount, openStream, pickAt, prepareChoice, type RandomStream } from './random.ts';

/** One try at a level; times are milliseconds after midnight UTC. */
export interface LevelTry {
  readonly level: number;
  readonly startedAt: number;
  /** Null when midnight came first: the try is given up and the level not won. */
  readonly endedAt: number | null;
  readonly won: boolean;
}

/** One session; times are milliseconds after midnight UTC. */
export interface PlayedSession {
  readonly startedAt: number;
  readonly endedAt: number;
  readonly tries: readonly LevelTry[];
}

/** What a player did on one day; no session: not active. Sessions are in order and more than 30 minutes apart. */
export interface PlayedDay {
  readonly sessions: readonly PlayedSession[];
  /** Level that is tried next. */
  readonly levelAfter: number;
}

/** Number of days since launch → whether it is a Saturday or Sunday. */
export type IsWeekend = (dayNumber: number) => boolean;

/** The last millisecond of a day. */
export const DAY_END = 86_399_999;

const HOUR_MS = 3_600_000;
const LAST_START = DAY_END - 60_000;
const PAUSE_MS = 31 * 60_000;
const MOST_SESSIONS = 12;
const MOST_TRIES = 60;

const hours = prepareChoice(
  hourWeights.map((_, hour) => hour),
  (hour) => hourWeights[hour] ?? 0,
);

/** Plays one day of a player who stands at `level`; `dayNumber` counts from the launch. */
export function playDay(
  seed: number,
  player: SyntheticPlayer,
  dayNumber: number,
  isWeekend: boolean,
  level: number,
): PlayedDay {
  const idle = { sessions: [], levelAfter: level };
  if (dayNumber < player.acquiredOn || dayNumber >= player.leavesOn) return idle;
  const play = openStream(seed, player.index, 'play', dayNumber);
  const lift = isWeekend ? weekendLift : 1;
  if (play.next() >= chanceToPlay(player, dayNumber) * lift) return idle;
  const count = 1 + drawCount(play, (player.segment.sessionsADay - 1) * lift, MOST_SESSIONS);
  const timing = openStream(seed, player.index, 'timing', dayNumber);
  const starts = Array.from({ length: count }, () => drawStart(timing, player.country.utcOffset));
  const sessions: PlayedSession[] = [];
  let free = 0;
  let levelAfter = level;
  for (const start of starts.sort((a, b) => a - b)) {
    const startedAt = sessions.length === 0 ? Math.min(start, LAST_START) : Math.max(start, free);
    if (startedAt > LAST_START) break;
    const session = playSession(play, timing, player, startedAt, levelAfter);
    sessions.push(session);
    for (const { won } of session.tries) if (won) levelAfter += 1;
    free = session.endedAt + PAUSE_MS;
  }
  return { sessions, levelAfter };
}

/** The level that a player stands at when a day begins: the earlier days played again, without their events. */
export function replayLevel(
  seed: number,
  player: SyntheticPlayer,
  dayNumber: number,
  isWeekend: IsWeekend,
): number {
  let level = 1;
  const end = Math.min(dayNumber, player.leavesOn);
  for (let day = player.acquiredOn; day < end; day += 1) {
    level = playDay(seed, player, day, isWeekend(day), level).levelAfter;
  }
  return level;
}

function chanceToPlay({ segment, acquiredOn }: SyntheticPlayer, dayNumber: number): number {
  const age = dayNumber - acquiredOn;
  return age === 0 ? 1 : segment.activity / (1 + segment.fade * age);
}

function drawStart(timing: RandomStream, utcOffset: number): number {
  const hour = pickAt(hours, timing.next()) + timing.next() - utcOffset;
  return Math.floor(((hour + 24) % 24) * HOUR_MS);
}

function playSession(
  play: RandomStream,
  timing: RandomStream,
  { segment }: SyntheticPlayer,
  startedAt: number,
  firstLevel: number,
): PlayedSession {
  const tries: LevelTry[] = [];
  let level = firstLevel;
  let clock = startedAt;
  for (let left = 1 + drawCount(play, segment.levelsASession - 1, MOST_TRIES); left > 0; left -= 1) {
    const begin = clock + 2000 + timing.below(15_000);
    clock = begin + 20_000 + timing.below(130_000);
    if (begin >= DAY_END) break;
    if (clock >= DAY_END) {
      tries.push({ level, startedAt: begin, endedAt: null, won: false });
      break;
    }
    const won = play.next() < winChance(level, segment.skill);
    tries.push({ level, startedAt: begin, endedAt: clock, won });
    if (won) level += 1;
  }
  return { startedAt, endedAt: Math.min(clock + 1000 + timing.below(20_000), DAY_END), tries };
}
