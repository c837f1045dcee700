import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditCatalog } from '../../src/activities/audit.ts';
import { startBackfill } from '../../src/cli/commands/run.ts';
import { setValueAt, valueAt } from '../../src/config/tree.ts';
import type { Day } from '../../src/domain/day.ts';
import { type CatalogState, readCurrent } from '../../src/storage/catalog.ts';
import { ObjectCache } from '../../src/storage/object-cache.ts';
import { landDays } from '../support/synthetic.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;
let scratch: string;
let cache: ObjectCache;
let state: CatalogState;
let days: Day[];

beforeAll(async () => {
  world = await createWorld('audit');
  scratch = await mkdtemp(join(tmpdir(), 'questline-audit-'));
  cache = new ObjectCache(scratch, world.store);
  await world.startWorker();
  days = await landDays(world.store, world.config, 3);
  const [from, to] = [days[0] as Day, days[2] as Day];
  await (await startBackfill(world.client, world.config, { from, to })).result();
  state = (await readCurrent(world.store)).state as CatalogState;
});
afterAll(async () => {
  await world.close();
  await rm(scratch, { recursive: true, force: true });
});

/** What the audit says when one number of the second day is off by `by`; null when it finds nothing. */
async function auditWith(
  kind: 'arrivals' | 'eventDays',
  path: string | null,
  by: number,
): Promise<string | null> {
  const copies = { arrivals: new Map(state.arrivals), eventDays: new Map(state.eventDays) };
  const day = days[1] as Day;
  if (path !== null) {
    const copy = structuredClone(copies[kind].get(day)) as unknown as Record<string, unknown>;
    const value = valueAt(copy, path);
    expect([path, typeof value]).toEqual([path, 'number']);
    setValueAt(copy, path, Number(value) + by);
    copies[kind].set(day, copy as never);
  }
  const deps = { cache } as Parameters<typeof auditCatalog>[0];
  return auditCatalog(deps, copies.arrivals, copies.eventDays).then(
    () => null,
    (error: Error) => `${error.name}: ${error.message}`,
  );
}

describe('the audit', () => {
  it('finds nothing in what was published', async () => {
    expect(state.arrivals.get(days[1] as Day)?.ledger.rejected).not.toEqual({});
    expect(await auditWith('arrivals', null, 0)).toBeNull();
  });

  it.each([
    ['arrivals', 'ledger.lines'],
    ['arrivals', 'ledger.accepted'],
    ['arrivals', 'ledger.superseded'],
    ['arrivals', 'ledger.rejected.malformed'],
    ['arrivals', 'accepted.0.rows'],
    ['arrivals', 'quarantine.rows'],
    ['eventDays', 'ledger.cameIn'],
    ['eventDays', 'ledger.kept'],
    ['eventDays', 'ledger.exactDuplicates'],
    ['eventDays', 'ledger.conflictingDuplicates'],
    ['eventDays', 'tables.events_cleaned.rows'],
  ] as const)('fails when %s %s is off by one, up or down', async (kind, path) => {
    for (const by of [1, -1]) {
      expect(await auditWith(kind, path, by)).toMatch(
        /^AuditError: Nothing was committed, the ledgers do not meet: /,
      );
    }
  });

  it('fails when an arrival gave a row more, or one less, to an event day than came in', async () => {
    const day = days[1] as Day;
    for (const by of [1, -1]) {
      expect(await auditWith('arrivals', `acceptedByEventDay.${day}`, by)).toMatch(
        new RegExp(`arrivals accepted \\d+ rows for ${day}, \\d+ came in`),
      );
    }
  });

  it('fails when player_days counts other events than events_cleaned keeps', async () => {
    const [one, two] = [days[0] as Day, days[1] as Day];
    const eventDays = new Map(state.eventDays);
    const [first, second] = [eventDays.get(one), eventDays.get(two)];
    if (first === undefined || second === undefined) throw new Error('two days are published');
    eventDays.set(two, {
      ...second,
      tables: { ...second.tables, player_days: first.tables.player_days },
    });
    const deps = { cache } as Parameters<typeof auditCatalog>[0];
    await expect(auditCatalog(deps, state.arrivals, eventDays)).rejects.toThrow(
      /player_days counts \d+ events, events_cleaned keeps \d+/,
    );
  });
});
