import { TerminalError } from '../domain/failure.ts';
import type { ObjectRef } from '../domain/object-ref.ts';
import { mapAtOnce } from '../storage/at-once.ts';
import { type CatalogState, commitSnapshot, readCurrent } from '../storage/catalog.ts';
import type { Rollback, Snapshot } from '../storage/catalog-format.ts';
import { pardonObjects } from '../storage/condemned.ts';
import { mirrorTables } from '../storage/mirror.ts';
import { listNamedObjects } from '../storage/named-objects.ts';
import type { ObjectStore } from '../storage/object-store.ts';
import { readAsOf } from '../storage/snapshots.ts';

/** The snapshot that is to be published again, and what is published. */
export interface RollbackPlan {
  readonly current: CatalogState;
  readonly target: CatalogState;
  /** Whether what is published is what the target says already. */
  readonly isCurrent: boolean;
}

const HEADS_AT_ONCE = 16;
const MISSING_SHOWN = 5;

/** Reads the snapshot that is to be published again, and the current one. */
export async function planRollback(store: ObjectStore, to: string): Promise<RollbackPlan> {
  const target = await readAsOf(store, to);
  const { state: current } = await readCurrent(store);
  if (target === null || current === null) throw new TypeError('a snapshot was found where there is none');
  return { current, target, isCurrent: isSame(current.snapshot, target.snapshot) };
}

/** What happens beside a rollback. */
export interface RollbackSteps {
  /** Records what the target restates of what it takes the place of. */
  restate(base: CatalogState | null, target: CatalogState): Promise<ObjectRef | null>;
  /** Hears of the new snapshot before the mirror is touched. */
  committed(snapshot: Snapshot): void;
}

/**
 * Publishes what a snapshot says again, as a snapshot of its own upon the current one, and brings the mirror in step. Returns the new
 * snapshot, or null when the current one says the same.
 */
export async function rollBack(
  store: ObjectStore,
  request: Rollback,
  { restate, committed }: RollbackSteps,
): Promise<Snapshot | null> {
  const target = await readAsOf(store, request.to);
  if (target === null) throw new TypeError('a snapshot was found where there is none');
  const { snapshot: old, arrivals, eventDays } = target;
  const months = Object.values(old.months).map(({ key }) => key);
  await pardonObjects(store, new Set([...months, ...listNamedObjects(target).map(({ key }) => key)]));
  await refuseMissing(store, target);
  for (;;) {
    const current = await readCurrent(store);
    if (current.state !== null && isSame(current.state.snapshot, old)) return null;
    const { tables, profiles, configHash } = old;
    const rollback = { ...request, to: old.id };
    const committedAt = new Date().toISOString();
    const restatements = await restate(current.state, target);
    const brought = { cause: [], restatements, run: null, rollback, committedAt };
    const change = { arrivals, eventDays, tables, profiles, configHash, ...brought };
    const snapshot = await commitSnapshot(store, current, change);
    if (snapshot === null) continue;
    committed(snapshot);
    await mirrorTables(store);
    return snapshot;
  }
}

/** Looks whether every object that a snapshot names is there in its size; one that is not is an `InvalidRequest`. */
export async function refuseMissing(store: ObjectStore, { snapshot, ...days }: CatalogState): Promise<void> {
  const named = listNamedObjects({ snapshot, ...days });
  const found = await mapAtOnce(named, HEADS_AT_ONCE, async ({ key, ref }) => {
    const info = await store.head(key);
    return info !== null && (ref === null || info.bytes === ref.bytes);
  });
  const missing = named.filter((_, n) => found[n] === false).map(({ key, what }) => `${key} (${what})`);
  if (missing.length === 0) return;
  const shown = missing.slice(0, MISSING_SHOWN).join(', ');
  const more = missing.length > MISSING_SHOWN ? `, and ${missing.length - MISSING_SHOWN} more` : '';
  const message = `${snapshot.id} can't be published again: objects that it names are gone or of another size: ${shown}${more}. Restore their versions, or choose another snapshot: npx questline snapshots`;
  throw new TerminalError('InvalidRequest', message, { missing: missing.length });
}

function isSame(a: Snapshot, b: Snapshot): boolean {
  const hashes = ({ months, tables }: Snapshot) =>
    [...Object.entries(months), ...Object.entries(tables)]
      .map(([name, { sha256 }]) => `${name} ${sha256}`)
      .sort()
      .join('\n');
  return a.id === b.id || hashes(a) === hashes(b);
}
