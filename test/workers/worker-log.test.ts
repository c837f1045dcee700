import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectRoot } from '../../src/config/load.ts';
import type { Day } from '../../src/domain/day.ts';
import { countRejected, sum } from '../../src/domain/ledger.ts';
import { type BackfillResult, dayWorkflowId } from '../../src/domain/pipeline.ts';
import type { DayTruth } from '../../src/generator/truth.ts';
import { startBackfill, startDay } from '../../src/operations/start-runs.ts';
import { choosePort } from '../../src/stack/ports.ts';
import { type CatalogState, readCurrent } from '../../src/storage/catalog.ts';
import { keys } from '../../src/storage/keys.ts';
import { type RunningCommand, runCommand, startCommand } from '../support/command.ts';
import { makeEvent, toLines } from '../support/events.ts';
import { type LogLine, readLogLines } from '../support/log-lines.ts';
import { scrapeMetrics } from '../support/metrics.ts';
import { createWorld, type World } from '../support/world.ts';

const good = ['2031-01-27', '2031-01-28', '2031-01-29'] as Day[];
const thin = '2031-01-30' as Day;
const later = '2031-01-31' as Day;
const span = `${good[0]}/${good.at(-1)}`;
const generate = { players: 120, seed: 7 };
const stages = ['generate', 'validate', 'clean', 'aggregate', 'publish'];
let folder: string;
let file: string;
let address: string;
let world: World;
let worker: RunningCommand;
let state: CatalogState;
let truths: DayTruth[];
let metricsBefore: ReadonlyMap<string, number>;
let metrics: ReadonlyMap<string, number>;
let lines: LogLine[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'questline-worker-log-'));
  file = join(folder, 'worker.jsonl');
  address = `127.0.0.1:${(await choosePort(0)).port}`;
  world = await createWorld('worker-log', {
    QUESTLINE_GENERATOR_PRESET: join(projectRoot, 'test', 'support', 'over-months.yaml'),
    QUESTLINE_LOGGING_LEVEL: 'debug',
    QUESTLINE_LOGGING_FILE_PATH: file,
    QUESTLINE_METRICS_PROMETHEUS_ADDRESS: address,
    QUESTLINE_WORKER_SCRATCH_DIR: join(folder, 'scratch'),
    QUESTLINE_SCHEDULE_ID: 'test-worker-log',
  });
  worker = startCommand(['worker'], world.env);
  await worker.until('worker is polling');
  metricsBefore = await scrapeMetrics(address);
  const bad = [makeEvent({ timestamp: `${thin}T10:00:00Z` }), 'nope'];
  await world.store.write(`raw/dt=${thin}/thin.ndjson`, toLines(bad));
  const input = { from: good[0] as Day, to: thin, generate };
  const handle = await startBackfill(world.client, world.config, input);
  const result = (await handle.result()) as BackfillResult;
  expect(result.days.map((day) => day.state)).toEqual(['published', 'published', 'published', 'failed']);
  state = (await readCurrent(world.store)).state as CatalogState;
  truths = await Promise.all(good.map(readTruth));
  metrics = await scrapeMetrics(address);
  await breakAndMendScratch();
  await runSchedule();
  worker.child.kill('SIGTERM');
  expect((await worker.ended).code).toBe(0);
  lines = readLogLines(file);
});
afterAll(async () => {
  worker.child.kill('SIGKILL');
  await world.close();
  rmSync(folder, { recursive: true, force: true });
});

async function readTruth(day: Day): Promise<DayTruth> {
  return JSON.parse((await buffer((await world.store.read(keys.truth(day))).body)).toString()) as DayTruth;
}

/** Takes the worker's scratch folder away, which no code expects, until a stage has failed of it. */
async function breakAndMendScratch(): Promise<void> {
  const [name = ''] = readdirSync(join(folder, 'scratch'));
  rmSync(join(folder, 'scratch', name), { recursive: true });
  const handle = await startDay(world.client, world.config, { day: later, generate });
  await worker.until(/validate failed.*ENOENT/);
  mkdirSync(join(folder, 'scratch', name));
  await handle.result();
}

