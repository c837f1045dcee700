import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Day } from '../../src/domain/day.ts';
import { dayTables, wholeTables } from '../../src/domain/tables.ts';
import { uploadFile, writeNamed } from '../../src/storage/bytes.ts';
import { type CatalogState, commitSnapshot, readCurrent } from '../../src/storage/catalog.ts';
import { type ArrivalEntry, type EventDayEntry, objectRefSchema } from '../../src/storage/catalog-format.ts';
import { readCondemned } from '../../src/storage/condemned.ts';
import { keys } from '../../src/storage/keys.ts';
import { makeOnce } from '../../src/storage/made.ts';
import { listNamedObjects } from '../../src/storage/named-objects.ts';
import type { ObjectStore } from '../../src/storage/object-store.ts';
import { type Cleaning, collectGarbage, planCleaning } from '../../src/upkeep/collect-garbage.ts';
import { rollBack } from '../../src/upkeep/roll-back.ts';
import { InterruptedStore } from '../support/interrupted-store.ts';
import { itSlowly } from '../support/slow.ts';
import { createWorld, type World } from '../support/world.ts';

const DAY = '2026-01-05' as Day;
const steps = { restate: async () => null, committed: () => {} };
const run = { workflowId: 'w', runId: 'r' };
const rules = { keepSnapshotsDays: 90, graceDays: 7 };
let world: World;
let folder: string;

beforeAll(async () => {
  world = await createWorld('garbage');
  folder = await mkdtemp(join(tmpdir(), 'questline-garbage-'));
});
afterAll(async () => {
  await world.close();
  await rm(folder, { recursive: true, force: true });
});

/** Days from the moment at which everything in the bucket was written. */
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000);
const clean = (store: ObjectStore, days: number): Promise<Cleaning> =>
  collectGarbage(store, rules, () => inDays(days));

/** One run over raw data that says `text`: it makes what was not made, and commits at a time. Stages and commit are those of every run. */
async function publish(store: ObjectStore, text: string, days: number): Promise<string> {
  const make = async (stage: 'validate' | 'clean' | 'publish', keyOf: (name: string) => string) => {
    const made = await makeOnce(store, { stage, scope: DAY, inputs: text }, objectRefSchema, async (name) => {
      const file = join(folder, `${stage}-${text}`);
      await writeFile(file, `${stage} of ${text}`);
      return uploadFile(store, keyOf(name), file, 1);
    });
    return made.record;
  };
  const reading = await make('validate', (name) => keys.accepted(DAY, name));
  const report = keys.report(DAY, text);
  await writeNamed(store, report.replace('.json', '.md'), Buffer.from(text));
  await writeNamed(store, report, Buffer.from(text));
  const events = await make('clean', (name) => keys.dayTable('events_cleaned', DAY, name));
  const whole = await make('publish', (name) => keys.wholeTable('players', name));
  const arrival = {
    day: DAY,
    inputs: [],
    replays: [],
    accepted: [reading],
    quarantine: reading,
    ledger: { lines: 1, accepted: 1, rejected: {}, superseded: 0 },
    acceptedByEventDay: { [DAY]: 1 },
    bytes: 1,
    configHash: '',
    checks: [],
    decision: null,
    report,
    run,
  } satisfies ArrivalEntry;
  const ledger = { cameIn: 1, kept: 1, exactDuplicates: 0, conflictingDuplicates: 0 };
  const tables = Object.fromEntries(dayTables.map((table) => [table, events]));
  const eventDay = { pieces: [], rules: '', ledger, tables, run } as unknown as EventDayEntry;
  for (;;) {
    const committed = await commitSnapshot(store, await readCurrent(store), {
      arrivals: new Map([[DAY, arrival]]),
      eventDays: new Map([[DAY, eventDay]]),
      tables: Object.fromEntries(wholeTables.map((table) => [table, whole])) as never,
      profiles: [],
      configHash: '',
      run: { ...run, trigger: 'test' },
      cause: [],
      restatements: null,
      committedAt: inDays(days).toISOString(),
    });
    if (committed !== null) return committed.id;
  }
}

