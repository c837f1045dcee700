import type { LevelModel } from '../domain/game-model.ts';
import { DAY_MS, type Game, HOUR_MS } from './game.ts';
import type { SyntheticPlayer } from './player.ts';
import { drawCount, openStream, pickAt, type RandomStream } from './random.ts';

/** One try at a level; times as in its session. */
export interface LevelTry {
  readonly level: number;
  readonly startedAt: number;
  /** Null when an outage came first: the level is not won. */
  readonly endedAt: number | null;
  readonly won: boolean;
}

/** One session; times are milliseconds after the midnight (UTC) of the day it begins on, beyond the next one if it goes on. */
export interface PlayedSession {
  readonly startedAt: number;
  readonly endedAt: number;
  /** An outage broke it off at `endedAt`: nothing of it happens from then on. */
  readonly brokenOff: boolean;
  readonly tries: readonly LevelTry[];
}

/** Where a player stands when a day begins. */
export interface Standing {
  /** Whether the player has been there before. */
  readonly registered: boolean;
  /** Level that is tried next. */
  readonly level: number;
  /** Milliseconds after midnight before which no session can begin, since the one before went on so long. */
  readonly freeAt: number;
}

/** What a player did on one day; no session: not active. Sessions are in order and more than 30 minutes apart. */
export interface PlayedDay {
  readonly sessions: readonly PlayedSession[];
  /** Whether the first session is the player's first ever. */
  readonly registers: boolean;
  readonly after: Standing;
}

/** Where everybody begins. */
export const firstStanding: Standing = { registered: false, level: 1, freeAt: 0 };

const LAST_START = DAY_MS - 60_000;
const PAUSE_MS = 31 * 60_000;
const MOST_SESSIONS = 12;
const MOST_TRIES = 60;
const nothing: readonly PlayedSession[] = [];

/** Plays one day of a player; `dayNumber` counts from the launch. */
export function playDay(
  game: Game,
  seed: number,
  player: SyntheticPlayer,
  dayNumber: number,
  standing: Standing,
): PlayedDay {
  const idle = { sessions: nothing, registers: false, after: { ...standing, freeAt: 0 } };
  if (dayNumber < player.acquiredOn || dayNumber >= player.leavesOn) return idle;
  const play = openStream(seed, player.index, 'play', dayNumber);
  if (play.next() >= chanceToPlay(game, player, dayNumber)) return idle;
  const lift = game.isWeekend(dayNumber) ? game.model.weekendLift : 1;
  const count = 1 + drawCount(play, (player.segment.sessionsADay - 1) * lift, MOST_SESSIONS);
  const timing = openStream(seed, player.index, 'timing', dayNumber);
  const starts = Array.from({ length: count }, () => drawStart(game, timing, player.country.utcOffset));
  const sessions: PlayedSession[] = [];
  let { level, freeAt } = standing;
  for (const start of starts.sort((a, b) => a - b)) {
    const isFirst = sessions.length === 0;
    const wanted = Math.max(start, freeAt);
    const startedAt = isFirst ? Math.min(wanted, LAST_START) : wanted;
    if (startedAt > LAST_START) break;
    const isNew = isFirst && !standing.registered;
    const allowedAt = waitForService(game, dayNumber, startedAt, isNew);
    if (allowedAt === null) continue;
    const session = playSession(game, play, timing, player, dayNumber, allowedAt, level);
    sessions.push(session);
    for (const { won } of session.tries) if (won) level += 1;
    freeAt = session.endedAt + PAUSE_MS;
  }
  const registered = standing.registered || sessions.length > 0;
  const after = { registered, level, freeAt: Math.max(0, freeAt - DAY_MS) };
  return { sessions, registers: registered && !standing.registered, after };
}

/** Chance that a player, while there, plays on a day. */
function chanceToPlay(game: Game, { segment, acquiredOn }: SyntheticPlayer, dayNumber: number): number {
  const age = dayNumber - acquiredOn;
  if (age === 0) return 1;
  const weekend = game.isWeekend(dayNumber) ? game.model.weekendLift : 1;
  return (segment.activity / (1 + segment.fade * age)) * weekend * game.liftOn(dayNumber);
}

/** Chance of winning a try at a level. */
function winChance(levels: LevelModel, level: number, skill: number): number {
  const hard = level % levels.hardEvery === 0 ? levels.hardDrop : 0;
  const drop = Math.min(levels.mostDrop, levels.dropALevel * level);
  const chance = levels.firstChance - drop - hard + skill;
  return Math.min(levels.mostChance, Math.max(levels.leastChance, chance));
}

function drawStart(game: Game, timing: RandomStream, utcOffset: number): number {
  const hour = pickAt(game.hours, timing.next()) + timing.next() - utcOffset;
  return Math.floor(((hour + 24) % 24) * HOUR_MS);
}

/** When a session can begin: nobody gets in during an outage, but who is new tries again when it is over. */
function waitForService(game: Game, dayNumber: number, startedAt: number, isNew: boolean): number | null {
  const since = dayNumber * DAY_MS;
  const outage = game.outages.find(({ from, to }) => since + startedAt >= from && since + startedAt < to);
  if (outage === undefined) return startedAt;
  const over = outage.to - since + Math.floor((startedAt + since - outage.from) / 60);
  return isNew && over <= LAST_START ? over : null;
}

function playSession(
  game: Game,
  play: RandomStream,
  timing: RandomStream,
  { segment }: SyntheticPlayer,
  dayNumber: number,
  startedAt: number,
  firstLevel: number,
): PlayedSession {
  const { levels, pace } = game.model;
  const cutAt = nextOutage(game, dayNumber, startedAt);
  const tries: LevelTry[] = [];
  let level = firstLevel;
  let clock = startedAt;
  for (let left = 1 + drawCount(play, segment.triesASession - 1, MOST_TRIES); left > 0; left -= 1) {
    const begin = clock + drawSpan(timing, pace.pauseSeconds);
    clock = begin + drawSpan(timing, pace.trySeconds);
    const won = play.next() < winChance(levels, level, segment.skill);
    if (begin >= cutAt) break;
    if (clock >= cutAt) {
      tries.push({ level, startedAt: begin, endedAt: null, won: false });
      break;
    }
    tries.push({ level, startedAt: begin, endedAt: clock, won });
    if (won) level += 1;
  }
  const endedAt = clock + 1000 + timing.below(20_000);
  const brokenOff = endedAt >= cutAt;
  return { startedAt, endedAt: brokenOff ? cutAt : endedAt, brokenOff, tries };
}

function nextOutage(game: Game, dayNumber: number, startedAt: number): number {
  const since = dayNumber * DAY_MS;
  let next = Number.POSITIVE_INFINITY;
  for (const { from } of game.outages) {
    if (from > since + startedAt && from - since < next) next = from - since;
  }
  return next;
}

function drawSpan(timing: RandomStream, [least, most]: readonly [number, number]): number {
  return Math.floor(least * 1000 + timing.next() * (most - least) * 1000);
}
