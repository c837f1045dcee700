import { catalogue, hourWeights, placements, purchaseChance } from './model.ts';
import type { SyntheticPlayer } from './player.ts';
import type { LevelTry } from './progress.ts';
import { drawUuid, openStream, pickWeighted, type RandomStream } from './random.ts';

/** One event before it is written; `properties` is its JSON text. */
export interface SyntheticEvent {
  readonly id: string;
  readonly player: string;
  readonly type: string;
  /** Milliseconds after the day began, UTC. */
  readonly at: number;
  readonly properties: string;
}

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const VERSIONS = ['1.4.0', '1.4.1', '1.5.0'] as const;

/** The events of one player on one day, in the order of time; all of them lie within the day. */
export function drawDayEvents(
  seed: number,
  player: SyntheticPlayer,
  dayNumber: number,
  sessions: readonly (readonly LevelTry[])[],
): SyntheticEvent[] {
  if (sessions.length === 0) return [];
  const random = openStream(seed, player.index, 'detail', dayNumber);
  const events: SyntheticEvent[] = [];
  const starts = sessions.map(() => drawStart(random, player)).sort((a, b) => a - b);
  let free = 0;
  sessions.forEach((tries, n) => {
    const start = Math.min(Math.max(starts[n] ?? 0, free), DAY_MS - 60_000);
    const isFirst = n === 0 && dayNumber === player.acquiredOn;
    free = writeSession({ random, player, events, isFirst, dayNumber }, start, tries) + 31 * 60_000;
  });
  return events;
}

interface SessionContext {
  readonly random: RandomStream;
  readonly player: SyntheticPlayer;
  readonly events: SyntheticEvent[];
  readonly isFirst: boolean;
  readonly dayNumber: number;
}

function drawStart(random: RandomStream, player: SyntheticPlayer): number {
  const hour = pickWeighted(random, hourWeights) + random.next() - player.country.utcOffset;
  return Math.floor((((hour % 24) + 24) % 24) * HOUR_MS);
}

function writeSession(context: SessionContext, start: number, tries: readonly LevelTry[]): number {
  const { random, player, events, isFirst, dayNumber } = context;
  const session = drawUuid(random);
  const last = DAY_MS - 1;
  let at = start;
  const add = (type: string, properties: string) =>
    events.push({ id: drawUuid(random), player: player.id, type, at: Math.min(at, last), properties });
  const own = `"session_id":"${session}"`;
  const version = VERSIONS[dayNumber < 10 ? 0 : dayNumber < 18 ? 1 : 2];
  const about = `"country":"${player.country.code}","platform":"${player.platform}"`;
  if (isFirst) add('player_registered', `{${about},"source":"${player.source}","app_version":"${version}"}`);
  add('session_start', `{${own},${about},"app_version":"${version}"}`);
  for (const { level, won } of tries) {
    at += Math.floor(2000 + random.next() * 15_000);
    if (at >= last) break;
    add('level_start', `{"level":${level},${own}}`);
    const spent = Math.floor(20_000 + random.next() * 130_000);
    at += spent;
    if (at >= last) break;
    add('level_complete', `{"level":${level},"success":${won},"time_spent":${Math.round(spent / 100) / 10},${own}}`);
    if (won && level % 5 === 0) add('achievement_unlocked', `{"achievement_id":"level_${level}",${own}}`);
    if (random.next() < player.segment.ads) add('ad_watched', drawAd(random, own));
  }
  if (player.pays && random.next() < purchaseChance) add('purchase', drawPurchase(random, player, own));
  at = Math.min(at + Math.floor(1000 + random.next() * 20_000), last);
  add('session_end', `{${own},"duration_s":${Math.round((at - start) / 1000)}}`);
  return at;
}

function drawAd(random: RandomStream, own: string): string {
  const revenue = (0.004 + random.next() * 0.03).toFixed(4);
  const placement = placements[Math.floor(random.next() * placements.length)];
  return `{"revenue":${revenue},"placement":"${placement}",${own}}`;
}

function drawPurchase(random: RandomStream, player: SyntheticPlayer, own: string): string {
  const item = catalogue[pickWeighted(random, player.segment.basket)] ?? catalogue[0];
  return `{"amount":${item.price},"currency":"USD","product_id":"${item.id}",${own}}`;
}
