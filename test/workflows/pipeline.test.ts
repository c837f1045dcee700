import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectRoot } from '../../src/config/load.ts';
import { addDays, type Day } from '../../src/domain/day.ts';
import { imbalanceOfArrival, imbalanceOfEventDay, sum } from '../../src/domain/ledger.ts';
import type { ObjectRef } from '../../src/domain/object-ref.ts';
import type { BackfillResult, DayResult, Progress } from '../../src/domain/pipeline.ts';
import { dayTables, type PublishedTable, publishedTables, wholeTables } from '../../src/domain/tables.ts';
import { quote, readRows, withDuckDb } from '../../src/engine/duckdb.ts';
import type { DayTruth } from '../../src/generator/truth.ts';
import { startBackfill, startDay } from '../../src/operations/start-runs.ts';
import { queryTables } from '../../src/query/query-tables.ts';
import { duckDbColumnsOf, emptyTableSql, metadataOf } from '../../src/schema/tables.ts';
import { type CatalogState, readArrivalsBefore, readCurrent } from '../../src/storage/catalog.ts';
import { keys } from '../../src/storage/keys.ts';
import { ObjectCache } from '../../src/storage/object-cache.ts';
import type { ObjectStore } from '../../src/storage/object-store.ts';
import { sha256 } from '../../src/storage/sha256.ts';
import { publishedHashes } from '../support/catalog.ts';
import { makeEvent, toLines } from '../support/events.ts';
import { failureOf } from '../support/failure.ts';
import { readSql } from '../support/sql.ts';
import { landDays } from '../support/synthetic.ts';
import { createWorld, type World } from '../support/world.ts';

const COUNT = 7;
/** Late events of a day arrive on up to so many days after it. */
const LATEST = 5;
const overMonths = join(projectRoot, 'test', 'support', 'over-months.yaml');
let world: World;
let scratch: string;
let cache: ObjectCache;
let days: Day[];
let hashes: Record<string, string>;

async function backfill(in_: World, from: Day, to: Day, concurrency = 3): Promise<BackfillResult> {
  const handle = await startBackfill(in_.client, in_.config, { from, to, concurrency });
  return (await handle.result()) as BackfillResult;
}

async function ask(sql: string): Promise<(readonly unknown[])[]> {
  return [...(await queryTables(world.store, cache, sql)).rows];
}

function filesOf({ snapshot, eventDays }: CatalogState, table: PublishedTable): ObjectRef[] {
  const whole = wholeTables.find((name) => name === table);
  if (whole !== undefined) return [snapshot.tables[whole]];
  return [...eventDays.values()].map(({ tables }) => tables[table as (typeof dayTables)[number]]);
}

beforeAll(async () => {
  world = await createWorld('pipeline', { QUESTLINE_GENERATOR_PRESET: overMonths });
  scratch = await mkdtemp(join(tmpdir(), 'questline-pipeline-'));
  cache = new ObjectCache(scratch, world.store);
  await world.startWorker();
  days = await landDays(world.store, world.config, COUNT);
  const result = await backfill(world, days[0] as Day, days.at(-1) as Day);
  expect(result.days.map(({ state }) => state)).toEqual(days.map(() => 'published'));
  hashes = await publishedHashes(world.store);
});
afterAll(async () => {
  await world.close();
  await rm(scratch, { recursive: true, force: true });
});

