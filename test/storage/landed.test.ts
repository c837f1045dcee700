import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Day } from '../../src/domain/day.ts';
import { keys } from '../../src/storage/keys.ts';
import { landReplay, noteReplay, packReplay } from '../../src/storage/land-replay.ts';
import { findChange, isMadeFrom, type Landed, nameData } from '../../src/storage/landed.ts';
import { classifyRawKey, listLanded, listLandedDay } from '../../src/storage/list-landed.ts';
import { readReplays } from '../../src/storage/replays.ts';
import { createWorld, type World } from '../support/world.ts';

const object = (key: string, etag = 'e', bytes = 1) => ({ key, etag, bytes });
const data = (objects: Landed['objects'], replays: readonly string[] = []): Landed => ({ objects, replays });

describe('a change of data', () => {
  const known = data([object('a'), object('b'), object('c')], ['r']);

  it.each([
    ['none, in another order', data([object('c'), object('a'), object('b')], ['r']), null],
    ['an object more', data([...known.objects, object('d')], ['r']), [1, 0, 0, 0]],
    [
      'other bytes, another etag, one gone',
      data([object('a', 'e', 2), object('b', 'f')], ['r']),
      [0, 2, 1, 0],
    ],
    ['another replay in the place of one', data(known.objects, ['s']), [0, 0, 0, 2]],
    ['nothing left', data([]), [0, 0, 3, 1]],
  ])('%s', (_, landed, counts) => {
    const change = findChange(known, landed);
    expect(change === null ? null : [change.added, change.replaced, change.removed, change.replays]).toEqual(
      counts,
    );
    const record = {
      inputs: known.objects.map((one) => ({ ...one, versionId: 'v' })),
      replays: ['r'],
      configHash: 'h',
    };
    expect(isMadeFrom(record, landed, 'h')).toBe(counts === null);
    expect(isMadeFrom(record, landed, 'other')).toBe(false);
    if (counts !== null) expect(nameData(landed)).not.toBe(nameData(known));
  });
});

describe('a key under raw/', () => {
  it.each([
    ['raw/dt=2026-01-05/a.ndjson', 'object'],
    ['raw/dt=2026-01-05/deep/a.ndjson', 'object'],
    ['raw/dt=2026-01-05/', 'folder'],
    ['raw/dt=2026-02-30/a.ndjson', 'stray'],
    ['raw/2026-01-05/a.ndjson', 'stray'],
    ['raw/_replays/dt=2026-01-05/x.json', 'replay'],
    ['raw/_truth/dt=2026-01-05.json', 'truth'],
    ['raw/players/a.ndjson', 'profiles'],
  ])('%s is of kind %s', (key, kind) => expect(classifyRawKey(key).kind).toBe(kind));
});

describe('a listing of what has landed', () => {
  let world: World;
  const day = '2026-01-05' as Day;

  beforeAll(async () => {
    world = await createWorld('landed');
  });
  afterAll(() => world.close());

  it('counts a replay with its lines as reading does, keeps days apart, and begins where it is told to', async () => {
    const { store } = world;
    for (const key of [
      keys.rawObject(day, 'a.ndjson'),
      keys.rawObject(day, 'é/b.ndjson'),
      'raw/dt=2026-01-04/x.ndjson',
    ])
      await store.write(key, Buffer.from(key));
    const place = (line: number) => [
      { object: keys.rawObject(day, 'a.ndjson'), line, bytes: Buffer.from('{}') },
    ];
    await landReplay(store, packReplay(day, place(1)));
    await noteReplay(store, packReplay(day, place(2)));
    const landed = await listLandedDay(store, day);
    expect(landed.objects.map(({ key }) => key.slice(18).replace(/-.*/, ''))).toEqual([
      'a.ndjson',
      'replay',
      'é/b.ndjson',
    ]);
    const inForce = await readReplays(
      store,
      day,
      landed.objects.map((one) => ({ ...one, versionId: null })),
    );
    expect([landed.replays, landed.replays.length]).toEqual([inForce.map(({ key }) => key), 1]);
    expect(Math.abs(landed.modifiedAt.getTime() - Date.now())).toBeLessThan(60_000);
    expect([...(await listLanded(store)).keys()].sort()).toEqual(['2026-01-04', day]);
    expect([...(await listLanded(store, day)).keys()]).toEqual([day]);
    expect((await listLanded(store)).get(day)).toEqual(landed);
  });
});
