import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditCatalog, readBackWhile } from '../../src/activities/audit.ts';
import type { Candidate } from '../../src/activities/candidate.ts';
import { publishBuild } from '../../src/activities/publish.ts';
import { setValueAt, valueAt } from '../../src/config/tree.ts';
import type { Day } from '../../src/domain/day.ts';
import type { ObjectRef } from '../../src/domain/object-ref.ts';
import { type PublishedTable, wholeTables } from '../../src/domain/tables.ts';
import { parquetSource, quote, readRows, withDuckDb } from '../../src/engine/duckdb.ts';
import { startBackfill } from '../../src/operations/start-runs.ts';
import { agreements } from '../../src/schema/agreements.ts';
import { uploadFile } from '../../src/storage/bytes.ts';
import { type CatalogState, readCurrent } from '../../src/storage/catalog.ts';
import { ObjectCache } from '../../src/storage/object-cache.ts';
import { sha256 } from '../../src/storage/sha256.ts';
import { landDays } from '../support/synthetic.ts';
import { createWorld, type World } from '../support/world.ts';

const duckDb = { threads: 1, memoryMb: 512 };
let world: World;
let scratch: string;
let cache: ObjectCache;
let state: CatalogState;
let days: Day[];
let day: Day;

beforeAll(async () => {
  world = await createWorld('audit');
  scratch = await mkdtemp(join(tmpdir(), 'questline-audit-'));
  cache = new ObjectCache(join(scratch, 'objects'), world.store);
  await world.startWorker();
  days = await landDays(world.store, world.config, 3);
  day = days[1] as Day;
  const [from, to] = [days[0] as Day, days[2] as Day];
  await (await startBackfill(world.client, world.config, { from, to })).result();
  state = (await readCurrent(world.store)).state as CatalogState;
});
afterAll(async () => {
  await world.close();
  await rm(scratch, { recursive: true, force: true });
});

/** What was published, to be published once more on top of itself: but for what a test changes, every object is known. */
function candidate(changes: Partial<Candidate> = {}): Candidate {
  const { arrivals, eventDays, snapshot } = state;
  return { base: state, arrivals, eventDays, tables: snapshot.tables, touched: new Set(days), ...changes };
}

/** What the audit says of a candidate, and the faults that it logs. */
async function audit(audited: Candidate): Promise<{ said: string | null; faults: readonly string[] }> {
  const lines: string[] = [];
  const log = pino({ level: 'warn' }, { write: (line) => lines.push(line) });
  const stage = { log, tell: () => {}, stopIfCancelled: () => {} };
  const deps = { store: world.store, cache, duckDb, scratchRoot: scratch };
  const said = await auditCatalog(deps, stage, audited).then(
    () => null,
    (error: Error) => `${error.name}: ${error.message}`,
  );
  return { said, faults: lines.flatMap((line) => JSON.parse(line).faults as string[]) };
}

/** A candidate with one number of the second day's entry changed. */
function shift(kind: 'arrivals' | 'eventDays', path: string, by: number): Candidate {
  const copies = { arrivals: new Map(state.arrivals), eventDays: new Map(state.eventDays) };
  const copy = structuredClone(copies[kind].get(day)) as unknown as Record<string, unknown>;
  const value = valueAt(copy, path);
  expect([path, typeof value]).toEqual([path, 'number']);
  setValueAt(copy, path, Number(value) + by);
  copies[kind].set(day, copy as never);
  return candidate(copies);
}

type Audited = PublishedTable | 'accepted' | 'quarantine';

function refOf(table: Audited): ObjectRef {
  const arrival = state.arrivals.get(day);
  if (table === 'accepted') return arrival?.accepted[0] as ObjectRef;
  if (table === 'quarantine') return arrival?.quarantine as ObjectRef;
  const whole = wholeTables.find((name) => name === table);
  if (whole !== undefined) return state.snapshot.tables[whole];
  return Object.entries(state.eventDays.get(day)?.tables ?? {}).find(
    ([name]) => name === table,
  )?.[1] as ObjectRef;
}

