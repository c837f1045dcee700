import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Day, parseDay } from '../../src/domain/day.ts';
import type { Hold } from '../../src/domain/decision.ts';
import { imbalanceOfArrival, sum } from '../../src/domain/ledger.ts';
import { type DayResult, messages } from '../../src/domain/pipeline.ts';
import { startDay } from '../../src/operations/start-runs.ts';
import { queryTables } from '../../src/query/query-tables.ts';
import { readCurrent } from '../../src/storage/catalog.ts';
import { keys } from '../../src/storage/keys.ts';
import { landReplay, noteReplay, packReplay } from '../../src/storage/land-replay.ts';
import { ObjectCache } from '../../src/storage/object-cache.ts';
import { type CommandResult, runCommand } from '../support/command.ts';
import { runCommandLine } from '../support/command-line.ts';
import { makeEvent, toLines } from '../support/events.ts';
import { createWorld, type World } from '../support/world.ts';

const day = parseDay('2026-01-05');
const heldDay = parseDay('2026-02-05');
const widenedDay = parseDay('2026-03-05');
const racedDay = parseDay('2026-04-05');
const settings = {
  QUESTLINE_PIPELINE_MAX_LINE_BYTES: '2000',
  QUESTLINE_QUALITY_MINIMUM_EVENTS_THRESHOLD: '20',
  QUESTLINE_QUALITY_MINIMUM_EVENTS_ACTION: 'hold',
  QUESTLINE_QUALITY_REQUIRED_TYPES_TYPES: '',
  QUESTLINE_QUALITY_NULL_SHARE_SEVERITY: 'warn',
  QUESTLINE_QUALITY_FUTURE_EVENTS_SEVERITY: 'warn',
  QUESTLINE_QUALITY_SCHEMA_DRIFT_SEVERITY: 'warn',
};
let world: World;
let folder: string;
let cache: ObjectCache;

/** An entry of a file of mended lines, as it was taken out. */
interface Taken {
  readonly from: { readonly object: string; readonly line: number; readonly offset: number };
  readonly reason: string;
  readonly raw?: string;
  readonly raw_base64?: string;
}

interface Replayed {
  readonly replay: {
    readonly object: string;
    readonly mended: number;
    readonly unchanged: number;
    readonly rejectedAgain: number;
    readonly state: string;
  };
  readonly snapshot: string;
  readonly days: readonly { readonly state: string; readonly accepted: number; readonly rejected: number }[];
}

beforeAll(async () => {
  world = await createWorld('quarantine', settings);
  folder = await mkdtemp(join(tmpdir(), 'questline-quarantine-'));
  cache = new ObjectCache(join(folder, 'objects'), world.store);
  await world.startWorker();
});
afterAll(async () => {
  await world.close();
  await rm(folder, { recursive: true, force: true });
});

const quarantine = (...args: readonly string[]): Promise<CommandResult> =>
  runCommandLine(['quarantine', ...args], world.env);

async function land(of: Day, file: string, body: Buffer): Promise<void> {
  await world.store.write(keys.rawObject(of, file), body);
}

async function run(of: Day): Promise<DayResult> {
  return (await (await startDay(world.client, world.config, { day: of })).result()) as DayResult;
}

async function takeOut(of: Day, ...args: readonly string[]): Promise<string[]> {
  const { code, stdout, stderr } = await quarantine('show', of, '--format', 'ndjson', ...args);
  expect([code, stderr]).toEqual([0, expect.stringContaining('Edit "event"')]);
  return stdout.trimEnd().split('\n');
}

async function write(name: string, lines: readonly string[]): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, lines.map((line) => `${line}\n`).join(''));
  return path;
}

async function replay(of: Day, path: string, ...args: readonly string[]): Promise<Replayed> {
  const { code, stdout, stderr } = await quarantine('replay', of, '--edited', path, '--json', ...args);
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout) as Replayed;
}

async function idsOf(of: Day): Promise<string[]> {
  const sql = `SELECT event_id FROM events_cleaned WHERE arrival_day = '${of}' ORDER BY 1`;
  return (await queryTables(world.store, cache, sql)).rows.map(([id]) => String(id));
}