describe('a backfill', () => {
  it('over two months publishes every day, in one snapshot a month', async () => {
    const { state } = await readCurrent(world.store);
    expect([...(state?.arrivals.keys() ?? [])]).toEqual(days);
    expect(Object.keys(state?.snapshot.months ?? {})).toEqual(['2031-01', '2031-02']);
    expect(state?.snapshot.sequence).toBe(2);
  });

  it('is read back from a day, over no more months than the days are in', async () => {
    const { state } = await readCurrent(world.store);
    const read: string[] = [];
    const counting = Object.assign(Object.create(world.store) as ObjectStore, {
      read: (key: string) => {
        read.push(key);
        return world.store.read(key);
      },
    });
    for (const [day, count, months] of [
      [days[6], 1, 1],
      [days[6], 3, 2],
      [days[5], 2, 2],
      [days[2], 7, 1],
      [days[0], 7, 1],
      [addDays(days[0] as Day, -40), 7, 0],
    ] as const) {
      const earlier = [...(state?.arrivals ?? [])].filter(([one]) => one < (day as Day)).slice(-count);
      expect(await readArrivalsBefore(counting, day as Day, count)).toEqual(earlier);
      expect(read.splice(0).filter((key) => key.startsWith('catalog/months/'))).toHaveLength(months);
    }
  });

  it('accounts for every line and row', async () => {
    const { state } = await readCurrent(world.store);
    const arrivals = [...(state?.arrivals.values() ?? [])];
    const eventDays = [...(state?.eventDays.values() ?? [])];
    for (const { ledger } of arrivals) expect(imbalanceOfArrival(ledger)).toBe(0);
    for (const { ledger } of eventDays) expect(imbalanceOfEventDay(ledger)).toBe(0);
    const accepted = sum(arrivals.map(({ ledger }) => ledger.accepted));
    expect(accepted).toBeGreaterThan(3000);
    expect(sum(eventDays.map(({ ledger }) => ledger.cameIn))).toBe(accepted);
    expect(sum(eventDays.map(({ ledger }) => ledger.exactDuplicates))).toBeGreaterThan(0);
  });

  it.each(publishedTables)('publishes %s with the columns that its schema declares', async (table) => {
    const rows = await ask(`SELECT column_name, column_type FROM (DESCRIBE ${table})`);
    const types = Object.fromEntries(rows) as Record<string, string>;
    expect(types).toEqual(duckDbColumnsOf(table));
    expect(emptyTableSql(table)).toContain('WHERE false');
  });

  it.each(publishedTables)(
    'publishes in %s what its SQL in sql/ says, in each column and row',
    async (table) => {
      const oracle = await queryTables(world.store, cache, await readSql(table));
      const columns = oracle.columns.map(({ name }) => name);
      expect(columns).toEqual(Object.keys(duckDbColumnsOf(table)));
      const published = await ask(`FROM ${table}`);
      if (table !== 'revenue_other') expect(published.length).toBeGreaterThan(0);
      expect(published).toEqual(oracle.rows);
    },
  );

  it.each(publishedTables)('writes into the files of %s what it is', async (table) => {
    const { state } = await readCurrent(world.store);
    const [file] = state === null ? [] : filesOf(state, table);
    const path = await cache.fetch(file as ObjectRef);
    const found = await withDuckDb({ threads: 1, memoryMb: 256 }, (connection) =>
      readRows(
        connection,
        `SELECT decode(key) AS key, decode(value) AS value FROM parquet_kv_metadata(${quote(path)})`,
      ),
    );
    expect(Object.fromEntries(found.map(({ key, value }) => [key, value]))).toEqual(metadataOf(table));
  });

  it('publishes what the generator says is true, for the days of which everything has landed', async () => {
    const { state } = await readCurrent(world.store);
    for (const day of days.slice(0, COUNT - LATEST)) {
      const { body } = await world.store.read(keys.truth(day));
      const { expected } = JSON.parse((await buffer(body)).toString()) as DayTruth;
      const [figures] =
        await ask(`SELECT dau, new_players, events, sessions, revenue::VARCHAR, ad_revenue::VARCHAR, payers
        FROM daily_metrics WHERE date = '${day}'`);
      const { players, new_players, events, sessions, revenue, ad_revenue, payers } = expected;
      expect(figures?.map(String)).toEqual(
        [players, new_players, events, sessions, revenue, ad_revenue, payers].map(String),
      );
      const cohorts = await ask(`SELECT cohort_date::VARCHAR, retained::INT FROM retention_cohorts
        WHERE kind = 'classic' AND cohort_date + day_n::INT = DATE '${day}' AND retained > 0`);
      expect(Object.fromEntries(cohorts)).toEqual(expected.survivors);
      const types = await ask(`SELECT event_type, events FROM event_type_daily WHERE date = '${day}'`);
      expect(Object.fromEntries(types)).toEqual(expected.events_by_type);
      const ledger = state?.eventDays.get(day)?.ledger;
      expect([ledger?.kept, ledger?.exactDuplicates, ledger?.conflictingDuplicates]).toEqual([
        events,
        expected.exact_duplicates,
        expected.conflicting_duplicates,
      ]);
    }
  });

  it('mirrors the tables for other readers', async () => {
    const mirrored: string[] = [];
    const mirroredHashes: string[] = [];
    for await (const { key } of world.store.list('tables/')) {
      mirrored.push(key);
      if (key.endsWith('.parquet'))
        mirroredHashes.push(sha256(await buffer((await world.store.read(key)).body)));
    }
    expect(mirroredHashes.sort()).toEqual(Object.values(hashes).sort());
    expect(mirrored).toContain('tables/daily_metrics/data.parquet');
    expect(mirrored).toContain(`tables/events_cleaned/dt=${days[0]}/data.parquet`);
    expect(mirrored).toHaveLength(dayTables.length * COUNT + wholeTables.length + 1);
  });

  it('run again commits nothing', async () => {
    const before = (await readCurrent(world.store)).etag;
    const result = await backfill(world, days[0] as Day, days.at(-1) as Day);
    expect(result.days.every(({ state }) => state === 'published')).toBe(true);
    expect((await readCurrent(world.store)).etag).toBe(before);
  });

  it('tells its progress to those who ask', async () => {
    const handle = await startBackfill(world.client, world.config, {
      from: days[0] as Day,
      to: days[1] as Day,
    });
    await handle.result();
    const progress = await handle.query<Progress>('progress');
    expect(progress.stage).toBe('done');
    expect(progress.days.map(({ day, state }) => [day, state])).toEqual(
      days.slice(0, 2).map((day) => [day, 'published']),
    );
  });
});

