import { type EventTypeName, eventTypeNames } from '../schema/contract.ts';
import type { SyntheticEvent } from './draw-events.ts';
import type { Money } from './game.ts';
import type { SyntheticPlayer } from './player.ts';

/** Tries at one level. */
export interface LevelCount {
  starts: number;
  /** Tries that were finished and won. */
  completions: number;
  /** Tries that were finished and not won. */
  failures: number;
}

/** What happened on one UTC day, counted from the simulation's own decisions, one player after the other. */
export class DayTally {
  events = 0;
  /** Players with an event. */
  players = 0;
  /** Of these, those acquired that day. */
  newPlayers = 0;
  /** Sessions that begin that day. */
  sessions = 0;
  revenue: Money = 0;
  adRevenue: Money = 0;
  /** Players who paid more than nothing. */
  payers = 0;
  readonly eventsByType = Object.fromEntries(eventTypeNames.map((type) => [type, 0])) as Record<
    EventTypeName,
    number
  >;
  /** Day of acquisition, from the launch → players with an event. */
  readonly survivors = new Map<number, number>();
  readonly levels = new Map<number, LevelCount>();
  private active = false;
  private paid = false;

  /** Counts an event of the player at hand; `money` is what it says that was paid or earned. */
  addEvent(event: SyntheticEvent, money: Money, opensSession: boolean): void {
    this.active = true;
    this.events += 1;
    this.eventsByType[event.type] += 1;
    if (opensSession) this.sessions += 1;
    if (event.type === 'purchase') {
      this.revenue += money;
      this.paid ||= money > 0;
    } else this.adRevenue += money;
    if (event.type === 'level_start' || event.type === 'level_complete') this.addTry(event);
  }

  /** Ends the player at hand, who had an event that day if any was added, and tells whether he did and whether he paid. */
  endPlayer(player: SyntheticPlayer, dayNumber: number): { active: boolean; paid: boolean } {
    const { active, paid } = this;
    if (active) {
      this.players += 1;
      if (player.acquiredOn === dayNumber) this.newPlayers += 1;
      if (paid) this.payers += 1;
      this.survivors.set(player.acquiredOn, (this.survivors.get(player.acquiredOn) ?? 0) + 1);
    }
    this.active = false;
    this.paid = false;
    return { active, paid };
  }

  private addTry({ type, level, won }: SyntheticEvent): void {
    const count = this.levels.get(level) ?? { starts: 0, completions: 0, failures: 0 };
    this.levels.set(level, count);
    if (type === 'level_start') count.starts += 1;
    else if (won) count.completions += 1;
    else count.failures += 1;
  }
}