async function ledgerOf(of: Day) {
  const { state } = await readCurrent(world.store);
  const ledger = state?.arrivals.get(of)?.ledger;
  if (ledger === undefined) throw new Error(`${of} is not published`);
  expect(imbalanceOfArrival(ledger)).toBe(0);
  const cameIn = sum([...(state?.eventDays.values() ?? [])].map((eventDay) => eventDay.ledger.cameIn));
  expect(cameIn).toBe(sum([...(state?.arrivals.values() ?? [])].map((arrival) => arrival.ledger.accepted)));
  return ledger;
}

const pointer = async () => (await readCurrent(world.store)).etag;

/** Events of a level that only their ids tell apart. */
const good = (count: number, of: Day = day) =>
  Array.from({ length: count }, (_, n) =>
    makeEvent({ event_id: `good-${n + 1}`, timestamp: `${of}T10:00:00Z` }),
  );

const bad = (id: string, parts: Readonly<Record<string, unknown>>) =>
  JSON.stringify(makeEvent({ event_id: id, ...parts }));

describe('a day with lines of every reason', () => {
  const aName = 'a.ndjson';
  const csvName = 'b.csv.gz';
  const longName = 'c.ndjson.gz';
  const idsBefore: string[] = [];
  let taken: string[];
  let mendedFile: string;
  let first: Replayed;

  const find = (reason: string, object = aName): string => {
    const found = taken.find((text) => {
      const entry = JSON.parse(text) as Taken;
      return entry.reason === reason && entry.from.object === keys.rawObject(day, object);
    });
    if (found === undefined) throw new Error(`there is no ${reason} in ${object}`);
    return found;
  };

  beforeAll(async () => {
    const lines = [
      'ERROR connection reset by peer',
      '{"event_id":"mended-encoding","player_id":"M\xfcller","event_type":"level_start","timestamp":"2026-01-05T10:00:00Z","properties":{"level":3}}',
      bad('mended-amount', { event_type: 'purchase', properties: { amount: '4.990' } }),
      bad('mended-player', { player_id: null }),
      bad('still-unknown', { event_type: 'chat' }),
      '{"event_id":"left-negative","player_id":"p-1","event_type":"purchase","timestamp":"2026-01-05T10:00:00Z","properties":{"amount":-4.990}}',
      bad('left-future', { timestamp: '2027-01-01T00:00:00Z' }),
      bad('left-late', { timestamp: '2020-01-01T00:00:00Z' }),
      bad('left-long', { note: 'x'.repeat(3000) }),
    ];
    await land(
      day,
      aName,
      Buffer.concat([toLines(good(30)), Buffer.from(`${lines.join('\n')}\n`, 'latin1')]),
    );
    const header = 'timestamp,event_id,player_id,event_type,properties';
    const rows = [
      header,
      '2026-01-05T10:00:00Z,csv-good,p-1,level_start,"{""level"":1}"',
      '2026-01-05T10:00:00Z,mended-csv,p-1,purchase,"{""amount"":""9.5"", ""sku"": 9007199254740993}"',
      'cut,off',
    ];
    await land(day, csvName, gzipSync(rows.join('\r\n')));
    await land(
      day,
      longName,
      gzipSync(toLines([makeEvent({ event_id: 'left-huge', note: 'x'.repeat(17_000_000) })])),
    );
    await run(day);
    idsBefore.push(...(await idsOf(day)));
  });

  it('is listed by reason and object, with what to do', async () => {
    const { code, stdout, stderr } = await quarantine('list', day);
    expect(code).toBe(0);
    expect(stdout).toContain('43 lines = 31 accepted + 12 rejected');
    expect(stdout).toMatch(
      /bad_encoding\s+1\s+a\.ndjson\s+32\s+the bytes are not UTF-8\s+\{"event_id":"mended-encoding","player_id":"M�ller/,
    );
    expect(stderr).toContain(`npx questline quarantine replay ${day} --edited mend.ndjson`);
    const listed = JSON.parse((await quarantine('list', day, '--json')).stdout) as {
      groups: { reason: string; object: string; lines: number }[];
    };
    expect(listed.groups.map(({ reason, object, lines }) => [reason, object.slice(18), lines])).toEqual([
      ['bad_encoding', aName, 1],
      ['oversized', aName, 1],
      ['oversized', longName, 1],
      ['malformed', aName, 1],
      ['malformed', csvName, 1],
      ['missing_field', aName, 1],
      ['wrong_type', aName, 1],
      ['wrong_type', csvName, 1],
      ['unknown_type', aName, 1],
      ['out_of_range', aName, 1],
      ['future', aName, 1],
      ['too_late', aName, 1],
    ]);
    const one = await quarantine('list', day, '--reason', 'future');
    expect(one.stdout.match(/a\.ndjson/g)).toHaveLength(1);
    const range = await quarantine('list', '--from', '2026-01-01', '--to', '2026-01-31');
    expect(range.stdout).toMatch(/2026-01-05\s+43\s+12\s+0\s+malformed 2, oversized 2, wrong_type 2/);
  });

  it('is shown line by line, with place, detail and text', async () => {
    const { stdout } = await quarantine('show', day, '--reason', 'wrong_type');
    expect(stdout).toMatch(
      /a\.ndjson\s+33\s+\d+\s+wrong_type\s+properties\.amount is .*4\.990.*expected a number.*"mended-amount"/,
    );
    const json = JSON.parse((await quarantine('show', day, '--object', csvName, '--json')).stdout) as {
      line: number;
      raw: string;
    }[];
    expect(json.map(({ line, raw }) => [line, raw])).toEqual([
      [3, '2026-01-05T10:00:00Z,mended-csv,p-1,purchase,"{""amount"":""9.5"", ""sku"": 9007199254740993}"'],
      [4, 'cut,off'],
    ]);
    const short = await quarantine('show', day, '--limit', '2');
    expect(short.stdout.trim().split('\n')).toHaveLength(4);
    expect(short.stderr).toContain('There are more');
    const long = await quarantine('show', day, '--object', longName);
    expect(long.stdout).toContain('bytes; the beginning is kept');
  });

  it('is taken out, each line once, with the bytes of the raw data at its place', async () => {
    const args = ['quarantine', 'show', day, '--format', 'ndjson'];
    taken = (await runCommand(args, world.env)).stdout.trimEnd().split('\n');
    expect(taken).toHaveLength(12);
    const whole = await buffer((await world.store.read(keys.rawObject(day, aName))).body);
    for (const text of taken) {
      const { from, raw, raw_base64: base64 } = JSON.parse(text) as Taken;
      if (from.object !== keys.rawObject(day, aName)) continue;
      const line = whole.subarray(from.offset, whole.indexOf('\n', from.offset));
      if (base64 !== undefined) expect(Buffer.from(base64, 'base64')).toEqual(line);
      else if (raw !== undefined) expect(Buffer.from(raw)).toEqual(line);
      else expect(text.endsWith(`"event":${line.toString('utf8')}}`)).toBe(true);
    }
    expect(find('wrong_type', csvName)).toContain('"properties":{"amount":"9.5", "sku": 9007199254740993}}');
    expect(JSON.parse(find('oversized', longName))).toMatchObject({ incomplete: true });
  });

  it('a dry run tells what each mended line would become, and lands nothing', async () => {
    const event = JSON.stringify(makeEvent({ event_id: 'mended-malformed' }));
    mendedFile = await write('mend.ndjson', [
      find('unknown_type').replace('"chat"', '"chatter"'),
      find('malformed').replace(/}$/, `,"event":${event}}`),
      find('bad_encoding').replace('�', 'ü'),
      find('wrong_type').replace('"4.990"', '4.990'),
      find('missing_field').replace('"player_id":null', '"player_id":"p-9"'),
      find('wrong_type', csvName).replace('"9.5"', '9.5'),
      find('out_of_range'),
      find('oversized', longName),
    ]);
    const before = await pointer();
    const { code, stdout, stderr } = await quarantine('replay', day, '--edited', mendedFile, '--dry-run');
    expect([code, stderr]).toEqual([0, expect.stringContaining('2 lines.')]);
    expect(stdout.match(/ accepted/g)).toHaveLength(5);
    expect(stdout).toMatch(/1\s+raw\/dt=2026-01-05\/a\.ndjson:35\s+rejected: unknown_type/);
    expect(await pointer()).toBe(before);
    const objects: string[] = [];
    for await (const { key } of world.store.list(keys.rawDay(day))) objects.push(key);
    expect(objects).toHaveLength(3);
  });

  it('a replay that was cut off after its first half counts for nothing', async () => {
    const lines = [{ object: keys.rawObject(day, aName), line: 31, bytes: Buffer.from('{}') }];
    await noteReplay(world.store, packReplay(day, lines));
    const before = await pointer();
    expect((await run(day)).published).toMatchObject({ outcome: 'unchanged' });
    expect(await pointer()).toBe(before);
  });

  it('comes back with exactly the mended rows', async () => {
    first = await replay(day, mendedFile);
    expect(first.replay).toMatchObject({ mended: 6, unchanged: 2, rejectedAgain: 1, state: 'landed' });
    expect(first.days).toMatchObject([{ state: 'published', accepted: 36, rejected: 7 }]);
    const added = (await idsOf(day)).filter((id) => !idsBefore.includes(id));
    expect(added).toEqual([
      'mended-amount',
      'mended-csv',
      'mended-encoding',
      'mended-malformed',
      'mended-player',
    ]);
    expect(await idsOf(day)).toHaveLength(idsBefore.length + 5);
    expect(await ledgerOf(day)).toMatchObject({ lines: 49, accepted: 36, superseded: 6 });
    const paid =
      "SELECT event_id, amount::VARCHAR FROM events_cleaned WHERE event_type = 'purchase' ORDER BY 1";
    expect((await queryTables(world.store, cache, paid)).rows).toEqual([
      ['mended-amount', '4.9900'],
      ['mended-csv', '9.5000'],
    ]);
  });

  it('lands the lines as they were written, in the order of their places', async () => {
    const landed = (await buffer((await world.store.read(first.replay.object)).body)).toString('utf8');
    const lines = landed.trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { event_id: string }).event_id)).toEqual([
      'mended-malformed',
      'mended-encoding',
      'mended-amount',
      'mended-player',
      'still-unknown',
      'mended-csv',
    ]);
    expect(landed).toContain('"amount":4.990');
    expect(landed).toContain('"sku": 9007199254740993');
    expect(landed).toContain('"player_id":"Müller"');
  });

  it('is the same after a second replay of the same file', async () => {
    const before = await pointer();
    const again = await replay(day, mendedFile);
    expect(again.replay).toEqual({ ...first.replay, state: 'there already' });
    expect(again.snapshot).toBe(first.snapshot);
    expect(await pointer()).toBe(before);
    const { stderr } = await quarantine('replay', day, '--edited', mendedFile, '--dry-run');
    expect(stderr).toContain(`landed before, as ${first.replay.object}`);
  });

  it('refuses other versions of lines that were mended before', async () => {
    const other = await write('other.ndjson', [find('wrong_type').replace('"4.990"', '5')]);
    const { code, stderr } = await quarantine('replay', day, '--edited', other);
    expect(code).toBe(1);
    expect(stderr).toContain(
      `line 1: raw/dt=2026-01-05/a.ndjson:33 was mended before (replaced by ${first.replay.object})`,
    );
  });

  it('shows what is superseded, and does not take it out again', async () => {
    const { stdout } = await quarantine('list', day);
    expect(stdout).toContain('+ 7 rejected');
    expect(stdout).toContain('+ 6 superseded');
    expect(await takeOut(day)).toHaveLength(7);
    const shown = await quarantine('show', day, '--reason', 'superseded');
    expect(shown.stdout.match(/replaced by/g)).toHaveLength(6);
    expect((await quarantine('show', day, '--reason', 'superseded', '--format', 'ndjson')).code).toBe(2);
  });

  it('takes a mended line that was rejected again, mended again', async () => {
    const [again = ''] = await takeOut(day, '--object', first.replay.object);
    expect(JSON.parse(again)).toMatchObject({ from: { line: 5 }, reason: 'unknown_type' });
    const file = await write('again.ndjson', [again.replace('"chatter"', '"level_start"')]);
    const second = await replay(day, file);
    expect(second.replay).toMatchObject({ mended: 1, rejectedAgain: 0 });
    expect(await idsOf(day)).toContain('still-unknown');
    expect(await ledgerOf(day)).toMatchObject({ lines: 50, accepted: 37, superseded: 7 });
  });

  it('goes on with a replay that landed before it was cut off', async () => {
    const file = await write('late.ndjson', [
      find('out_of_range').replace('"amount":-4.990', '"amount":4.990'),
    ]);
    const dry = JSON.parse(
      (await quarantine('replay', day, '--edited', file, '--dry-run', '--json')).stdout,
    ) as Replayed;
    const line = (JSON.parse(find('out_of_range')) as Taken).from;
    const bytes = Buffer.from(/"event":(.*)}$/.exec((await readFile(file, 'utf8')).trimEnd())?.[1] ?? '');
    const packed = packReplay(day, [{ ...line, bytes }]);
    expect(packed.object).toBe(dry.replay.object);
    await noteReplay(world.store, packed);
    await world.store.write(packed.object, packed.body);
    const unread = await quarantine('list', day);
    expect([unread.code, unread.stderr]).toEqual([1, expect.stringContaining(`npx questline run ${day}`)]);
    const third = await replay(day, file);
    expect(third.replay).toMatchObject({ state: 'there already', object: packed.object });
    expect(await idsOf(day)).toContain('left-negative');
    expect(await ledgerOf(day)).toMatchObject({ accepted: 38, superseded: 8 });
  });

  it.each([
    ['is empty', [], /has no lines/],
    ['has only blank lines', ['', ' '], /has no lines/],
    ['holds events', ['{"event_id":"e-1"}'], /line 1: there is no "from"/],
    ['is not JSON', ['{"from":', 'x'], /line 1: not JSON.*\n {2}line 2: not JSON/],
    [
      'is of another day',
      ['{"from":{"object":"raw/dt=2026-01-06/a.ndjson","line":1},"event":{}}'],
      /belongs to 2026-01-06, not to 2026-01-05/,
    ],
    [
      'names an object that there is not',
      ['{"from":{"object":"raw/dt=2026-01-05/zz.ndjson","line":1},"event":{}}'],
      /not of an object of 2026-01-05/,
    ],
    [
      'names a line twice',
      ['{"from":{"object":"x","line":1},"event":{}}', '{"from":{"object":"x","line":1},"event":{}}'],
      /line 2: x:1 stands on line 1 already/,
    ],
    [
      'names lines that are accepted',
      ['{"from":{"object":"raw/dt=2026-01-05/a.ndjson","line":1},"event":{}}'],
      /No line that .* names is rejected on 2026-01-05 any more.*npx questline run 2026-01-05/,
    ],
  ])('refuses a file that %s', async (name, lines, message) => {
    const file = await write(`${name}.ndjson`, lines);
    const { code, stdout, stderr } = await quarantine('replay', day, '--edited', file);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain('    at ');
  });

  it('refuses what is not changed, was moved, or is not UTF-8', async () => {
    const before = await pointer();
    const unchanged = await write('unchanged.ndjson', [find('future'), find('too_late')]);
    const same = await quarantine('replay', day, '--edited', unchanged);
    expect([same.code, same.stderr]).toEqual([1, expect.stringContaining('Nothing is mended in')]);
    const moved = await write('moved.ndjson', [
      find('future')
        .replace(/"offset":\d+/, '"offset":7')
        .replace('2027', '2026'),
    ]);
    expect((await quarantine('replay', day, '--edited', moved)).stderr).toMatch(/begins at byte \d+, not 7/);
    const wide = join(folder, 'wide.ndjson');
    await writeFile(wide, Buffer.from(`\u{feff}${find('future')}`, 'utf16le'));
    expect((await quarantine('replay', day, '--edited', wide)).stderr).toContain(
      'is UTF-16. Save it as UTF-8.',
    );
    expect((await quarantine('replay', day, '--edited', join(folder, 'nowhere'))).stderr).toContain(
      "can't be read: ENOENT",
    );
    expect(await pointer()).toBe(before);
  });
});

