import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { recordRestatements } from '../../src/activities/restatements.ts';
import { variableOf } from '../../src/config/key-paths.ts';
import { checkKeys } from '../../src/domain/checks.ts';
import type { Day } from '../../src/domain/day.ts';
import {
  type BackfillResult,
  type DayResult,
  dayWorkflowId,
  type Progress,
} from '../../src/domain/pipeline.ts';
import { startBackfill, startDay } from '../../src/operations/start-runs.ts';
import { queryTables } from '../../src/query/query-tables.ts';
import { type CatalogState, readCurrent, readSnapshot } from '../../src/storage/catalog.ts';
import { ObjectCache } from '../../src/storage/object-cache.ts';
import { describeProgress } from '../../src/workflows/details.ts';
import { runCommandLine } from '../support/command-line.ts';
import { makeEvent, toLines } from '../support/events.ts';
import { createWorld, type World } from '../support/world.ts';

const gateOff = Object.fromEntries(checkKeys.map((key) => [variableOf(`quality.${key}.severity`), 'off']));
const [first, second, third, fourth] = ['2026-03-01', '2026-03-02', '2026-03-03', '2026-03-04'] as [
  Day,
  Day,
  Day,
  Day,
];
let world: World;
let scratch: string;
let cache: ObjectCache;

beforeAll(async () => {
  world = await createWorld('restatements', gateOff);
  scratch = await mkdtemp(join(tmpdir(), 'questline-restatements-'));
  cache = new ObjectCache(join(scratch, 'objects'), world.store);
  await world.startWorker();
});
afterAll(async () => {
  await world.close();
  await rm(scratch, { recursive: true, force: true });
});

let events = 0;

/** Lands an object of an arrival day: each event as `player time type`, with properties behind it, if it has some. */
async function land(arrival: Day, file: string, ...lines: readonly string[]): Promise<void> {
  const made = lines.map((line) => {
    const [, player_id, timestamp, event_type, properties = '{}'] =
      /^(\S+) (\S+) (\S+)(?: (.+))?$/.exec(line) ?? [];
    events += 1;
    return makeEvent({
      event_id: `e-${events}`,
      player_id,
      timestamp,
      event_type,
      properties: JSON.parse(properties),
    });
  });
  await world.store.write(`raw/dt=${arrival}/${file}.ndjson`, toLines(made));
}

async function publish(day: Day): Promise<NonNullable<DayResult['published']>> {
  const result = (await (await startDay(world.client, world.config, { day })).result()) as DayResult;
  return result.published as NonNullable<DayResult['published']>;
}

async function readState(): Promise<CatalogState> {
  return (await readCurrent(world.store)).state as CatalogState;
}

/** What the newest commit restated, a line each value. */
async function restated(where = 'true'): Promise<string[]> {
  const { snapshot } = await readState();
  const { rows } = await queryTables(
    world.store,
    cache,
    `SELECT concat_ws(' ', table_name, day, key, metric, before, '→', coalesce(after, 'gone'), if(sessions_open, 'open', NULL))
      FROM restatements WHERE snapshot = '${snapshot.id}' AND ${where} ORDER BY ALL`,
  );
  return rows.map(([line]) => String(line));
}

const unknown = ['country', 'platform', 'segment', 'source'].map((name) => `"${name}","value":null`);

/** The lines of some metrics of all that Anna is, who is alone on the day. */
function byDimension(day: Day, metrics: readonly string[]): string[] {
  const values = [
    '"acquisition_week","value":"2026-02-23"',
    '"country","value":"DE"',
    '"platform","value":"ios"',
    '"segment","value":null',
    '"source","value":null',
  ];
  return values.flatMap((of) =>
    metrics.map((metric) => `daily_metrics_by ${day} {"date":"${day}","dimension":${of}} ${metric}`),
  );
}

