import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBackfill } from '../../src/operations/start-runs.ts';
import { queryTables } from '../../src/query/query-tables.ts';
import { ObjectCache } from '../../src/storage/object-cache.ts';
import { landDays } from '../support/synthetic.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;
let folder: string;
let cache: ObjectCache;

const ask = (sql: string, csv: string | null = null) => queryTables(world.store, cache, sql, csv);

beforeAll(async () => {
  world = await createWorld('query');
  folder = await mkdtemp(join(tmpdir(), 'questline-query-test-'));
  cache = new ObjectCache(join(folder, 'objects'), world.store);
});
afterAll(async () => {
  await world.close();
  await rm(folder, { recursive: true, force: true });
});

describe('queryTables', () => {
  it('over nothing published gives empty tables with their columns', async () => {
    expect((await ask('select date, dau from daily_metrics')).columns.map(({ name }) => name)).toEqual([
      'date',
      'dau',
    ]);
    expect((await ask('from events_enriched')).rows).toEqual([]);
  });

  it('answers what asks, also a pivot, and as CSV', async () => {
    await world.startWorker();
    const [day] = await landDays(world.store, world.config, 1);
    if (day === undefined) throw new Error('no day landed');
    await (await startBackfill(world.client, world.config, { from: day, to: day })).result();
    const dau = (await ask('select dau from daily_metrics')).rows[0]?.[0];
    expect(dau).toBeGreaterThan(10);
    const pivot = 'pivot (select date, dau from daily_metrics) on date using first(dau)';
    expect((await ask(pivot)).rows).toEqual([[dau]]);
    expect((await ask('describe players')).rows.length).toBeGreaterThan(5);
    expect((await ask('summarize players;')).rows.length).toBeGreaterThan(5);
    const csv = join(folder, 'answer.csv');
    await ask(pivot, csv);
    expect((await readFile(csv, 'utf8')).trim().split('\n')).toEqual([String(day), String(dau)]);
  });

  it.each([
    ["copy players to 'FOLDER/x.parquet'", /COPY is not a query/],
    ["copy (pivot players on platform using count(*)) to 'FOLDER/x.csv'", /\w+ is not a query/],
    ["explain analyze copy players to 'FOLDER/x.csv'", /EXPLAIN is not a query/],
    ['create table players2 as from players', /CREATE is not a query/],
    ["select 1; copy players to 'FOLDER/x.csv'", /One query at a time/],
    ["select 1) to 'FOLDER/x.csv'; --", /Parser Error/],
    ["attach 'FOLDER/x.db'", /ATTACH is not a query/],
    ['set threads = 64', /SET is not a query/],
    ["select * from read_text('/etc/hostname')", /Permission Error/],
    ["from 'https://example.com/x.csv'", /Permission Error|disabled/],
    ['', /The query is empty/],
    ['-- nothing', /./],
    ['select nothing from players', /Binder Error[\s\S]*Tables: events_cleaned/],
  ])('refuses %s, and writes nothing', async (sql, message) => {
    const before = await readdir(join(folder, 'objects')).catch(() => []);
    const asked = sql.replace('FOLDER', join(folder, 'objects'));
    await expect(ask(asked)).rejects.toThrow(message);
    await expect(ask(asked, join(folder, 'refused.csv'))).rejects.toThrow(message);
    expect(await readdir(join(folder, 'objects')).catch(() => [])).toEqual(before);
    expect(await readdir(folder)).not.toContain('refused.csv');
  });
});