/** A candidate that has another object for a table, of the second day where it is one by day. */
function replace(table: Audited, ref: ObjectRef): Candidate {
  const arrival = state.arrivals.get(day);
  const eventDay = state.eventDays.get(day);
  if (arrival === undefined || eventDay === undefined) throw new Error('three days are published');
  if (table === 'accepted' || table === 'quarantine') {
    const changed = table === 'accepted' ? { accepted: [ref] } : { quarantine: ref };
    return candidate({ arrivals: new Map(state.arrivals).set(day, { ...arrival, ...changed }) });
  }
  if (wholeTables.some((name) => name === table))
    return candidate({ tables: { ...state.snapshot.tables, [table]: ref } });
  const tables = { ...eventDay.tables, [table]: ref };
  return candidate({ eventDays: new Map(state.eventDays).set(day, { ...eventDay, tables }) });
}

/** Stores a table's rows once more as `sql` has them of `rows`, and tells the new object with the rows that it has. */
async function store(table: Audited, sql: string): Promise<ObjectRef> {
  const file = join(scratch, 'altered.parquet');
  const source = await cache.fetch(refOf(table));
  const rows = await withDuckDb(duckDb, async (connection) => {
    await connection.run(`CREATE TABLE rows AS FROM ${parquetSource([source])}`);
    const [copied] = await readRows(connection, `COPY (${sql}) TO ${quote(file)} (FORMAT parquet)`);
    return Number(copied?.['Count']);
  });
  return uploadFile(world.store, `store/altered/${table}-${sha256(sql)}.parquet`, file, rows);
}

/** SQL of the rows with values of one row changed, the first that `where` holds of. */
function alterOne(changes: Readonly<Record<string, string>>, where = 'true'): string {
  const first = `rowid = (SELECT min(rowid) FROM rows WHERE ${where})`;
  const values = Object.entries(changes).map(
    ([column, value]) => `CASE WHEN ${first} THEN ${value} ELSE ${column} END AS ${column}`,
  );
  return `SELECT * REPLACE (${values.join(', ')}) FROM rows`;
}

/** Changes that add 1 to each of the columns. */
const oneMore = (...columns: readonly string[]) =>
  Object.fromEntries(columns.map((column) => [column, `${column} + 1`]));
const oneCentMore = (...columns: readonly string[]) =>
  Object.fromEntries(columns.map((column) => [column, `${column} + 0.01`]));

describe('the audit', () => {
  it('finds nothing in what was published: not when all is new, nor when all is known, nor when nothing was touched', async () => {
    expect(state.arrivals.get(day)?.ledger.rejected).not.toEqual({});
    for (const changes of [{ base: null }, {}, { touched: new Set<Day>() }])
      expect(await audit(candidate(changes))).toEqual({ said: null, faults: [] });
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
      expect((await audit(shift(kind, path, by))).said).toMatch(
        /^AuditError: Nothing was committed, the ledgers do not meet: /,
      );
    }
  });

  it('fails when an arrival gave a row more, or one less, to an event day than came in', async () => {
    for (const by of [1, -1]) {
      expect((await audit(shift('arrivals', `acceptedByEventDay.${day}`, by))).said).toMatch(
        new RegExp(`arrivals accepted \\d+ rows for ${day}, \\d+ came in`),
      );
    }
  });
});