it('a day on hold looks at its raw data again when mended lines land, and is published', async () => {
  await land(
    heldDay,
    'a.ndjson',
    Buffer.concat([
      toLines(good(19, heldDay)),
      Buffer.from(`${bad('mended', { timestamp: `${heldDay}T10:00:00`, properties: { level: 1 } })}\n`),
    ]),
  );
  const handle = await startDay(world.client, world.config, { day: heldDay });
  while ((await handle.query<Hold | null>(messages.hold)) === null) await sleep(50);
  const [line = ''] = await takeOut(heldDay);
  const file = await write('held.ndjson', [line.replace('10:00:00"', '10:00:00Z"')]);
  expect((await replay(heldDay, file)).days).toMatchObject([
    { state: 'published', accepted: 20, rejected: 0 },
  ]);
  expect(await idsOf(heldDay)).toContain('mended');
  expect((await quarantine('list', heldDay)).stdout).toContain('+ 1 superseded');
});

it('two replays of a line that land at once leave one of them, and a later one of it goes on from there', async () => {
  const line = { object: keys.rawObject(racedDay, 'a.ndjson'), line: 1 };
  await land(racedDay, 'a.ndjson', Buffer.concat([toLines(['nope']), toLines(good(20, racedDay))]));
  await run(racedDay);
  const version = (id: string) => Buffer.from(bad(id, { timestamp: `${racedDay}T10:00:00Z` }));
  const packed = ['one', 'two'].map((id) => packReplay(racedDay, [{ ...line, bytes: version(id) }]));
  await Promise.all(packed.map((one) => landReplay(world.store, one)));
  await run(racedDay);
  const [kept = ''] = (await idsOf(racedDay)).filter((id) => !id.startsWith('good'));
  expect(['one', 'two']).toContain(kept);
  expect(await ledgerOf(racedDay)).toMatchObject({ lines: 23, accepted: 21, superseded: 2 });
  const from = packed[kept === 'one' ? 0 : 1];
  await landReplay(
    world.store,
    packReplay(racedDay, [{ object: from?.object ?? '', line: 1, bytes: version('three') }]),
  );
  await run(racedDay);
  expect((await idsOf(racedDay)).filter((id) => !id.startsWith('good'))).toEqual(['three']);
  expect(await ledgerOf(racedDay)).toMatchObject({ lines: 24, accepted: 21, superseded: 3 });
});