describe('a day', () => {
  const bad = '2031-03-05' as Day;

  it('that is too thin stops at the gate with the numbers, and leaves the tables as they were', async () => {
    const before = (await readCurrent(world.store)).etag;
    const thin = [makeEvent({ timestamp: `${bad}T10:00:00Z` }), 'nope'];
    await world.store.write(`raw/dt=${bad}/thin.ndjson`, toLines(thin));
    const { type, message } = await failureOf(
      (await startDay(world.client, world.config, { day: bad })).result(),
    );
    expect(type).toBe('DataQualityError');
    expect(message).toContain(
      `${bad} did not pass its quality gate. minimum_events: 1 accepted events, at least 100 needed`,
    );
    expect(message).toContain(
      'required_types: 2 required types without an accepted event [session_start, session_end]',
    );
    expect(message).toMatch(/Report: store\/reports\/dt=2031-03-05\/[0-9a-f]{24}\.json/);
    expect((await readCurrent(world.store)).etag).toBe(before);
  });

  it('without raw data fails as missing, and does not stop the rest of its backfill', async () => {
    const to = addDays(days.at(-1) as Day, 1);
    const result = await backfill(world, days.at(-1) as Day, to);
    expect(result.days.map(({ state }) => state)).toEqual(['published', 'failed']);
    expect(result.days[1]?.failure).toMatch(/^NoRawData: Nothing landed for /);
  });

  it('whose input is no day is refused', async () => {
    const handle = await startDay(world.client, world.config, { day: '2031-02-30' as Day });
    expect(await failureOf(handle.result())).toMatchObject({
      type: 'InvalidRequest',
      message: expect.stringContaining('does not exist'),
    });
  });

  it('with a late event rewrites the event days that it touches and no other', async () => {
    const [first, last] = [days[0] as Day, days.at(-1) as Day];
    const late = makeEvent({
      event_id: 'late-1',
      player_id: 'late-player',
      timestamp: `${addDays(last, -3)}T12:00:00Z`,
    });
    await world.store.write(`raw/dt=${last}/late.ndjson`, toLines([late]));
    const { published } = (await (
      await startDay(world.client, world.config, { day: last })
    ).result()) as DayResult;
    expect(published).toMatchObject({
      outcome: 'committed',
      eventDays: expect.arrayContaining([addDays(last, -3)]),
    });
    const now = await publishedHashes(world.store);
    const changed = Object.keys(now).filter((name) => now[name] !== hashes[name]);
    const touched = addDays(last, -3);
    const rewritten = dayTables.filter((table) => table !== 'funnel_steps' && table !== 'revenue_other');
    const whole = wholeTables.filter((table) => table !== 'conversion_funnel');
    expect(changed.sort()).toEqual([...rewritten.map((table) => `${table} ${touched}`), ...whole].sort());
    expect(now[`events_cleaned ${first}`]).toBe(hashes[`events_cleaned ${first}`]);
  });
});
