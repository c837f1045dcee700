import type { Day } from '../domain/day.ts';
import { type CatalogState, readIfMoved } from '../storage/catalog.ts';
import { type DataChange, dataOf, findChange, type Landed } from '../storage/landed.ts';
import type { ObjectStore } from '../storage/object-store.ts';

const nothing: Landed = { objects: [], replays: [] };

/** What is published, read again when the pointer has moved. */
export class Published {
  private readonly store: ObjectStore;
  private etag: string | null = null;
  private read: CatalogState | null = null;

  constructor(store: ObjectStore) {
    this.store = store;
  }

  /** Brings it up to date. */
  async refresh(): Promise<void> {
    const moved = await readIfMoved(this.store, this.etag);
    if (moved !== null) [this.etag, this.read] = [moved.etag, moved.state];
  }

  /** Published arrival days, newest first. */
  get days(): readonly Day[] {
    return [...(this.read?.arrivals.keys() ?? [])].sort().toReversed();
  }

  /** How a day's data differs from what its tables were made from; null when it does not. The configuration does not count. */
  compareDay(day: Day, landed: Landed): DataChange | null {
    const entry = this.read?.arrivals.get(day);
    return findChange(entry === undefined ? nothing : dataOf(entry), landed);
  }

  /** How player profiles differ from those that were published; null when they do not, or nothing is published. */
  compareProfiles(objects: Landed['objects']): DataChange | null {
    if (this.read === null) return null;
    return findChange({ objects: this.read.snapshot.profiles, replays: [] }, { objects, replays: [] });
  }
}