async function runSchedule(): Promise<void> {
  expect((await runCommand(['schedule', 'apply'], world.env)).code).toBe(0);
  const handle = world.client.schedule.getHandle('test-worker-log');
  await handle.trigger();
  await worker.until(/run failed .*dailyWorkflow/);
  await handle.delete();
}

function linesOf(filter: Readonly<Record<string, unknown>>): LogLine[] {
  return lines.filter((line) => Object.entries(filter).every(([name, value]) => line[name] === value));
}

describe('the log of a worker', () => {
  it('has day, workflow, run and attempt on every line about an activity or a run', () => {
    const about = lines.filter((line) => line.stage !== undefined || line.workflowId !== undefined);
    expect(about.length).toBeGreaterThan(50);
    for (const line of about) {
      expect(line, line.msg).toMatchObject({
        day: expect.stringMatching(/^\d{4}-\d\d-\d\d(\/\d{4}-\d\d-\d\d)?$/),
        workflowId: expect.stringMatching(/./),
        runId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      });
      expect('stage' in line ? line['attempt'] : line['workflowType'], line.msg).toBeDefined();
    }
    for (const stage of stages) expect(linesOf({ msg: `${stage} ends` }).length, stage).toBeGreaterThan(0);
    const [day] = good as [Day];
    expect(new Set(linesOf({ day, stage: 'validate' }).map(({ workflowId }) => workflowId))).toEqual(
      new Set([dayWorkflowId(day)]),
    );
    expect(linesOf({ day: span, stage: 'publish' }).length).toBeGreaterThanOrEqual(2);
  });

  it('tells the end of every stage that it told the begin of', () => {
    for (const stage of stages) {
      const begun = linesOf({ msg: `${stage} begins` });
      const ended = lines.filter(({ msg }) => [`${stage} ends`, `${stage} failed`].includes(msg));
      expect(ended, stage).toHaveLength(begun.length);
      for (const { seconds } of ended) expect(seconds).toEqual(expect.any(Number));
    }
  });

  it('closes stages with the counts of the ledgers', () => {
    for (const [day, { ledger, bytes }] of state.arrivals) {
      const [line, ...others] = linesOf({ day, msg: 'validate ends' });
      expect(others).toEqual([]);
      const { lines: read, accepted, superseded, rejected } = ledger;
      const counts = { events: read, lines: read, accepted, superseded, rejectedByReason: rejected, bytes };
      expect(line).toMatchObject({ ...counts, rejected: countRejected(ledger), outcome: 'made' });
    }
    expect(sum([...state.arrivals.values()].map(({ ledger }) => countRejected(ledger)))).toBeGreaterThan(0);
    for (const [day, { ledger }] of state.eventDays) {
      const [line] = linesOf({ day, msg: 'clean ends' });
      expect(line, day).toMatchObject({ ...ledger, events: ledger.cameIn });
      expect(linesOf({ day, msg: 'aggregate ends' })[0]).toMatchObject({ events: ledger.kept });
    }
    for (const line of lines.filter((one) => 'eventsPerSecond' in one)) {
      const [events, seconds] = [Number(line['events']), Number(line['seconds'])];
      expect(line['eventsPerSecond']).toBeGreaterThanOrEqual(Math.floor(events / (seconds + 0.001)));
      expect(line['eventsPerSecond']).toBeLessThanOrEqual(Math.ceil(events / (seconds - 0.001)));
    }
  });

  it('warns of a failure that a person has to act on, on one line and without a stack trace', () => {
    const [line, ...others] = linesOf({ day: thin, msg: 'validate failed' });
    expect(others).toEqual([]);
    expect(line).toMatchObject({ level: 'warn', outcome: 'failed', lines: 2, accepted: 1, rejected: 1 });
    expect(line?.['failure']).toMatchObject({
      type: 'DataQualityError',
      message: expect.stringContaining(`${thin} did not pass its quality gate. minimum_events: 1`),
    });
    expect(linesOf({ day: thin, msg: 'run failed' })).toMatchObject([
      { level: 'warn', workflowType: 'dayWorkflow', failure: { type: 'DataQualityError' } },
    ]);
    expect(lines.filter(({ day }) => day === thin).map(({ err }) => err)).not.toContainEqual(
      expect.anything(),
    );
    expect(worker.output.text).toMatch(/WARN.*validate failed .*"failure":"DataQualityError: /);
  });

  it('has the stack trace of an unexpected error, which the console has not', () => {
    const [line] = linesOf({ day: later, msg: 'validate failed' });
    expect(line).toMatchObject({ level: 'error', outcome: 'errored', attempt: 1 });
    const { stack, message } = (line?.['err'] ?? {}) as { stack: string; message: string };
    expect(stack).toMatch(/\n {4}at .*withScratch .*src\/activities\/dependencies\.ts:\d+/);
    expect(worker.output.text).toContain(`"error":"Error: ${message}"`);
    expect(worker.output.text).not.toMatch(/^\s*at /m);
    expect(worker.output.text).not.toContain('dependencies.ts');
    expect(linesOf({ day: later, msg: 'validate ends' })).toMatchObject([{ outcome: 'made' }]);
  });

  it('names the day of a scheduled run, which its input does not', () => {
    const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
    const run = linesOf({ workflowType: 'dailyWorkflow' });
    expect(run.map(({ msg }) => msg)).toEqual(['run begins', 'run failed']);
    for (const { day, time } of run) expect([yesterday, time.slice(0, 10)]).toContain(day);
  });

  it('has the same lines on the console, each on one line', () => {
    const shown = worker.output.text.split('\n').filter((line) => line !== '');
    for (const line of shown) expect(line).toMatch(/^\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}\] [A-Z]+: /);
    expect(shown).toHaveLength(lines.length);
  });

  it('is private', () => {
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });
});