/** Empties the bucket, publishes `old` and then `new`; the id of the first. */
async function begin(): Promise<string> {
  const known: string[] = [];
  for await (const { key } of world.store.list('')) known.push(key);
  await Promise.all(known.map((key) => world.store.remove(key)));
  const id = await publish(world.store, 'old', 0);
  await publish(world.store, 'new', 0);
  return id;
}

/** Keys that a snapshot names and that are not there. */
async function missingOf(state: CatalogState | null): Promise<string[]> {
  if (state === null) throw new Error('nothing is published');
  const named = [...Object.values(state.snapshot.months), ...listNamedObjects(state)];
  const heads = await Promise.all(named.map(({ key }) => world.store.head(key)));
  return named.filter((_, n) => heads[n] === null).map(({ key }) => key);
}

async function expectWhole(text: string): Promise<void> {
  const { state } = await readCurrent(world.store);
  expect(state?.arrivals.get(DAY)?.report).toBe(keys.report(DAY, text));
  expect(await missingOf(state)).toEqual([]);
}

async function listStore(): Promise<string[]> {
  const found: string[] = [];
  for await (const { key } of world.store.list('store/')) found.push(key);
  return found;
}

/** The steps of a run that makes its objects, before which anything may happen. */
const stepsOfMaking = [
  'write store/accepted/',
  'write store/made/validate/',
  'write store/players/',
  'read catalog/current.json',
  'write catalog/months/',
  'write catalog/current.json',
];
/** Those of one that finds them made. */
const stepsOfFinding = [
  'read store/made/clean/',
  'write store/reports/',
  'write catalog/months/',
  'write catalog/current.json',
];
/** Those of gc when it condemns, and when it removes. */
const stepsOfCondemning = [
  'list store/made/',
  'head store/',
  'remove store/made/clean/',
  'write catalog/condemned.json',
];
const stepsOfRemoving = [
  'list store/made/',
  'list catalog/months/',
  'write catalog/condemned.json',
  'remove catalog/',
  'remove store/',
];

/** Runs `work`, and `act` before a step of it. */
async function interrupt(
  step: string,
  work: (store: ObjectStore) => Promise<unknown>,
  act: () => Promise<unknown>,
): Promise<void> {
  const store = new InterruptedStore(world, step, act);
  await work(store);
  expect(store.hasActed).toBe(true);
}

describe('gc', () => {
  it('condemns what no kept snapshot names, removes it a grace later, and never before', async () => {
    const old = await begin();
    expect(await planCleaning(world.store, rules, inDays(89))).toMatchObject({ removed: [], condemned: [] });
    const before = await listStore();
    const oldKeys = before.filter((key) => !key.startsWith('store/made/'));
    const planned = await planCleaning(world.store, rules, inDays(91));
    expect(planned.condemned.map(({ key }) => key)).toContain(keys.snapshot(old));
    expect(await listStore()).toEqual(before);
    const condemned = await clean(world.store, 91);
    expect(condemned).toEqual(planned);
    expect((await listStore()).filter((key) => !key.startsWith('store/made/'))).toEqual(oldKeys);
    expect((await clean(world.store, 97)).removed).toEqual([]);
    const { removed, records } = await clean(world.store, 98.1);
    expect([new Set(removed), records]).toEqual([new Set(condemned.condemned), []]);
    await expectWhole('new');
    expect(removed).toHaveLength(7);
    expect((await listStore()).length).toBe(before.length - condemned.records.length - 5);
    expect((await clean(world.store, 106)).condemned).toEqual([]);
  });

  it('keeps reports and readings of days that failed as long as snapshots', async () => {
    await begin();
    await publish(world.store, 'failed', 0);
    await world.store.write(keys.decision(DAY, 'subject'), Buffer.from('{}'));
    const { state } = await readCurrent(world.store);
    const failed = state?.arrivals.get(DAY);
    await rollBack(world.store, { to: state?.snapshot.parent ?? '', by: 'ann', why: 'x' }, steps);
    const young = { keepSnapshotsDays: 30, graceDays: 7 };
    const ofFailed = [failed?.report, failed?.accepted[0]?.key];
    const goneAfter = async (days: number) => {
      const { condemned } = await planCleaning(world.store, young, inDays(days));
      const going = new Set(condemned.map(({ key }) => key));
      return ofFailed.filter((key) => going.has(key ?? ''));
    };
    expect([await goneAfter(29), await goneAfter(31)]).toEqual([[], ofFailed]);
    const { condemned } = await planCleaning(world.store, young, inDays(1000));
    expect(condemned.filter(({ key }) => key.startsWith('store/decisions/'))).toEqual([]);
  });

  it('pardons what is named again, and refuses to work where nothing is published', async () => {
    await begin();
    const { condemned } = await clean(world.store, 91);
    await publish(world.store, 'old', 92);
    const { removed, pardoned } = await clean(world.store, 99);
    expect(new Set([...removed.map(({ key }) => key), ...pardoned])).toEqual(
      new Set(condemned.map(({ key }) => key)),
    );
    await expectWhole('old');
    await world.store.remove(keys.pointer);
    await expect(clean(world.store, 99)).rejects.toThrow('catalog/current.json is not there');
  });
});

