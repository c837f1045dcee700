import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Day } from '../../src/domain/day.ts';
import { dayTables, wholeTables } from '../../src/domain/tables.ts';
import { commitSnapshot, readCurrent } from '../../src/storage/catalog.ts';
import { keys } from '../../src/storage/keys.ts';
import { mirrorTables } from '../../src/storage/mirror.ts';
import { createS3Client, S3Store } from '../../src/storage/s3-store.ts';
import { sha256 } from '../../src/storage/sha256.ts';
import { createWorld, type World } from '../support/world.ts';

const run = { workflowId: 'w', runId: 'r' };
let world: World;

beforeAll(async () => {
  world = await createWorld('mirror');
});
beforeEach(async () => {
  const known: string[] = [];
  for await (const { key } of world.store.list('')) known.push(key);
  for (const key of known) await world.store.remove(key);
});
afterAll(() => world.close());

/** Commits a snapshot whose files of these event days, and of all days, hold the text. */
async function commit(text: string, days: readonly string[] = ['2026-01-01']): Promise<void> {
  const put = async (key: string) => {
    const body = Buffer.from(text);
    await world.store.write(key, body);
    return { key, sha256: sha256(body), bytes: body.byteLength, rows: 1 };
  };
  const eventDays = new Map();
  for (const day of days) {
    const refs = dayTables.map(async (table) => [table, await put(`store/${table}/${day}/${text}`)] as const);
    const ledger = { cameIn: 1, kept: 1, exactDuplicates: 0, conflictingDuplicates: 0 };
    eventDays.set(day, {
      pieces: [],
      rules: '',
      ledger,
      tables: Object.fromEntries(await Promise.all(refs)),
      run,
    });
  }
  const whole = wholeTables.map(async (table) => [table, await put(`store/${table}/${text}`)] as const);
  const committed = await commitSnapshot(world.store, await readCurrent(world.store), {
    arrivals: new Map(),
    eventDays,
    tables: Object.fromEntries(await Promise.all(whole)) as never,
    profiles: [],
    configHash: '',
    run: { ...run, trigger: 'test' },
    cause: [],
    restatements: null,
    committedAt: new Date().toISOString(),
  });
  expect(committed).not.toBeNull();
}

/** All files of the mirror by their text. */
async function readMirror(): Promise<Record<string, string>> {
  const texts: Record<string, string> = {};
  for await (const { key } of world.store.list('tables/')) {
    if (key.endsWith('.parquet')) texts[key] = (await buffer((await world.store.read(key)).body)).toString();
  }
  return texts;
}

const allOf = (text: string, days: readonly string[] = ['2026-01-01']) =>
  Object.fromEntries([
    ...days.flatMap((day) => dayTables.map((table) => [`tables/${table}/dt=${day}/data.parquet`, text])),
    ...wholeTables.map((table) => [`tables/${table}/data.parquet`, text]),
  ]);

/** The same bucket, with something done before the n-th copy. */
function interrupted(at: number, act: () => Promise<void>): S3Store {
  let copies = 0;
  class Interrupted extends S3Store {
    override async copy(from: string, to: string): Promise<void> {
      copies += 1;
      if (copies === at) await act();
      await super.copy(from, to);
    }
  }
  return new Interrupted(createS3Client(world.endpoints.s3), world.endpoints.s3);
}

it('copies what changed, removes what is gone, and then nothing', async () => {
  await commit('one', ['2026-01-01', '2026-01-02']);
  expect(await mirrorTables(world.store)).toBe(2 * dayTables.length + wholeTables.length);
  expect(await readMirror()).toEqual(allOf('one', ['2026-01-01', '2026-01-02']));
  expect(await mirrorTables(world.store)).toBe(0);
  await commit('one', ['2026-01-02']);
  expect(await mirrorTables(world.store)).toBe(0);
  expect(await readMirror()).toEqual(allOf('one', ['2026-01-02']));
});

it('that was cut off is mended by the next, also when the next has what was there before', async () => {
  await commit('one');
  await mirrorTables(world.store);
  await commit('two');
  const cut = interrupted(3, () => Promise.reject(new Error('cut off')));
  await expect(mirrorTables(cut)).rejects.toThrow('cut off');
  expect(new Set(Object.values(await readMirror()))).toEqual(new Set(['one', 'two']));
  await commit('one');
  await mirrorTables(world.store);
  expect(await readMirror()).toEqual(allOf('one'));
});

it('reads the months that changed, and notes what is copied alone', async () => {
  await commit('one', ['2026-01-01', '2026-02-01']);
  await mirrorTables(world.store);
  await commit('one', ['2026-01-01', '2026-02-01', '2026-03-01']);
  const read: string[] = [];
  const noted: string[] = [];
  class Watched extends S3Store {
    override read(key: string): ReturnType<S3Store['read']> {
      read.push(key);
      return super.read(key);
    }
    override write(...sent: Parameters<S3Store['write']>): ReturnType<S3Store['write']> {
      const [, body] = sent;
      if (Buffer.isBuffer(body)) noted.push(body.toString());
      return super.write(...sent);
    }
  }
  const watched = new Watched(createS3Client(world.endpoints.s3), world.endpoints.s3);
  expect(await mirrorTables(watched)).toBe(dayTables.length);
  expect(read.filter((key) => key.startsWith(keys.months))).toEqual([expect.stringContaining('2026-03')]);
  const targets = dayTables.map((table) => keys.mirrorDay(table, '2026-03-01' as Day)).sort();
  expect(noted.map((text) => JSON.parse(text).unsure)).toEqual([targets, []]);
});

it.each([
  ['gone', (key: string) => world.store.remove(key)],
  ['of another version', (key: string) => world.store.write(key, Buffer.from('{"files":{},"revision":1}'))],
  ['no JSON', (key: string) => world.store.write(key, Buffer.from('{'))],
])('copies all and removes what is left over where its state is %s', async (_, spoil) => {
  await commit('one', ['2026-01-01', '2026-01-02']);
  await mirrorTables(world.store);
  await commit('two', ['2026-01-02']);
  await spoil(keys.mirrorState);
  const foreign = 'tables/players/of-someone-else.csv';
  await world.store.write(foreign, Buffer.from('kept'));
  expect(await mirrorTables(world.store)).toBe(dayTables.length + wholeTables.length);
  expect(await readMirror()).toEqual(allOf('two', ['2026-01-02']));
  expect(await world.store.head(foreign)).not.toBeNull();
});

it('copies all where the snapshot that it had is gone', async () => {
  await commit('one', ['2026-01-01', '2026-01-02']);
  await mirrorTables(world.store);
  const { state } = await readCurrent(world.store);
  await commit('one', ['2026-01-02']);
  await world.store.remove(keys.snapshot(state?.snapshot.id ?? ''));
  expect(await mirrorTables(world.store)).toBe(dayTables.length + wholeTables.length);
  expect(await readMirror()).toEqual(allOf('one', ['2026-01-02']));
});

it('that another one overtakes ends with the newer snapshot', async () => {
  await commit('one');
  const overtaken = interrupted(2, async () => {
    await commit('two');
    await mirrorTables(world.store);
    expect(await readMirror()).toEqual(allOf('two'));
  });
  await mirrorTables(overtaken);
  expect(await readMirror()).toEqual(allOf('two'));
});
