import type { EventTypeName } from '../schema/contract.ts';
import { catalogue, placements, purchaseChance, versions } from './model.ts';
import { DAY_END, type LevelTry, type PlayedSession } from './play.ts';
import type { SyntheticPlayer } from './player.ts';
import { drawUuid, openStream, pickAt, prepareChoice, type RandomStream } from './random.ts';

/** One event before it is written; `properties` is its JSON text. */
export interface SyntheticEvent {
  readonly id: string;
  readonly player: string;
  readonly type: EventTypeName;
  /** Milliseconds after midnight UTC, within the day. */
  readonly at: number;
  readonly properties: string;
}

interface DayContext {
  readonly player: SyntheticPlayer;
  readonly ids: RandomStream;
  readonly ads: RandomStream;
  readonly purchases: RandomStream;
  readonly version: string;
  readonly events: SyntheticEvent[];
}

const allPlacements = prepareChoice(placements, ({ weight }) => weight);

/** The events of what one player did on one day, session by session. */
export function drawDayEvents(
  seed: number,
  player: SyntheticPlayer,
  dayNumber: number,
  sessions: readonly PlayedSession[],
): SyntheticEvent[] {
  const events: SyntheticEvent[] = [];
  if (sessions.length === 0) return events;
  const open = (purpose: 'ids' | 'ads' | 'purchases') => openStream(seed, player.index, purpose, dayNumber);
  const version = versions.findLast(({ since }) => dayNumber >= since)?.name ?? '';
  const context = {
    player,
    ids: open('ids'),
    ads: open('ads'),
    purchases: open('purchases'),
    version,
    events,
  };
  sessions.forEach((session, n) => {
    drawSessionEvents(context, session, n === 0 && dayNumber === player.acquiredOn);
  });
  return events;
}

function drawSessionEvents(context: DayContext, session: PlayedSession, isFirst: boolean): void {
  const { player, purchases, version } = context;
  const own = `"session_id":"${drawUuid(context.ids)}"`;
  const about = `"country":"${player.country.code}","platform":"${player.platform}"`;
  const { startedAt, endedAt } = session;
  if (isFirst) {
    const properties = `{${about},"source":"${player.source}","app_version":"${version}"}`;
    addEvent(context, 'player_registered', startedAt, properties);
  }
  addEvent(context, 'session_start', startedAt, `{${own},${about},"app_version":"${version}"}`);
  for (const played of session.tries) drawTryEvents(context, played, own);
  if (player.pays && purchases.next() < purchaseChance) {
    const at = session.tries.at(-1)?.endedAt ?? startedAt;
    addEvent(context, 'purchase', at + 600, drawPurchase(purchases, player, own));
  }
  addEvent(
    context,
    'session_end',
    endedAt,
    `{${own},"duration_s":${Math.round((endedAt - startedAt) / 1000)}}`,
  );
}

function drawTryEvents(context: DayContext, played: LevelTry, own: string): void {
  const { level, startedAt, endedAt, won } = played;
  addEvent(context, 'level_start', startedAt, `{"level":${level},${own}}`);
  if (endedAt === null) return;
  const spent = Math.round((endedAt - startedAt) / 100) / 10;
  const properties = `{"level":${level},"success":${won},"time_spent":${spent},${own}}`;
  addEvent(context, 'level_complete', endedAt, properties);
  if (won && level % 5 === 0) {
    addEvent(context, 'achievement_unlocked', endedAt + 40, `{"achievement_id":"level_${level}",${own}}`);
  }
  if (context.ads.next() < context.player.segment.ads) {
    addEvent(context, 'ad_watched', endedAt + 200 + context.ads.below(300), drawAd(context.ads, own));
  }
}

function addEvent(context: DayContext, type: EventTypeName, at: number, properties: string): void {
  const id = drawUuid(context.ids);
  context.events.push({ id, player: context.player.id, type, at: Math.min(at, DAY_END), properties });
}

function drawAd(ads: RandomStream, own: string): string {
  const revenue = (0.004 + ads.next() * 0.03).toFixed(4);
  return `{"revenue":${revenue},"placement":"${pickAt(allPlacements, ads.next()).name}",${own}}`;
}

function drawPurchase(purchases: RandomStream, { segment }: SyntheticPlayer, own: string): string {
  const basket = prepareChoice(catalogue, ({ id }) => segment.basket[id] ?? 0);
  const { id, price } = pickAt(basket, purchases.next());
  return `{"amount":${price},"currency":"USD","product_id":"${id}",${own}}`;
}