describe('a run that asks for what gc condemned has its objects', () => {
  it.each(stepsOfMaking)('when gc removes before its step %s', async (step) => {
    await begin();
    await clean(world.store, 91);
    await interrupt(
      step,
      (store) => publish(store, 'old', 98.5),
      () => clean(world.store, 98.5),
    );
    await expectWhole('old');
  });

  it.each(stepsOfRemoving)('when it comes before the step %s of gc that removes', async (step) => {
    await begin();
    await clean(world.store, 91);
    await interrupt(
      step,
      (store) => clean(store, 98.5),
      () => publish(world.store, 'old', 98.5),
    );
    await expectWhole('old');
  });

  itSlowly.each(stepsOfFinding)(
    'when gc condemns before its step %s, and removes a grace later',
    async (step) => {
      await begin();
      await interrupt(
        step,
        (store) => publish(store, 'old', 97),
        () => clean(world.store, 91),
      );
      await clean(world.store, 98.5);
      await expectWhole('old');
    },
  );

  itSlowly.each(stepsOfCondemning)('when it comes before the step %s of gc that condemns', async (step) => {
    await begin();
    await interrupt(
      step,
      (store) => clean(store, 91),
      () => publish(world.store, 'old', 91),
    );
    await clean(world.store, 98.5);
    await expectWhole('old');
    await publish(world.store, 'new', 98.6);
    await expectWhole('new');
  });
});

describe('a rollback to a snapshot that gc condemned', () => {
  let old = '';
  beforeEach(async () => {
    old = await begin();
    await clean(world.store, 91);
  });

  /** Whether it goes back; it does not when something is gone. */
  const goBack = async (store: ObjectStore): Promise<boolean> => {
    const isGone = /being removed by questline gc|are gone|There is no snapshot|is not there/;
    return rollBack(store, { to: old, by: 'ann', why: 'prices' }, steps).then(
      () => true,
      (error: Error) => {
        expect(error.message).toMatch(isGone);
        return false;
      },
    );
  };

  it('that another commit comes before is done upon that one', async () => {
    await interrupt('write catalog/current.json', goBack, () => publish(world.store, 'third', 92));
    const { state } = await readCurrent(world.store);
    expect(state?.snapshot).toMatchObject({ sequence: 4, rollback: { to: old, by: 'ann', why: 'prices' } });
    await expectWhole('old');
  });

  it.each([
    ['read catalog/condemned.json', false],
    ['write catalog/condemned.json', false],
    ['head store/', true],
    ['write catalog/months/', true],
    ['write catalog/current.json', true],
  ])('has all its objects or is refused, when gc removes before its step %s', async (step, isBack) => {
    let result = null;
    await interrupt(
      step,
      async (store) => {
        result = await goBack(store);
      },
      () => clean(world.store, 98.5),
    );
    expect(result).toBe(isBack);
    await expectWhole(isBack ? 'old' : 'new');
  });

  it.each([
    ['list store/made/', true],
    ['write catalog/condemned.json', true],
    ['remove catalog/', false],
    ['remove store/', false],
  ])('has all its objects or is refused, when it comes before the step %s of gc', async (step, isBack) => {
    let result = null;
    await interrupt(
      step,
      (store) => clean(store, 98.5),
      async () => {
        result = await goBack(world.store);
      },
    );
    expect(result).toBe(isBack);
    await expectWhole(isBack ? 'old' : 'new');
    expect((await readCondemned(world.store)).list.removing).toEqual({});
  });
});
