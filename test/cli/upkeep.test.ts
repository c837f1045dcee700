import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Day } from '../../src/domain/day.ts';
import type { ObjectRef } from '../../src/domain/object-ref.ts';
import { copyToParquet, quote, withDuckDb } from '../../src/engine/duckdb.ts';
import { startBackfill, startDay } from '../../src/operations/start-runs.ts';
import { metadataOf } from '../../src/schema/tables.ts';
import { uploadFile } from '../../src/storage/bytes.ts';
import { type CatalogState, commitSnapshot, readCurrent, readSnapshot } from '../../src/storage/catalog.ts';
import type { ArrivalEntry, EventDayEntry } from '../../src/storage/catalog-format.ts';
import { keys } from '../../src/storage/keys.ts';
import { mirrorTables } from '../../src/storage/mirror.ts';
import { ObjectCache } from '../../src/storage/object-cache.ts';
import { sha256 } from '../../src/storage/sha256.ts';
import { type Verification, verifyPublished } from '../../src/upkeep/verify.ts';
import { publishedHashes } from '../support/catalog.ts';
import type { CommandResult } from '../support/command.ts';
import { runCommandLine } from '../support/command-line.ts';
import { makeEvent, toLines } from '../support/events.ts';
import { landDays } from '../support/synthetic.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;
let folder: string;
let days: readonly Day[];
/** Ids of the two snapshots that were published, and the hashes of their files. */
let [first, second] = ['', ''];
let hashes: Record<string, string>[] = [];