describe('an object that the snapshot before does not name', () => {
  const written: readonly Audited[] = ['player_days', 'players', 'accepted', 'quarantine'];

  it.each(written)(
    'is read back from the bucket: %s gone, cut off or with a byte flipped is found',
    async (table) => {
      const ref = refOf(table);
      const { body } = await world.store.read(ref.key);
      const bytes = await buffer(body);
      const key = `store/altered/${table}-bytes.parquet`;
      const audited = replace(table, { ...ref, key });
      await cache.fetch(ref);
      expect((await audit(audited)).said).toContain(`${key} is not there.`);
      const flipped = Buffer.from(bytes);
      flipped[100] = (flipped[100] ?? 0) ^ 1;
      await world.store.write(key, flipped);
      expect((await audit(audited)).said).toContain(
        `${key} has sha256 ${sha256(flipped)}, but the catalog says ${ref.sha256}`,
      );
      await world.store.write(key, bytes);
      expect((await audit(replace(table, { ...ref, key, bytes: ref.bytes + 1 }))).said).toContain(
        `${key} has ${ref.bytes} bytes, ${ref.bytes + 1} expected`,
      );
      expect((await audit(audited)).said).toBeNull();
    },
  );

  it.each([
    [
      'a column renamed',
      'players',
      'SELECT * RENAME (events AS evnts) FROM rows',
      /players: column \d+ is evnts BIGINT, events BIGINT expected/,
    ],
    [
      'another type',
      'player_days',
      'SELECT * REPLACE (events::INTEGER AS events) FROM rows',
      /player_days of [\d-]+: column 3 is events INTEGER, events BIGINT expected/,
    ],
    [
      'columns in another order',
      'sessions',
      'SELECT player_id, * EXCLUDE player_id FROM rows',
      /sessions of [\d-]+: column 1 is player_id VARCHAR, date DATE expected/,
    ],
    [
      'a column missing',
      'accepted',
      'SELECT * EXCLUDE achievement_id FROM rows',
      /accepted rows of arrival [\d-]+: column \d+ is not there, achievement_id VARCHAR expected/,
    ],
    [
      'a column more',
      'quarantine',
      "SELECT *, '' AS note FROM rows",
      /quarantine of arrival [\d-]+: column note VARCHAR is not of the table/,
    ],
  ] as const)('with %s is found', async (_, table, sql, message) => {
    expect((await audit(replace(table, await store(table, sql)))).said).toMatch(message);
  });

  it('with a row less than the catalog says is found', async () => {
    const ref = await store('hourly_activity', 'FROM rows LIMIT 23');
    const { said } = await audit(replace('hourly_activity', { ...ref, rows: 24 }));
    expect(said).toContain(`${ref.key} has 23 rows, 24 expected`);
  });
});

describe('an object that the snapshot before names', () => {
  it('has to be there in its size, if the run rests on it', async () => {
    const { key } = refOf('sessions');
    const bytes = await buffer((await world.store.read(key)).body);
    const touched = { touched: new Set([day]) };
    await world.store.write(key, bytes.subarray(1));
    expect((await audit(candidate(touched))).said).toContain(`sessions of ${day}: ${key} has`);
    await world.store.remove(key);
    expect((await audit(candidate(touched))).said).toContain(`sessions of ${day}: ${key} is not there.`);
    await world.store.write(key, bytes);
    expect((await audit(candidate(touched))).said).toBeNull();
  });
});

it('what is wrong with an object goes before what failed because of it', async () => {
  const key = 'store/altered/gone.parquet';
  const audited = { ...replace('sessions', { ...refOf('sessions'), key }), base: state };
  const stage = { log: pino({ level: 'silent' }), tell: () => {}, stopIfCancelled: () => {} };
  const making = readBackWhile({ cache }, stage, audited, () => Promise.reject(new Error('no sessions')));
  await expect(making).rejects.toThrow(
    `Nothing was committed, the bucket does not have what was written: sessions of ${day}: ${key} is not there.`,
  );
});

it('a day that was aggregated and has no events is not published', async () => {
  const strange = '2029-01-01' as Day;
  const stage = { log: pino({ level: 'silent' }), tell: () => {}, stopIfCancelled: () => {} };
  const request = {
    base: state.snapshot.id,
    arrivals: [],
    built: [],
    aggregated: [{ day: strange, tables: state.eventDays.get(day)?.tables }],
    removed: [],
    trigger: 'manual',
  };
  const publishing = publishBuild({ store: world.store } as never, stage as never, request as never);
  await expect(publishing).rejects.toThrow(`Nothing was committed: ${strange} was aggregated, but`);
});