it('a first publish restates nothing', async () => {
  const session = (player: string, day: Day) => [
    `${player} ${day}T10:00:00Z session_start {"session_id":"s","country":"DE","platform":"ios"}`,
    `${player} ${day}T10:10:00Z session_end {"session_id":"s"}`,
  ];
  await land(first, 'a', ...session('anna', first), `anna ${first}T23:50:00Z level_start {"level":1}`);
  await land(second, 'a', ...session('anna', second));
  const handle = await startBackfill(world.client, world.config, { from: first, to: first });
  expect(((await handle.result()) as BackfillResult).days).toMatchObject([{ state: 'published' }]);
  const { snapshot } = await readState();
  expect([snapshot.restatements, snapshot.cause]).toEqual([null, [first]]);
});

it('the next day closes what was open, and a session that goes on after midnight is restated as such', async () => {
  await land(second, 'b', `anna ${second}T00:05:00Z level_complete {"level":1,"success":true}`);
  expect(await publish(second)).toMatchObject({ outcome: 'committed', restated: { values: 24, days: 1 } });
  const metrics = [
    'events_per_session 1.5 → 2.0 open',
    'session_length_mean 300.0 → 750.0 open',
    'session_length_p50 300.0 → 750.0 open',
    'session_length_p90 540.0 → 870.0 open',
  ];
  expect(await restated()).toEqual([
    ...metrics.map((metric) => `daily_metrics ${first} {"date":"${first}"} ${metric}`),
    ...byDimension(first, metrics),
  ]);
});

it('a run that finds nothing new restates nothing', async () => {
  const before = (await readState()).snapshot.id;
  expect(await publish(second)).toMatchObject({ outcome: 'unchanged', restated: null });
  expect((await readState()).snapshot.id).toBe(before);
});

it('a late event restates exactly what follows from it', async () => {
  await land(second, 'late', `anna ${first}T10:05:00Z purchase {"amount":4.99}`);
  expect(await publish(second)).toMatchObject({ outcome: 'committed', restated: { values: 60, days: 2 } });
  const ltv = [
    'ltv 0.0 → 4.99',
    'ltv_iap 0.0 → 4.99',
    'paid_share 0.0 → 1.0',
    'payers 0 → 1',
    'revenue 0.0000 → 4.9900',
  ];
  const metrics = [
    'arpdau 0.0 → 4.99',
    'arpdau_iap 0.0 → 4.99',
    'conversion_rate 0.0 → 1.0',
    'events 3 → 4',
    'events_per_session 2.0 → 2.5',
    'payers 0 → 1',
    'revenue 0.0000 → 4.9900',
  ];
  const ofDay = [...metrics, 'arpu_total 0.0 → 4.99'].sort();
  expect(await restated()).toEqual([
    ...[0, 1].flatMap((n) =>
      ltv.map((metric) => `cohort_ltv ${first} {"cohort_date":"${first}","day_n":${n}} ${metric}`),
    ),
    ...ofDay.map((metric) => `daily_metrics ${first} {"date":"${first}"} ${metric}`),
    `daily_metrics ${second} {"date":"${second}"} arpu_total 0.0 → 4.99`,
    ...byDimension(first, metrics),
    `event_type_daily ${first} {"date":"${first}","event_type":"purchase"} adoption_rate 0.0 → 1.0`,
    `event_type_daily ${first} {"date":"${first}","event_type":"purchase"} events 0 → 1`,
    `event_type_daily ${first} {"date":"${first}","event_type":"purchase"} players 0 → 1`,
    `hourly_activity ${first} {"date":"${first}","hour":10} events 2 → 3`,
    `hourly_activity ${first} {"date":"${first}","hour":10} purchases 0 → 1`,
    `hourly_activity ${first} {"date":"${first}","hour":10} revenue 0.0000 → 4.9900`,
  ]);
  expect((await readState()).snapshot.cause).toEqual([second]);
});

it('a run tells how much its commit restated, and where to see it', async () => {
  const progress = await world.client.workflow.getHandle(dayWorkflowId(second)).query<Progress>('progress');
  expect(describeProgress(progress)).toContain(
    'restated: 60 values of 2 days: `npx questline status --restatements`',
  );
});