const run = (args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<CommandResult> =>
  runCommandLine(args, { ...world.env, ...env });
const runJson = async <T>(...args: readonly string[]): Promise<T> => {
  const { stdout, stderr } = await run([...args, '--json']);
  return (stdout === '' ? stderr : JSON.parse(stdout)) as T;
};
const current = async (): Promise<CatalogState> => {
  const { state } = await readCurrent(world.store);
  if (state === null) throw new Error('nothing is published');
  return state;
};
const dayAt = (n: number): Day => days[n] as Day;

beforeAll(async () => {
  world = await createWorld('upkeep');
  folder = await mkdtemp(join(tmpdir(), 'questline-upkeep-test-'));
  await world.startWorker();
  days = await landDays(world.store, world.config, 3);
  await (await startBackfill(world.client, world.config, { from: dayAt(0), to: dayAt(2) })).result();
  first = (await current()).snapshot.id;
  hashes = [await publishedHashes(world.store)];
  const late = makeEvent({ event_id: 'late', player_id: 'late', timestamp: `${dayAt(1)}T10:00:00Z` });
  await world.store.write(`raw/dt=${dayAt(2)}/late.ndjson`, toLines([late]));
  await (await startDay(world.client, world.config, { day: dayAt(2) })).result();
  second = (await current()).snapshot.id;
  hashes.push(await publishedHashes(world.store));
});
afterAll(async () => {
  await world.close();
  await rm(folder, { recursive: true, force: true });
});

describe('snapshots', () => {
  it('lists what was published, newest first, and how many days each changed', async () => {
    const rows = await runJson<Record<string, unknown>[]>('snapshots');
    expect(rows).toMatchObject([
      { id: second, current: true, trigger: 'manual', arrivals: 1, eventDays: 3, rollback: null },
      { id: first, current: false, trigger: 'backfill', arrivals: 3, eventDays: 3 },
    ]);
    expect(rows[0]?.['link']).toMatch(new RegExp(`questline-day-${dayAt(2)}/.+/history$`));
    const { stdout, stderr } = await run(['snapshots', '--limit', '1']);
    expect(stdout).toMatch(new RegExp(`${second}\\s+current\\s+20`));
    expect([stdout.includes(first), stderr.includes('--limit shows more')]).toEqual([false, true]);
  });
});

describe('--as-of', () => {
  const sql = 'select dau from daily_metrics order by date';

  it('asks and exports an earlier snapshot, by the beginning of its id', async () => {
    const dau = async (...as: string[]) =>
      (await runJson<{ dau: number }[]>('query', sql, ...as)).map((row) => row.dau);
    const [before, after] = [await dau('--as-of', first.slice(0, 8)), await dau()];
    expect(after).toEqual(before.map((n, at) => (at === 1 ? n + 1 : n)));
    expect(await dau('--as-of', second)).toEqual(after);
    const out = join(folder, 'players.csv');
    await run(['export', 'players', '--as-of', first, '--out', out]);
    expect(await readFile(out, 'utf8')).not.toContain('late');
    await run(['export', 'players', '--out', out, '--force']);
    expect(await readFile(out, 'utf8')).toContain('late');
  });

  it.each([
    [
      '99',
      /There is no snapshot "99": expected the id of a kept one, or its beginning\. List them: npx questline snapshots/,
    ],
    ['', /There is no snapshot "": expected/],
    [
      '0000000',
      /"0000000" is the beginning of several ids, such as 00000001-\w{12} and 00000002-\w{12}\. Give more/,
    ],
  ])('refuses %j', async (id, message) => {
    const { code, stderr } = await run(['query', sql, '--as-of', id]);
    expect([code, stderr]).toEqual([1, expect.stringMatching(message)]);
  });

  it('does not take a snapshot for published whose commit came too late', async () => {
    const state = await current();
    const { etag } = await readCurrent(world.store);
    const { arrivals, eventDays, snapshot } = state;
    const change = { ...snapshot, arrivals, eventDays, committedAt: '2026-01-01T00:00:00.000Z' };
    const late = { etag: 'moved', state: { ...state, snapshot: { ...snapshot, sequence: 0 } } };
    expect(await commitSnapshot(world.store, late, change)).toBeNull();
    expect((await readCurrent(world.store)).etag).toBe(etag);
    const { stderr } = await run(['query', sql, '--as-of', '00000001']);
    expect(stderr).toBe('');
  });
});

/** Commits the current snapshot with something in it changed, verifies, and puts the one before back. */
async function verifyWith(
  change: (parts: {
    arrivals: Map<Day, ArrivalEntry>;
    eventDays: Map<Day, EventDayEntry>;
    tables: Record<string, ObjectRef>;
  }) => void,
  isDeep = false,
): Promise<string[]> {
  const state = await current();
  const { tables, profiles, configHash, run: of } = state.snapshot;
  const parts = {
    arrivals: new Map(state.arrivals),
    eventDays: new Map(state.eventDays),
    tables: { ...tables } as Record<string, ObjectRef>,
  };
  const commit = async (
    arrivals: typeof parts.arrivals,
    eventDays: typeof parts.eventDays,
    named: unknown,
  ) => {
    const rest = {
      profiles,
      configHash,
      run: of,
      cause: [],
      restatements: null,
      committedAt: new Date().toISOString(),
    };
    const all = { ...rest, arrivals, eventDays, tables: named as typeof tables };
    expect(await commitSnapshot(world.store, await readCurrent(world.store), all)).not.toBeNull();
    await mirrorTables(world.store);
  };
  change(parts);
  await commit(parts.arrivals, parts.eventDays, parts.tables);
  try {
    return said(await verify(isDeep));
  } finally {
    await commit(new Map(state.arrivals), new Map(state.eventDays), tables);
  }
}

async function verify(isDeep = false, range = {}): Promise<Verification> {
  const { config, store } = world;
  const cache = new ObjectCache(join(folder, 'objects'), store);
  const duckDb = { threads: 1, memoryMb: 512 };
  const deps = { config, store, cache, duckDb, scratchRoot: folder };
  return verifyPublished(deps, { range, isDeep }, new Date(), () => {});
}

const said = ({ faults }: Verification) => faults.map(({ kind, message }) => `${kind}: ${message}`);

/** Verifies with an object changed (null: removed), and puts it back. */
async function verifyChanged(
  key: string,
  change: (bytes: Buffer) => Buffer | null,
): Promise<{ readonly faults: string[]; readonly hash: string }> {
  const before = await buffer((await world.store.read(key)).body);
  const after = change(Buffer.from(before));
  if (after === null) await world.store.remove(key);
  else await world.store.write(key, after);
  try {
    return { faults: said(await verify()), hash: after === null ? '' : sha256(after) };
  } finally {
    await world.store.write(key, before);
  }
}

const flip = (bytes: Buffer): Buffer => {
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
  return bytes;
};

describe('verify', () => {
  it('finds nothing wrong in what was published, also when everything is made again', async () => {
    const { code, stdout, stderr } = await run(['verify', '--deep']);
    expect([code, stdout]).toEqual([0, `${second} is as it has to be.\n`]);
    expect(stderr).toMatch(/: 3 arrivals, 3 event days, \d+ objects, \d+ raw inputs, 29 files of the mirror/);
    const verification = await runJson<Verification>('verify', '--from', dayAt(1), '--to', dayAt(1));
    expect(verification).toMatchObject({ snapshot: second, faults: [], skipped: [], hasMoved: false });
    expect(verification.verified).toMatchObject({ arrivals: 1, eventDays: 1, objects: 20 });
  });

  it('tells an object that is gone, and one that has another byte, size or number of rows', async () => {
    const { eventDays, arrivals } = await current();
    const ref = eventDays.get(dayAt(1))?.tables.sessions as ObjectRef;
    const what = `object: sessions of ${dayAt(1)}: ${ref.key}`;
    expect((await verifyChanged(ref.key, () => null)).faults).toEqual([`${what} is not there`]);
    const flipped = await verifyChanged(ref.key, flip);
    expect(flipped.faults).toEqual([`${what} has sha256 ${flipped.hash}, ${ref.sha256} named`]);
    const longer = await verifyChanged(ref.key, (bytes) => Buffer.concat([bytes, bytes]));
    expect(longer.faults).toEqual([`${what} has ${2 * ref.bytes} bytes, ${ref.bytes} named`]);
    const report = arrivals.get(dayAt(0))?.report ?? '';
    const [, name] = /([^/]+)\.json$/.exec(report) ?? [];
    const edited = await verifyChanged(report, flip);
    expect(edited.faults).toEqual([
      `object: report of arrival ${dayAt(0)}: ${report} has sha256 ${edited.hash}, its name says ${name}…`,
    ]);
    const wrong = await verifyWith(({ tables }) => {
      tables['players'] = { ...(tables['players'] as ObjectRef), rows: 1 };
    });
    expect(wrong).toEqual([
      expect.stringMatching(/^object: players: store\/players\/\w+\.parquet has \d+ rows, 1 named$/),
    ]);
  });

  it('counts what no snapshot names, which is no fault', async () => {
    const before = (await verify()).orphans ?? { objects: 0, bytes: 0 };
    await world.store.write('store/players/orphan.parquet', Buffer.from('alone'));
    const { faults, orphans } = await verify();
    expect([faults, orphans]).toEqual([[], { objects: before.objects + 1, bytes: before.bytes + 5 }]);
    await world.store.remove('store/players/orphan.parquet');
  });

  it('tells a catalog that is not as it was committed', async () => {
    const { snapshot } = await current();
    const [month] = Object.values(snapshot.months);
    if (month === undefined) throw new Error('a month is published');
    const named = `snapshot ${snapshot.id} names it with sha256 ${month.sha256}`;
    const gone = await verifyChanged(month.key, () => null);
    expect(gone.faults[0]).toBe(`catalog: ${month.key} is not there, ${named}`);
    const flipped = await verifyChanged(month.key, flip);
    expect(flipped.faults[0]).toBe(`catalog: ${month.key} has sha256 ${flipped.hash}, ${named}`);
    const lost = await verifyChanged(keys.snapshot(snapshot.id), () => null);
    expect(lost.faults).toEqual([
      expect.stringMatching(
        `^catalog: ${keys.snapshot(snapshot.id)} is not there, catalog/current.json names it`,
      ),
    ]);
    const pointer = await verifyChanged(keys.pointer, () => null);
    expect(pointer.faults).toEqual([
      'catalog: catalog/current.json is not there, though there are snapshots: restore its version',
    ]);
  });

  it('tells ledgers that do not meet', async () => {
    const faults = await verifyWith(({ arrivals }) => {
      const entry = arrivals.get(dayAt(1)) as ArrivalEntry;
      arrivals.set(dayAt(1), { ...entry, ledger: { ...entry.ledger, lines: entry.ledger.lines + 1 } });
    });
    expect(faults).toEqual([`ledger: arrival ${dayAt(1)} is off by 1 lines`]);
  });

  it('tells raw data that is not there as it was counted', async () => {
    const key = `raw/dt=${dayAt(1)}/other.ndjson`;
    const one = await world.store.write(key, Buffer.from('{"a":1}\n'));
    const two = await world.store.write(key, Buffer.from('{"a":2}\n'));
    const replay = 'raw/_replays/dt=2031-01-02/none.json';
    const pinned = { key, bytes: one.bytes, etag: one.etag, versionId: one.versionId };
    const change = (etag: string, bytes: number) =>
      verifyWith(({ arrivals }) => {
        const entry = arrivals.get(dayAt(1)) as ArrivalEntry;
        const inputs = [...entry.inputs, { ...pinned, etag, bytes }];
        arrivals.set(dayAt(1), { ...entry, inputs, replays: [...entry.replays, replay] });
      });
    const what = `raw: arrival ${dayAt(1)}: ${key} in version ${one.versionId}`;
    const ofReplay = `raw: arrival ${dayAt(1)}: the replay ${replay} is not there`;
    expect(await change(one.etag, one.bytes)).toEqual([ofReplay]);
    expect(await change(two.etag, one.bytes)).toEqual([
      `${what} has ETag ${one.etag}, ${two.etag} was counted`,
      ofReplay,
    ]);
    expect(await change(one.etag, 7)).toEqual([`${what} has 8 bytes, 7 were counted`, ofReplay]);
    await world.store.remove(key, one.versionId ?? '');
    expect(await change(one.etag, one.bytes)).toEqual([`${what} is not there`, ofReplay]);
    await world.store.remove(key);
  });

  it('tells a mirror that is out of step, by command with exit code 1 and a line a fault', async () => {
    const { snapshot } = await current();
    const ref = snapshot.tables.daily_metrics;
    const key = keys.mirrorWhole('daily_metrics');
    expect((await verifyChanged(key, () => null)).faults).toEqual([`mirror: ${key} is not there`]);
    const flipped = await verifyChanged(key, flip);
    expect(flipped.faults).toEqual([`mirror: ${key} has sha256 ${flipped.hash}, ${ref.sha256} named`]);
    const shorter = await verifyChanged(key, (bytes) => bytes.subarray(1));
    expect(shorter.faults).toEqual([`mirror: ${key} has ${ref.bytes - 1} bytes, ${ref.bytes} named`]);
    const extra = 'tables/daily_metrics/part-2.parquet';
    await world.store.write(extra, Buffer.from('x'));
    const { code, stdout, stderr } = await run(['verify']);
    expect([code, stdout]).toEqual([1, `mirror: ${extra} is extra: the snapshot has no such file\n`]);
    expect(stderr).toMatch(/1 fault\.\n$/);
    await world.store.remove(extra);
  });

  it('--deep tells a table that is not what its rows make, and rows that are not what the raw data says', async () => {
    const { eventDays, arrivals } = await current();
    const cache = new ObjectCache(join(folder, 'objects'), world.store);
    const other = async (ref: ObjectRef, sql: string, key: string): Promise<ObjectRef> => {
      const [source, file] = [await cache.fetch(ref), join(folder, 'other.parquet')];
      const query = `SELECT * ${sql} FROM read_parquet(${quote(source)})`;
      const rows = await withDuckDb({ threads: 1, memoryMb: 256 }, (connection) =>
        copyToParquet(connection, query, file, metadataOf('player_days')),
      );
      return uploadFile(world.store, key, file, rows);
    };
    const ofDay = eventDays.get(dayAt(0))?.tables.player_levels as ObjectRef;
    const levels = await other(ofDay, 'REPLACE (starts + 1 AS starts)', 'store/player_levels/other.parquet');
    const { quarantine } = arrivals.get(dayAt(0)) as ArrivalEntry;
    const aside = await other(quarantine, `REPLACE ('x' AS detail)`, quarantine.key);
    const faults = await verifyWith((parts) => {
      const entry = parts.eventDays.get(dayAt(0)) as EventDayEntry;
      parts.eventDays.set(dayAt(0), { ...entry, tables: { ...entry.tables, player_levels: levels } });
      const arrival = parts.arrivals.get(dayAt(0)) as ArrivalEntry;
      parts.arrivals.set(dayAt(0), { ...arrival, quarantine: aside });
    }, true);
    expect(faults).toEqual([
      `recomputed: quarantine of arrival ${dayAt(0)}: sha256 ${quarantine.sha256} when made again, ${aside.sha256} published (${aside.key})`,
      `recomputed: player_levels of ${dayAt(0)}: sha256 ${ofDay.sha256} when made again, ${levels.sha256} published (${levels.key})`,
    ]);
    await uploadFile(world.store, quarantine.key, await cache.fetch(quarantine), quarantine.rows);
    const { players } = (await current()).snapshot.tables;
    const altered = await other(players, `REPLACE ('x' AS segment)`, players.key);
    const ofPlayers = await verifyWith(({ tables }) => {
      tables['players'] = altered;
    }, true);
    expect(ofPlayers).toEqual([
      `recomputed: players: sha256 ${players.sha256} when made again, ${altered.sha256} published (${players.key})`,
    ]);
    await uploadFile(world.store, players.key, await cache.fetch(players), players.rows);
    await world.store.copy(players.key, keys.mirrorWhole('players'));
  });

  it('--deep under another configuration says what it can’t compare, which is no fault', async () => {
    const { code, stdout, stderr } = await run(['verify', '--deep', '--from', dayAt(0), '--to', dayAt(0)], {
      QUESTLINE_PIPELINE_BASE_CURRENCY: 'EUR',
      QUESTLINE_TABLES_FUNNEL_WINDOW_DAYS: '3',
    });
    expect([code, stdout]).toEqual([0, expect.stringContaining('is as it has to be')]);
    expect(stderr).toContain(
      `not compared: arrival ${dayAt(0)} was read by another configuration: its rows were not read again`,
    );
    expect(stderr).toContain(
      `not compared: event day ${dayAt(0)} was built by another version of the code, or`,
    );
  });
});

describe('rollback', () => {
  const order = () => ['rollback', '--to', first, '--by', 'ann', '--why', 'too many players'];

  it('says what would change, and changes nothing, by --dry-run', async () => {
    const { etag } = await readCurrent(world.store);
    const { code, stdout, stderr } = await run([...order(), '--dry-run']);
    expect(code).toBe(0);
    expect(stdout).toContain(`arrivals that would change: ${dayAt(2)}\n`);
    expect(stdout).toMatch(/dau\s+1\s+\S+\s+\d+\s+\d+/);
    expect(stderr).toContain('The next run of a day that changed moves on from there');
    expect((await readCurrent(world.store)).etag).toBe(etag);
  });

  it('refuses a snapshot of which an object is gone, and names it', async () => {
    const { key } = (await readSnapshot(world.store, first)).snapshot.tables.players;
    const bytes = await buffer((await world.store.read(key)).body);
    const { etag } = await readCurrent(world.store);
    await world.store.remove(key);
    const { code, stderr } = await run(order());
    await world.store.write(key, bytes);
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining(`gone or of another size: ${key} (players). Restore`),
    ]);
    expect((await readCurrent(world.store)).etag).toBe(etag);
    expect((await run(['rollback', '--to', first, '--by', ' ', '--why', 'b'])).code).toBe(2);
  });

  it('publishes it again as the newest, without Temporal; the next run moves on from there', async () => {
    const { code, stdout } = await run(order(), { QUESTLINE_TEMPORAL_ADDRESS: '127.0.0.1:1' });
    expect([code, stdout]).toEqual([
      0,
      expect.stringContaining(`is current: it says what ${first} says. By ann: too many players\n`),
    ]);
    expect(await publishedHashes(world.store)).toEqual(hashes[0]);
    expect(said(await verify())).toEqual([]);
    const [newest] = await runJson<Record<string, unknown>[]>('snapshots');
    const rollback = { to: first, by: 'ann', why: 'too many players' };
    expect(newest).toMatchObject({ current: true, trigger: 'rollback', rollback, link: null, eventDays: 3 });
    expect(await runJson(...order())).toMatchObject({ outcome: 'unchanged' });
    await (await startDay(world.client, world.config, { day: dayAt(2) })).result();
    expect(await publishedHashes(world.store)).toEqual(hashes[1]);
    expect((await runJson<unknown[]>('status')).valueOf()).toMatchObject({
      days: [{}, {}, { state: 'published' }],
    });
  });
});

describe('gc', () => {
  it('says what would go, and does it when it is told to', async () => {
    const { stdout } = await run(['gc']);
    expect(stdout).toMatch(/^\d+ snapshots kept, with everything that they name\.\n$/);
    expect((await runJson<{ done: boolean }>('gc', '--yes')).done).toBe(true);
    expect((await run(['gc', '--yes', '--dry-run'])).code).toBe(2);
    const { code, stderr } = await run(['gc'], { QUESTLINE_GC_GRACE_DAYS: '3' });
    expect(code).toBe(1);
    expect(stderr).toContain('expected gc.graceDays (3 days) to be longer than quality.holdHours (72 hours)');
  });
});
