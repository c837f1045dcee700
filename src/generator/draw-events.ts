import type { EventTypeName } from '../schema/contract.ts';
import type { Game, Money } from './game.ts';
import type { LevelTry, PlayedDay, PlayedSession } from './play.ts';
import type { SyntheticPlayer } from './player.ts';
import { drawUuid, openStream, pickAt, type RandomStream, type UuidBits } from './random.ts';

/** One thing that happened in a session, before it is written. */
export interface SyntheticEvent {
  readonly type: EventTypeName;
  /** Milliseconds after the midnight (UTC) of the day its session began on; from `DAY_MS` on it is the day after. */
  readonly at: number;
  readonly session: DrawnSession;
  /** Its id. */
  readonly bits: UuidBits;
  /** Level of a try or an achievement; 0 for other types. */
  readonly level: number;
  /** Whether the try was won. */
  readonly won: boolean;
  /** What was paid or earned; 0 for other types. */
  readonly money: Money;
  /** Product that was bought, or where the ad was shown; empty for other types. */
  readonly name: string;
  /** Length of a try in tenths of a second, or of the session in seconds; 0 for other types. */
  readonly length: number;
}

/** What the events of one session share. */
export interface DrawnSession {
  /** Its id. */
  readonly bits: UuidBits;
  readonly player: SyntheticPlayer;
  /** Version of the game. */
  readonly version: string;
}

interface DayContext {
  readonly game: Game;
  readonly player: SyntheticPlayer;
  readonly ids: RandomStream;
  readonly ads: RandomStream;
  readonly purchases: RandomStream;
  readonly events: SyntheticEvent[];
}

/** The events of the sessions that a player began on one day, session by session, each in the order of time. */
export function drawEvents(
  game: Game,
  seed: number,
  player: SyntheticPlayer,
  dayNumber: number,
  { sessions, registers }: PlayedDay,
): SyntheticEvent[] {
  const events: SyntheticEvent[] = [];
  const open = (purpose: 'ids' | 'ads' | 'purchases') => openStream(seed, player.index, purpose, dayNumber);
  const context = { game, player, ids: open('ids'), ads: open('ads'), purchases: open('purchases'), events };
  const version = game.versionOn(dayNumber);
  for (const played of sessions) {
    const session = { bits: drawUuid(context.ids), player, version };
    drawSessionEvents(context, session, played, registers && played === sessions[0]);
  }
  return events;
}

function drawSessionEvents(
  context: DayContext,
  session: DrawnSession,
  played: PlayedSession,
  registers: boolean,
): void {
  const { game, player, purchases, events } = context;
  const { startedAt, endedAt } = played;
  const before = played.brokenOff ? endedAt : Number.POSITIVE_INFINITY;
  const add: AddEvent = (type, at, level = 0, won = false, money = 0, name = '', length = 0) => {
    const bits = drawUuid(context.ids);
    if (at < before) events.push({ type, at, session, bits, level, won, money, name, length });
  };
  if (registers) add('player_registered', startedAt);
  add('session_start', startedAt);
  for (const one of played.tries) drawTryEvents(context, add, one);
  if (player.pays && purchases.next() < game.model.purchaseChance) {
    const { product, price } = pickAt(player.segment.basket, purchases.next());
    const at = (played.tries.at(-1)?.endedAt ?? startedAt) + 600;
    add('purchase', at, 0, false, price, product);
  }
  if (!played.brokenOff) {
    add('session_end', endedAt, 0, false, 0, '', Math.round((endedAt - startedAt) / 1000));
  }
}

type AddEvent = (
  type: EventTypeName,
  at: number,
  level?: number,
  won?: boolean,
  money?: Money,
  name?: string,
  length?: number,
) => void;

function drawTryEvents({ game, player, ads }: DayContext, add: AddEvent, played: LevelTry): void {
  const { level, startedAt, endedAt, won } = played;
  add('level_start', startedAt, level);
  if (endedAt === null) return;
  add('level_complete', endedAt, level, won, 0, '', Math.round((endedAt - startedAt) / 100));
  if (won && level % game.model.levels.achievementEvery === 0) {
    add('achievement_unlocked', endedAt + 40, level);
  }
  if (ads.next() >= player.segment.ads) return;
  const at = endedAt + 200 + ads.below(300);
  const [least, most] = game.model.ads.revenue;
  const revenue = Math.floor((least + ads.next() * (most - least)) * 10_000);
  add('ad_watched', at, 0, false, revenue, pickAt(game.placements, ads.next()));
}
