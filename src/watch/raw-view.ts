import { addDays, type Day, dayOf } from '../domain/day.ts';
import { keys } from '../storage/keys.ts';
import { type LandedObject, nameData } from '../storage/landed.ts';
import { type LandedDay, listLanded, listLandedDay } from '../storage/list-landed.ts';
import type { ObjectStore } from '../storage/object-store.ts';
import type { Published } from './published.ts';
import type { QuietPeriod } from './quiet-period.ts';

/** How the watch looks at raw data, in milliseconds and days. */
export interface LookSettings {
  readonly pollMs: number;
  readonly sweepMs: number;
  readonly recentDays: number;
  /** First day that is looked at; null: all of them. */
  readonly from: Day | null;
}

/** Key of the player profiles among the days. */
export const PROFILES = 'players';

/** How many times as rare polls are while notifications come. */
export const SPARSE = 10;

/**
 * Lists raw data: recent days at each poll, all days at each sweep, and tells the quiet period of those that differ from what is
 * published. Polls are sparse while notifications come, but for the first two: what landed before they came is not missed.
 */
export class RawView {
  private readonly store: ObjectStore;
  private readonly settings: LookSettings;
  private readonly published: Published;
  private readonly quiet: QuietPeriod;
  private fresh: ReadonlyMap<Day, LandedDay> = new Map();
  private isFirst = true;
  private pollAt = 0;
  private sweepAt = 0;
  private pollsUntilSparse = Number.POSITIVE_INFINITY;

  constructor(store: ObjectStore, settings: LookSettings, published: Published, quiet: QuietPeriod) {
    this.store = store;
    this.settings = settings;
    this.published = published;
    this.quiet = quiet;
  }

  /** When it next wants to look. */
  get nextAt(): number {
    return Math.min(this.pollAt, this.sweepAt);
  }

  /** Notifications come, or do not come any more. */
  setNotified(on: boolean): void {
    this.pollsUntilSparse = on ? 2 : Number.POSITIVE_INFINITY;
    this.pollAt = 0;
  }

  /** All days are to be looked at next. */
  wantSweep(): void {
    this.sweepAt = 0;
  }

  /** Looks when it is time to; tells whether it did. */
  async look(now: number): Promise<boolean> {
    this.fresh = new Map();
    if (now < this.nextAt) return false;
    const { from, recentDays } = this.settings;
    const recent = addDays(dayOf(new Date(now)), -recentDays);
    const recentFrom = from !== null && from > recent ? from : recent;
    const isSweep = now >= this.sweepAt;
    const landed = await listLanded(this.store, isSweep ? (from ?? undefined) : recentFrom);
    await this.published.refresh();
    for (const [day, data] of landed) this.seeDay(day, data, now);
    for (const day of this.published.days)
      if (day >= recentFrom && !landed.has(day)) this.quiet.see(day, 'nothing', now);
    await this.seeProfiles(now);
    this.fresh = landed;
    this.planNext(now, isSweep);
    return true;
  }

  /** What has landed for a day: as the look of this moment listed it, or listed anew. */
  async listDay(day: Day): Promise<LandedDay> {
    return this.fresh.get(day) ?? (await listLandedDay(this.store, day));
  }

  /** The player profiles that have landed. */
  async listProfiles(): Promise<LandedObject[]> {
    const objects: LandedObject[] = [];
    for await (const object of this.store.list(keys.profiles))
      if (!object.key.endsWith('/')) objects.push(object);
    return objects;
  }

  private seeDay(day: Day, data: LandedDay, now: number): void {
    if (this.published.compareDay(day, data) === null) return this.quiet.forget(day);
    this.quiet.see(day, nameData(data), now, this.isFirst ? data.modifiedAt.getTime() : now);
  }

  private async seeProfiles(now: number): Promise<void> {
    const objects = await this.listProfiles();
    if (this.published.compareProfiles(objects) === null) this.quiet.forget(PROFILES);
    else this.quiet.see(PROFILES, nameData({ objects, replays: [] }), now);
  }

  private planNext(now: number, isSweep: boolean): void {
    this.pollsUntilSparse -= 1;
    this.pollAt = now + this.settings.pollMs * (this.pollsUntilSparse < 0 ? SPARSE : 1);
    this.isFirst = false;
    if (isSweep) this.sweepAt = now + this.settings.sweepMs;
  }
}