describe('the metrics of a worker', () => {
  const at = (name: string) => metrics.get(name) ?? 0;

  it('count lines as the ledgers do, with those of the day that failed', () => {
    const ledgers = [...state.arrivals.values()].map(({ ledger }) => ledger);
    expect(at('questline_lines_total{outcome="accepted"}')).toBe(sum(ledgers.map((l) => l.accepted)) + 1);
    const reasons = new Set(ledgers.flatMap(({ rejected }) => Object.keys(rejected)));
    expect(reasons.size).toBeGreaterThan(2);
    for (const reason of reasons) {
      const wanted = sum(ledgers.map(({ rejected }) => rejected[reason as keyof typeof rejected] ?? 0));
      const own = reason === 'malformed' ? 1 : 0;
      expect(at(`questline_lines_total{outcome="rejected",reason="${reason}"}`), reason).toBe(wanted + own);
    }
    expect(at('questline_events_total{stage="validate"}')).toBe(sum(ledgers.map((l) => l.lines)) + 2);
  });

  it('count rows and duplicates as the ledgers do', () => {
    const ledgers = [...state.eventDays.values()].map(({ ledger }) => ledger);
    const total = (name: keyof (typeof ledgers)[number]) => sum(ledgers.map((ledger) => ledger[name]));
    expect(total('exactDuplicates')).toBeGreaterThan(0);
    expect(at('questline_rows_total{outcome="kept"}')).toBe(total('kept'));
    expect(at('questline_rows_total{outcome="exact_duplicate"}')).toBe(total('exactDuplicates'));
    expect(at('questline_rows_total{outcome="conflicting_duplicate"}')).toBe(total('conflictingDuplicates'));
    expect(at('questline_events_total{stage="clean"}')).toBe(total('cameIn'));
    expect(at('questline_events_total{stage="aggregate"}')).toBe(total('kept'));
    expect(at('questline_events_total{stage="publish"}')).toBe(total('kept'));
  });

  it('count bytes and events of the generator as its truth does', () => {
    const bytes = sum(truths.map(({ arrival }) => arrival.bytes));
    const landed = sum([...state.arrivals.values()].map((arrival) => arrival.bytes));
    expect(at('questline_bytes_total{stage="generate"}')).toBe(bytes);
    expect(at('questline_bytes_total{stage="validate"}')).toBeGreaterThan(landed);
    const events = sum(truths.map(({ simulated }) => simulated.events));
    expect(at('questline_events_total{stage="generate"}')).toBe(events);
  });

  it('time each stage by how it ended, without a label that grows with days', () => {
    const runs = (stage: string, outcome: string) =>
      at(`questline_stage_seconds_count{outcome="${outcome}",stage="${stage}"}`);
    expect(runs('validate', 'made')).toBe(good.length);
    expect(runs('validate', 'failed')).toBe(1);
    expect(runs('generate', 'found')).toBe(1);
    expect(runs('clean', 'made')).toBe(state.eventDays.size);
    expect(runs('publish', 'made')).toBe(1);
    expect(at('questline_events_per_second_count{stage="validate"}')).toBe(good.length + 1);
    const own = [...metrics.keys()].filter((name) => name.startsWith('questline_'));
    const labels = own.flatMap((name) => [...name.matchAll(/[{,](\w+)=/g)].map(([, label]) => label));
    expect(new Set(labels)).toEqual(new Set(['stage', 'outcome', 'reason', 'le']));
  });

  it('stand at zero before the first run, so that the first increment is seen', () => {
    const counters = (samples: ReadonlyMap<string, number>) =>
      [...samples.keys()].filter((name) => /^questline_\w+_total/.test(name)).sort();
    expect(counters(metricsBefore)).toEqual(counters(metrics));
    for (const name of counters(metricsBefore)) expect(metricsBefore.get(name), name).toBe(0);
    expect(at('questline_stage_runs_total{outcome="made",stage="validate"}')).toBe(good.length);
    expect(at('questline_stage_runs_total{outcome="failed",stage="validate"}')).toBe(1);
  });

  it('stand beside the SDK’s own', () => {
    expect([...metrics.keys()].filter((name) => name.startsWith('temporal_')).length).toBeGreaterThan(10);
  });

  it('on an address that is taken stop the worker with a reason', async () => {
    const { endpoint } = world.endpoints.s3;
    const taken = new URL(endpoint ?? '').host;
    const env = { ...world.env, QUESTLINE_METRICS_PROMETHEUS_ADDRESS: taken };
    const { code, stderr } = await runCommand(['worker'], env);
    expect(code).toBe(1);
    expect(stderr).toBe(
      `Metrics can't be served on ${taken} (Address already in use (os error 98)). Set metrics.prometheusAddress to an address of this machine with a free port; each worker on it needs its own.\n`,
    );
  });
});

it('a worker that fails in a way that it should not says so on one line, and leaves the stack trace in its file', async () => {
  const path = join(folder, 'failed.jsonl');
  const env = {
    ...world.env,
    QUESTLINE_LOGGING_FILE_PATH: path,
    QUESTLINE_METRICS_PROMETHEUS_ADDRESS: '',
    QUESTLINE_WORKER_SCRATCH_DIR: join(file, 'no-folder'),
  };
  const { code, stderr } = await runCommand(['worker'], env);
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /^\[.*\] FATAL: worker failed; the stack trace is in .*failed\.jsonl .*ENOTDIR.*\n$/,
  );
  const line = readLogLines(path).at(-1);
  expect(line?.['err']).toMatchObject({ stack: expect.stringMatching(/\n {4}at .*createScratchRoot/) });
});