describe('totals across tables', () => {
  const seen = new Set<string>();
  const isOf = (type: string) => `event_type = '${type}'`;

  it.each<readonly [Audited, string]>([
    ['accepted', alterOne({ event_day: 'event_day + 1' })],
    ['quarantine', alterOne({ reason: "'oversized'" })],
    ['events_cleaned', alterOne(oneCentMore('amount_base'), isOf('purchase'))],
    ['events_cleaned', alterOne(oneCentMore('revenue'), isOf('ad_watched'))],
    ['player_days', alterOne({ player_id: "'nobody'" })],
    ['player_days', alterOne(oneMore('events', 'level_start_events', 'purchases_unconverted'))],
    ['player_days', alterOne({ is_payer: 'NOT is_payer' })],
    ['player_levels', alterOne(oneMore('starts'))],
    ['player_levels', alterOne(oneMore('wins'))],
    ['player_levels', 'FROM rows WHERE starts = 0'],
    ['funnel_steps', 'FROM rows WHERE step <> 1'],
    ['sessions', alterOne(oneMore('events'))],
    ['sessions', 'FROM rows OFFSET 1'],
    ['hourly_activity', alterOne(oneMore('events', 'purchases', 'ads_watched'))],
    ['hourly_activity', alterOne(oneCentMore('revenue', 'ad_revenue'))],
    ['daily_metrics', alterOne(oneMore('dau', 'events', 'sessions', 'payers', 'new_players'))],
    ['daily_metrics', alterOne(oneCentMore('revenue', 'ad_revenue'))],
    [
      'daily_metrics',
      alterOne(oneMore('returning_players', 'resurrected_players'), 'dau > 0 AND new_players < dau'),
    ],
    ['daily_metrics', alterOne(oneMore('events_per_session'))],
    ['daily_metrics', alterOne({ retention_d1: '0.5', retention_d7: '0.5', retention_d30: '0.5' })],
    ['daily_metrics_by', "FROM rows WHERE dimension <> 'source'"],
    ...['purchase', 'ad_watched', 'achievement_unlocked'].map(
      (type) => ['event_type_daily', alterOne(oneMore('events'), isOf(type))] as const,
    ),
    ['event_type_daily', alterOne(oneMore('players'))],
    ['players', 'FROM rows OFFSET 1'],
    ['players', 'FROM rows UNION ALL (FROM rows LIMIT 1)'],
    ['players', alterOne(oneMore('active_days'))],
    ['players', alterOne(oneCentMore('revenue', 'ad_revenue'))],
    ['players', alterOne({ first_purchase_date: 'first_active_date' }, 'NOT is_payer')],
    ['retention_cohorts', alterOne(oneMore('cohort_size'), "kind = 'classic' AND day_n = 0")],
    ['retention_cohorts', alterOne(oneMore('retained'), "kind = 'classic' AND day_n = 0")],
    ['cohort_ltv', alterOne(oneMore('cohort_size'))],
    ['cohort_ltv', alterOne(oneCentMore('revenue', 'ad_revenue'), 'mature')],
    ['level_funnel', alterOne({ players_started: 'players_started + 1000' })],
    ['conversion_funnel', alterOne({ players: 'players + 1000' }, 'step = 1 AND players IS NOT NULL')],
  ])('%s as %s does not pass', async (table, sql) => {
    const { said, faults } = await audit(replace(table, await store(table, sql)));
    expect(said).toMatch(/^AuditError: Nothing was committed, totals do not agree: /);
    expect(said?.split('; ').length).toBe(Math.min(faults.length, 6));
    const named = faults.filter(
      (fault) => fault.startsWith(`${table}: `) || fault.includes(`, by ${table} `),
    );
    expect(named.length).toBeGreaterThan(0);
    for (const fault of faults) {
      const [, of, total, other] = /^(.+?): (\w+).* is \S+, by (.+) \S+$/.exec(fault) ?? [];
      seen.add(`${of} ${total} ${other}`);
    }
  });

  it('were all broken by one of these', () => {
    const all = agreements.flatMap(({ totals, sides: [one, other] }) =>
      totals.map((total) => `${one.of} ${total} ${other.of}`),
    );
    expect(all.filter((name) => !seen.has(name))).toEqual([]);
  });

  it('are told with the day and both numbers', async () => {
    const dau = state.eventDays.get(day)?.tables.player_days.rows ?? 0;
    const ref = await store('daily_metrics', alterOne(oneMore('dau'), `date = '${day}'`));
    expect((await audit(replace('daily_metrics', ref))).faults).toContain(
      `daily_metrics: dau of ${day} is ${dau + 1}, by player_days ${dau}`,
    );
  });
});
