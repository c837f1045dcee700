import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Answer, Written } from '../../src/dashboard/api/routes.ts';
import { type Dashboard, startDashboard } from '../../src/dashboard/server/start-dashboard.ts';
import { parseDay } from '../../src/domain/day.ts';
import { dayWorkflowId } from '../../src/domain/pipeline.ts';
import { startDay } from '../../src/operations/start-runs.ts';
import { queryTables } from '../../src/query/query-tables.ts';
import { readCurrent } from '../../src/storage/catalog.ts';
import { keys } from '../../src/storage/keys.ts';
import { ObjectCache } from '../../src/storage/object-cache.ts';
import { landObject, makeGoodDay } from '../support/good-day.ts';
import { createWorld, type World } from '../support/world.ts';

type Line = Answer<'quarantine'>['lines'][number];

const token = 'a-write-token-of-the-tests';
const day = parseDay('2031-01-27');
let world: World;
let scratch: string;
let cache: ObjectCache;
let dashboard: Dashboard;
let line: Line;

beforeAll(async () => {
  world = await createWorld('dashboard-replay', { QUESTLINE_DASHBOARD_WRITE_TOKEN: token });
  scratch = await mkdtemp(join(tmpdir(), 'questline-dashboard-replay-'));
  cache = new ObjectCache(scratch, world.store);
  await world.startWorker();
  const event = { event_type: 'purchase', properties: { amount: '4.990', sku: 'a\u{202e}b' } };
  await landObject(world.store, day, 'a', makeGoodDay(day, 'a', event));
  await (await startDay(world.client, world.config, { day })).result();
  const { config, endpoints } = world;
  dashboard = await startDashboard({
    config,
    endpoints,
    cache,
    logger: pino({ level: 'silent' }),
    page: scratch,
    port: 0,
  });
  const response = await fetch(`${dashboard.url}/api/days/${day}/quarantine?reason=wrong_type`);
  [line] = ((await response.json()) as Answer<'quarantine'>).lines as [Line];
});
afterAll(async () => {
  await dashboard.stop();
  await world.close();
  await rm(scratch, { recursive: true, force: true });
});

const mended = (raw: string, { object, line: number, offset }: Line = line) =>
  JSON.stringify({ from: { object, line: number, offset }, raw });

const right = () => mended(line.raw.replace('"4.990"', '4.990'));

async function replay(
  body: object,
  headers: Record<string, string> = { authorization: `Bearer ${token}` },
): Promise<{ readonly status: number; readonly body: Written<'replay'> & { readonly error?: string } }> {
  const response = await fetch(`${dashboard.url}/api/days/${day}/replay`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as never };
}

async function objectsOf(): Promise<string[]> {
  const found: string[] = [];
  for await (const { key } of world.store.list(keys.rawDay(day))) found.push(key);
  return found;
}

async function amounts(): Promise<unknown[]> {
  const sql = "SELECT amount::VARCHAR FROM events_cleaned WHERE event_type = 'purchase'";
  return (await queryTables(world.store, cache, sql)).rows.map(([amount]) => amount);
}

it('without the write token nothing is tried or landed', async () => {
  expect((await replay({ lines: [right()], dryRun: true }, {})).status).toBe(401);
  expect((await replay({ lines: [right()] }, { authorization: 'Bearer wrong' })).status).toBe(401);
  expect(await objectsOf()).toHaveLength(1);
});

it('a dry run tells what would become of each line, and lands nothing', async () => {
  const good = await replay({ lines: [right()], dryRun: true });
  expect(good.status).toBe(200);
  expect(good.body).toMatchObject({ state: 'dry run', mended: 1, unchanged: 0, run: null });
  expect(good.body.outcomes).toEqual([
    { at: 1, object: line.object, line: line.line, outcome: 'accepted', reason: null, detail: null },
  ]);
  const bad = await replay({ lines: [mended(line.raw.replace('"4.990"', '-4.990'))], dryRun: true });
  expect(bad.body.outcomes).toMatchObject([{ outcome: 'rejected', reason: 'out_of_range' }]);
  expect(bad.body.outcomes[0]?.detail).toContain('amount');
  expect(await objectsOf()).toHaveLength(1);
  expect(await amounts()).toEqual([]);
});

it.each([
  ['what is no entry', () => ['{"event":{}}'], 400, 'there is no "from"'],
  [
    'a place that nothing was rejected at',
    () => [mended('{}', { ...line, line: 1, offset: 0 })],
    400,
    'rejected',
  ],
  [
    'another object',
    () => [mended('{}', { ...line, object: 'raw/dt=2031-01-27/b.ndjson' })],
    400,
    'not of an object',
  ],
  ['a line that says what it said', () => [mended(line.raw)], 409, 'Nothing is mended'],
  ['no line', () => [], 400, 'lines'],
  [
    'more than a request may hold',
    () => [mended('x'.repeat(70_000))],
    413,
    'npx questline quarantine replay',
  ],
])('%s is refused, and nothing is landed', async (_, lines, status, why) => {
  const refused = await replay({ lines: lines() });
  expect([refused.status, refused.body.error]).toEqual([status, expect.stringContaining(why)]);
  expect(await objectsOf()).toHaveLength(1);
});

it('a replay lands the line and runs the day; the same one again is the same object', async () => {
  const first = await replay({ lines: [right()] });
  expect(first.body).toMatchObject({ state: 'landed', run: { workflowId: dayWorkflowId(day) } });
  await world.client.workflow.getHandle(dayWorkflowId(day)).result();
  expect(await amounts()).toEqual(['4.9900']);
  expect(await objectsOf()).toEqual(expect.arrayContaining([first.body.object]));
  const { state } = await readCurrent(world.store);
  expect(state?.arrivals.get(day)?.ledger).toMatchObject({ superseded: 1, rejected: {} });
  const again = await replay({ lines: [right()] });
  expect(again.body).toMatchObject({ state: 'there already', object: first.body.object });
  await world.client.workflow.getHandle(dayWorkflowId(day)).result();
  expect(await objectsOf()).toHaveLength(2);
  expect(await amounts()).toEqual(['4.9900']);
});