it('lines that are accepted under a wider configuration need no replay', async () => {
  const line = bad('naive', { timestamp: `${widenedDay}T10:00:00`, properties: { level: 1 } });
  await land(
    widenedDay,
    'a.ndjson',
    Buffer.concat([toLines(good(20, widenedDay)), Buffer.from(`${line}\n`)]),
  );
  await run(widenedDay);
  const [taken = ''] = await takeOut(widenedDay);
  const file = await write('widened.ndjson', [taken.replace('10:00:00"', '10:00:00Z"')]);
  const wider = await createWorld('quarantine', {
    ...settings,
    QUESTLINE_PIPELINE_NAIVE_TIMESTAMPS: 'utc',
    QUESTLINE_WORKER_ORCHESTRATION_QUEUE: 'test-quarantine-wider',
    QUESTLINE_WORKER_COMPUTE_QUEUE: 'test-quarantine-wider-compute',
  });
  try {
    const args = ['quarantine', 'replay', widenedDay, '--edited', file];
    const unread = await runCommandLine(args, wider.env);
    expect([unread.code, unread.stderr]).toEqual([
      1,
      expect.stringContaining(`Run it: npx questline run ${widenedDay}`),
    ]);
    await wider.startWorker();
    await (await startDay(wider.client, wider.config, { day: widenedDay })).result();
    expect(await idsOf(widenedDay)).toContain('naive');
    const { code, stderr } = await runCommandLine(args, wider.env);
    expect([code, stderr]).toEqual([1, expect.stringContaining(`is rejected on ${widenedDay} any more`)]);
    expect((await runCommandLine(['quarantine', 'list', widenedDay], wider.env)).stderr).toContain(
      'Nothing was rejected.',
    );
  } finally {
    await wider.close();
  }
});

it('a day without raw data, or that was not run, says what to do', async () => {
  const nothing = await quarantine('list', '2026-05-05');
  expect([nothing.code, nothing.stderr]).toEqual([
    1,
    expect.stringContaining('Nothing landed for 2026-05-05'),
  ]);
  await land(parseDay('2026-05-06'), 'a.ndjson', toLines(good(1)));
  const unread = await quarantine('show', '2026-05-06');
  expect([unread.code, unread.stderr]).toEqual([
    1,
    expect.stringContaining('Run it: npx questline run 2026-05-06'),
  ]);
  expect((await quarantine('list')).code).toBe(2);
  expect((await quarantine('show', day, '--object', 'x')).stderr).toContain(
    'expected one of raw/dt=2026-01-05/a.ndjson',
  );
});
