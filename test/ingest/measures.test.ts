import { createReadStream } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Day } from '../../src/domain/day.ts';
import type { DayTruth } from '../../src/generator/truth.ts';
import { landDays } from '../generator/landed-range.ts';
import { readLine } from '../generator/read-line.ts';
import { clean, daysOf, specFor } from '../generator/specs.ts';
import { makeEvent, toLines } from '../support/events.ts';
import { recount } from './recount.ts';
import { type Read, readObjects } from './support.ts';

const TIMEOUT_MS = 120_000;
const rates = Object.fromEntries(
  Object.keys(clean).map((kind) => [kind, kind === 'oversized' ? 0.001 : 0.03]),
);
const limits = { maxLineBytes: 1_048_576 };
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'questline-measures-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function readDay({ day, arrival }: DayTruth): Promise<Read> {
  const raw = arrival.objects.map(({ key }) => ({
    key,
    open: async () => createReadStream(join(folder, key)),
  }));
  return readObjects(raw, { day, ...limits });
}

async function land(changes: Parameters<typeof specFor>[1], days = 1): Promise<readonly DayTruth[]> {
  const spec = specFor('tiny', { seed: 11, players: 400, ...changes });
  return (await landDays(folder, spec, daysOf(spec, 6).slice(-days))).truths;
}

describe('the measures of a generated day with every defect', () => {
  it('equal a recount in plain JavaScript', { timeout: TIMEOUT_MS }, async () => {
    const [truth] = await land({ defects: rates });
    const read = await readDay(truth as DayTruth);
    const texts = await Promise.all(
      (truth as DayTruth).arrival.objects.map(({ key }) => readFile(join(folder, key))),
    );
    const lines = texts
      .flatMap((bytes) => bytes.toString('latin1').split('\n').slice(0, -1))
      .filter(
        (text) =>
          text.length <= limits.maxLineBytes && !text.includes('\u00ff') && readLine(text) !== 'malformed',
      );
    const objects = lines.map((text) => ({
      object: JSON.parse(text) as Record<string, unknown>,
      isAccepted: false,
    }));
    expect(read.ledger.rejected).toEqual((truth as DayTruth).arrival.rejected);
    expect(read.measures).toEqual(
      recount(objects, read.accepted, {
        day: (truth as DayTruth).day,
        baseCurrency: 'USD',
        outlierAmount: 1000,
      }),
    );
    const { defects } = (truth as DayTruth).arrival;
    expect(read.measures.outliers).toBe(defects.absurdAmount);
    expect(read.measures.exactDuplicates).toBe(defects.exactDuplicate);
    expect(read.measures.conflictingDuplicates).toBe(defects.conflictingDuplicate);
    expect(read.measures.drifted).toBe(defects.unknownField + defects.unknownType);
  });

  it.each([
    ['csv', 'none'],
    ['csv', 'gzip'],
    ['csv', 'zstd'],
    ['ndjson', 'zstd'],
  ] as const)(
    'as %s with compression %s have the truth’s ledger',
    { timeout: TIMEOUT_MS },
    async (format, compression) => {
      const [truth] = await land({ defects: rates, output: { format, compression, files: 2 } });
      const read = await readDay(truth as DayTruth);
      const { lines, accepted, rejected, bytes } = (truth as DayTruth).arrival;
      expect(read.ledger).toEqual({ lines, accepted, rejected, superseded: 0 });
      expect(read.bytes).toBe(bytes);
    },
  );

  it('are the same for the same events in CSV and in NDJSON', { timeout: TIMEOUT_MS }, async () => {
    const defects = {
      ...clean,
      exactDuplicate: 0.05,
      conflictingDuplicate: 0.05,
      late: 0.05,
      absurdAmount: 0.5,
      unknownType: 0.01,
    };
    const [lines] = await land({ defects });
    const [rows] = await land({ defects, output: { format: 'csv' } });
    const [ofLines, ofRows] = [await readDay(lines as DayTruth), await readDay(rows as DayTruth)];
    expect(ofRows.measures).toEqual(ofLines.measures);
    expect(ofRows.accepted).toEqual(ofLines.accepted);
    expect(ofLines.measures.late).toBeGreaterThan(0);
  });
});

describe('unknown names', () => {
  it('are the twenty most frequent, ties by name, each once a line', async () => {
    const names = Array.from({ length: 30 }, (_, n) => `f${String(n).padStart(2, '0')}`);
    const events = names.flatMap((name, n) =>
      Array.from({ length: n < 15 ? 2 : 1 }, () => makeEvent({ [name]: { [name]: 1 } })),
    );
    const { measures } = await readObjects({ 'raw/a.ndjson': toLines(events) });
    expect(measures.drifted).toBe(45);
    const shown = [...names.slice(0, 15), ...names.slice(15, 20)];
    expect(Object.entries(measures.unknownNames)).toEqual(
      shown.map((name, n) => [`field ${name}`, n < 15 ? 2 : 1]),
    );
  });

  it('of columns count where there is a value in them', async () => {
    const header = 'event_id,player_id,event_type,timestamp,properties,device';
    const row = 'e,p,ad_watched,2026-01-05T10:00:00Z,';
    const { measures } = await readObjects({
      'raw/a.csv': Buffer.from(`${header}\n${row},ios\n${row},\n${row},web\n`),
    });
    expect(measures).toMatchObject({ objects: 3, drifted: 2, unknownNames: { 'field device': 2 } });
  });
});

it('a line that a later object replaces counts in nothing but the ledger', async () => {
  const lines = toLines([
    makeEvent(),
    'nope',
    makeEvent({ event_type: 'chat', device: 1 }),
    makeEvent({ event_id: 'e-2' }),
  ]);
  const superseded = new Map([2, 3, 4].map((number) => [number, 'raw/mended.ndjson']));
  const read = await readObjects([
    { key: 'raw/a.ndjson', open: async () => Readable.from([lines]), superseded },
  ]);
  expect(read.ledger).toEqual({ lines: 4, accepted: 1, rejected: {}, superseded: 3 });
  expect(read.measures).toMatchObject({
    objects: 1,
    drifted: 0,
    unknownNames: {},
    eventTypes: { level_start: 1 },
  });
  expect(read.quarantined.map(({ line, reason, detail }) => [line, reason, detail])).toEqual(
    [2, 3, 4].map((number) => [number, 'superseded', 'replaced by raw/mended.ndjson']),
  );
});

it('an outlier is above the amount, and the amount may have any decimals', async () => {
  const purchase = (amount: number, currency?: string) =>
    makeEvent({
      event_id: `e-${amount}-${currency}`,
      event_type: 'purchase',
      properties: { amount, currency },
    });
  const inBase = [purchase(9.99), purchase(9.9901), purchase(10, 'USD')];
  const lines = toLines([...inBase, purchase(10, 'EUR'), purchase(11, 'EUR'), purchase(10, '__proto__')]);
  for (const outlierAmount of ['9.99', 9.99, '9.9900']) {
    const { measures } = await readObjects(
      { 'raw/a.ndjson': lines },
      { outlierAmount, day: '2026-01-05' as Day },
    );
    expect([measures.purchases, measures.outliers]).toEqual([3, 2]);
    expect(measures.otherCurrencies).toEqual({ EUR: { '2026-01-05': 2 }, other: { '2026-01-05': 1 } });
  }
});
