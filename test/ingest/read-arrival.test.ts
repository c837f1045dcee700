import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Day } from '../../src/domain/day.ts';
import { type Row, readRows, withDuckDb } from '../../src/engine/duckdb.ts';
import { type ReadArrival, readArrival } from '../../src/ingest/read-arrival.ts';
import { makeEvent, toLines } from '../support/events.ts';

const rules = {
  day: '2026-01-05' as Day,
  lateWindowDays: 7,
  futureWindowDays: 1,
  naiveTimestamps: 'reject' as const,
  maxLineBytes: 2000,
  baseCurrency: 'USD',
  outlierAmount: 1000,
};
const duckDb = { threads: 1, memoryMb: 512 };
let scratch: string;

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'questline-ingest-'));
});
afterAll(() => rm(scratch, { recursive: true }));

async function read(objects: Readonly<Record<string, Buffer>>): Promise<ReadArrival> {
  const raw = Object.entries(objects).map(([key, bytes]) => ({
    key,
    open: async () => Readable.from([bytes]),
  }));
  return readArrival(raw, rules, scratch, duckDb);
}

async function rowsOf(file: string): Promise<Row[]> {
  return withDuckDb(duckDb, (connection) => readRows(connection, `SELECT * FROM '${file}'`));
}

const withProperties = (type: string, properties: unknown) => makeEvent({ event_type: type, properties });