it('the command line shows what was restated, the newest commit first, and how to see the rest', async () => {
  const { stdout, stderr } = await runCommandLine(['status', '--restatements', '--limit', '7'], world.env);
  expect(stdout).toMatch(/Z {2}00000003-\w+ {2}60 values of 2 days, by 1 arrival \(2026-03-02\)\nrun http/);
  expect(stdout).toMatch(/2026-03-02 +daily_metrics +arpu_total +0\.0 +4\.99 *\n/);
  expect(stdout).toMatch(/2026-03-01 +cohort_ltv +day_n 0 +revenue +0\.0000 +4\.9900 *\n/);
  expect(stderr).toContain('77 more values of 2 commits: --limit 70 shows more, --json all;');
  const json = await runCommandLine(['status', '--restatements', '--json', '--to', first], world.env);
  const { commits } = JSON.parse(json.stdout);
  expect(commits).toMatchObject([
    { arrivals: [second], values: 59, days: 1, link: expect.stringContaining('questline-day-2026-03-02') },
    { arrivals: [second], values: 24, days: 1 },
  ]);
  expect(commits[1].restatements).toHaveLength(24);
  expect(commits[1].restatements[0]).toEqual({
    day: first,
    table: 'daily_metrics',
    key: { date: first },
    metric: 'events_per_session',
    before: '1.5',
    after: '2.0',
    sessionsOpen: true,
  });
  const later = await runCommandLine(['status', '--restatements', '--from', third], world.env);
  expect(later.stderr).toBe('No value of a complete day was changed by a later publish.\n');
});

it('the same two states make the same bytes', async () => {
  const { snapshot, ...after } = await readState();
  const base = await readSnapshot(world.store, snapshot.parent ?? '');
  const candidate = { base, ...after, tables: snapshot.tables, touched: new Set<Day>() };
  const deps = { store: world.store, cache, duckDb: { threads: 2, memoryMb: 512 }, scratchRoot: scratch };
  expect((await recordRestatements(deps, candidate))?.ref).toEqual(snapshot.restatements);
});

it('mending a gap restates what rested on whole lives: a cohort that is of another day is gone', async () => {
  const level = (player: string, day: Day) => `${player} ${day}T09:00:00Z level_start {"level":1}`;
  await land(fourth, 'a', level('anna', fourth), level('ben', fourth));
  await publish(fourth);
  await land(third, 'a', level('ben', third));
  expect(await publish(third)).toMatchObject({ restated: { values: 16, days: 1 } });
  expect(await restated("metric IN ('new_players', 'cohort_size')")).toEqual([
    `cohort_ltv ${fourth} {"cohort_date":"${fourth}","day_n":0} cohort_size 1 → gone`,
    `daily_metrics ${fourth} {"date":"${fourth}"} new_players 1 → 0`,
    ...['"acquisition_week","value":"2026-03-02"', ...unknown].map(
      (of) => `daily_metrics_by ${fourth} {"date":"${fourth}","dimension":${of}} new_players 1 → 0`,
    ),
    `retention_cohorts ${fourth} {"cohort_date":"${fourth}","kind":"classic","day_n":0,"day_from":0} cohort_size 1 → gone`,
  ]);
});

it('a rollback restates as well, by no run', async () => {
  const back = ['rollback', '--to', '00000002', '--by', 'ann', '--why', 'test'];
  expect((await runCommandLine(back, world.env)).code).toBe(0);
  expect(
    await restated(`table_name = 'hourly_activity' AND metric = 'revenue' AND day = '${first}'`),
  ).toEqual([`hourly_activity ${first} {"date":"${first}","hour":10} revenue 4.9900 → 0.0000`]);
  const { stdout } = await runCommandLine(['status', '--restatements', '--limit', '1'], world.env);
  expect(stdout).toMatch(/^\S+ {2}00000006-\w+ {2}\d+ values of \d days, by a rollback\n/);
});