describe('readArrival', () => {
  it.each([
    ['malformed', 'nope', 'not JSON'],
    ['malformed', '[1]', 'not an object'],
    ['malformed', '"text"', 'not an object'],
    ['malformed', 'null', 'not an object'],
    ['missing_field', makeEvent({ event_id: '' }), 'event_id'],
    ['missing_field', makeEvent({ player_id: null }), 'player_id'],
    ['missing_field', makeEvent({ event_type: undefined }), 'event_type'],
    ['missing_field', makeEvent({ timestamp: undefined, player_id: 5 }), 'timestamp'],
    ['missing_field', withProperties('level_start', {}), 'properties.level'],
    ['missing_field', withProperties('level_start', undefined), 'properties.level'],
    ['missing_field', withProperties('purchase', { amount: null }), 'properties.amount'],
    ['missing_field', withProperties('session_start', { session_id: '' }), 'properties.session_id'],
    ['missing_field', withProperties('level_complete', { level: 1 }), 'properties.success'],
    ['wrong_type', makeEvent({ player_id: 5 }), 'player_id'],
    ['wrong_type', makeEvent({ timestamp: '2026-01-05' }), '2026-01-05'],
    ['wrong_type', makeEvent({ timestamp: '2026-01-05T10:00:00' }), 'ISO 8601'],
    ['wrong_type', makeEvent({ timestamp: '2026-02-30T10:00:00Z' }), 'ISO 8601'],
    ['wrong_type', makeEvent({ timestamp: 1767607200 }), 'timestamp'],
    ['wrong_type', makeEvent({ properties: 'none' }), 'properties'],
    ['wrong_type', makeEvent({ properties: [] }), 'properties'],
    ['unknown_type', makeEvent({ event_type: 'level_up' }), 'level_up'],
    ['wrong_type', withProperties('level_start', { level: 'five' }), 'a whole number'],
    ['wrong_type', withProperties('level_start', { level: 2.5 }), 'a whole number'],
    ['wrong_type', withProperties('level_start', { level: 1, session_id: 7 }), 'session_id'],
    ['wrong_type', withProperties('level_complete', { level: 1, success: 'yes' }), 'true or false'],
    ['wrong_type', withProperties('purchase', { amount: '4.99' }), 'amount'],
    ['out_of_range', withProperties('purchase', { amount: -1 }), 'at least 0'],
    ['out_of_range', withProperties('ad_watched', { revenue: -0.5 }), 'at least 0'],
    ['out_of_range', withProperties('level_start', { level: -1 }), 'at least 0'],
    ['future', makeEvent({ timestamp: '2026-01-07T00:00:00Z' }), '2026-01-06'],
    ['too_late', makeEvent({ timestamp: '2025-12-28T23:59:59Z' }), '2025-12-29'],
  ])('rejects as %s: %j', async (reason, line, detail) => {
    const found = await read({ 'raw/a.ndjson': toLines([line]) });
    expect(found.ledger).toEqual({ lines: 1, accepted: 0, superseded: 0, rejected: { [reason]: 1 } });
    const [row] = await rowsOf(found.quarantineFile);
    expect(row).toMatchObject({ object: 'raw/a.ndjson', line_number: '1', byte_offset: '0', reason });
    expect(row?.['raw']).toBe(typeof line === 'string' ? line : JSON.stringify(line));
    expect(row?.['detail']).toContain(detail);
  });

  it.each([
    [
      'the first and last instant of the window',
      { timestamp: '2025-12-29T00:00:00Z' },
      { event_day: '2025-12-29' },
    ],
    ['one day ahead', { timestamp: '2026-01-06T23:59:59Z' }, { event_day: '2026-01-06' }],
    [
      'an offset',
      { timestamp: '2026-01-05T00:30:00+02:00' },
      { timestamp: '2026-01-04 22:30:00', event_day: '2026-01-04' },
    ],
    [
      'nanoseconds, cut off',
      { timestamp: '2026-01-05T23:59:59.999999999Z' },
      { timestamp: '2026-01-05 23:59:59.999999' },
    ],
    [
      'an offset without a colon',
      { timestamp: '2026-01-05T00:30:00.5-0130' },
      { timestamp: '2026-01-05 02:00:00.5' },
    ],
    ['minutes only', { timestamp: '2026-01-05T10:00Z' }, { timestamp: '2026-01-05 10:00:00' }],
    ['a whole number written as a decimal', { properties: { level: 3.0 } }, { level: '3' }],
    [
      'a tie, rounded to even',
      { event_type: 'purchase', properties: { amount: 1.00005 } },
      { amount: '1.0000' },
    ],
    [
      'a tie, rounded up to even',
      { event_type: 'purchase', properties: { amount: 1.00015 } },
      { amount: '1.0002' },
    ],
    [
      'no properties where none are needed',
      { event_type: 'player_registered', properties: undefined },
      { country: null },
    ],
    [
      'a property of another type of event, left out',
      { properties: { level: 3, amount: 'x' } },
      { level: '3', amount: null },
    ],
  ])('accepts %s', async (_, parts, wanted) => {
    const found = await read({ 'raw/a.ndjson': toLines([makeEvent(parts)]) });
    expect(found.ledger).toEqual({ lines: 1, accepted: 1, superseded: 0, rejected: {} });
    expect((await rowsOf(String(found.acceptedParts[0]?.file)))[0]).toMatchObject(wanted);
  });

  it('reads plain, gzip and zstd objects of one arrival and accounts for every line', async () => {
    const lines = toLines([makeEvent(), 'nope', makeEvent({ timestamp: '2026-01-04T10:00:00Z' })]);
    const found = await read({
      'raw/a.ndjson': lines,
      'raw/b.ndjson.gz': gzipSync(lines),
      'raw/c.ndjson.zst': zstdCompressSync(lines),
    });
    expect(found.ledger).toEqual({ lines: 9, accepted: 6, superseded: 0, rejected: { malformed: 3 } });
    expect(found.acceptedByEventDay).toEqual({ '2026-01-04': 3, '2026-01-05': 3 });
    const quarantined = await rowsOf(found.quarantineFile);
    expect(quarantined.map((row) => [row['object'], row['line_number']])).toEqual([
      ['raw/a.ndjson', '2'],
      ['raw/b.ndjson.gz', '2'],
      ['raw/c.ndjson.zst', '2'],
    ]);
  });

  it.each([
    ['gz', gzipSync],
    ['zst', zstdCompressSync],
  ] as const)('refuses a .%s archive that is cut off', async (suffix, compress) => {
    const whole = compress(
      toLines(Array.from({ length: 500 }, (_, n) => makeEvent({ event_id: `e-${n * 7919}` }))),
    );
    const cut = whole.subarray(0, Math.floor(whole.length / 2));
    await expect(read({ [`raw/a.ndjson.${suffix}`]: cut })).rejects.toMatchObject({
      name: 'UnreadableObject',
    });
  });

  it('refuses an empty object', async () => {
    await expect(read({ 'raw/a.ndjson': Buffer.alloc(0) })).rejects.toThrow('raw/a.ndjson is empty');
  });
});
