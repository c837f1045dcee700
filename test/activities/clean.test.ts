import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeEvents } from '../../src/activities/clean.ts';
import { configSchema } from '../../src/config/schema.ts';
import { ratesOn } from '../../src/domain/currency-rate.ts';
import { addDays, type Day } from '../../src/domain/day.ts';
import type { EventDayLedger } from '../../src/domain/ledger.ts';
import { quote, type Row, readRows, withDuckDb } from '../../src/engine/duckdb.ts';
import { duckDbTypes } from '../../src/schema/column.ts';
import { propertyNames, propertyOf } from '../../src/schema/contract.ts';
import { columnTypeOf } from '../../src/schema/tables/events-cleaned.ts';
import { sha256OfFile } from '../../src/storage/sha256.ts';
import { isSlowRun } from '../support/slow.ts';
import { askSql, readSql } from '../support/sql.ts';

/** A row that an arrival accepted; what is left out is null. */
interface AcceptedRow {
  readonly event_id: string;
  readonly player_id?: string;
  readonly event_type?: string;
  /** ISO 8601 without an offset. */
  readonly timestamp?: string;
  readonly [property: string]: string | number | boolean | null | undefined;
}

type Pieces = readonly { readonly arrival: number; readonly rows: readonly AcceptedRow[] }[];

interface Cleaned {
  readonly ledger: EventDayLedger;
  readonly sha256: string;
  readonly rows: readonly Row[];
}

const config = configSchema.parse({});
const duckDb = { threads: 1, memoryMb: 512 };
const day = (n: number) => addDays('2026-01-01' as Day, n);
const columns = Object.entries({
  event_id: 'VARCHAR',
  player_id: 'VARCHAR',
  event_type: 'VARCHAR',
  timestamp: 'TIMESTAMP',
  event_day: 'DATE',
  ...Object.fromEntries(
    propertyNames.map((name) => [name, duckDbTypes[columnTypeOf[propertyOf(name).kind]]]),
  ),
});
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'questline-clean-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** The accepted rows of some arrivals as the Parquet files that validate stores, `split` files an arrival. */
async function store(pieces: Pieces, split: number) {
  const scratch = await mkdtemp(join(folder, 'pieces-'));
  return withDuckDb(duckDb, async (connection) => {
    const stored: { arrival: Day; files: string[] }[] = [];
    for (const [n, { arrival, rows }] of pieces.entries()) {
      const files: string[] = [];
      const size = Math.max(1, Math.ceil(rows.length / split));
      for (let from = 0; from === 0 || from < rows.length; from += size) {
        const file = join(scratch, `${n}-${from}.parquet`);
        const values = rows
          .slice(from, from + size)
          .map((row) => `(${columns.map(valueOf(row)).join(', ')})`);
        const source = values.length === 0 ? 'SELECT' : `FROM (VALUES ${values.join(', ')})`;
        const empty =
          values.length === 0
            ? `${columns.map(([name, type]) => `NULL::${type} AS "${name}"`).join(', ')} WHERE false`
            : `t(${columns.map(([name]) => `"${name}"`).join(', ')})`;
        await connection.run(`COPY (${source} ${empty}) TO ${quote(file)} (FORMAT parquet)`);
        files.push(file);
      }
      stored.push({ arrival: day(arrival), files });
    }
    return stored;
  });
}

const valueOf =
  (row: AcceptedRow) =>
  ([name, type]: [string, string]): string => {
    const all: AcceptedRow = {
      player_id: 'p',
      event_type: 'level_start',
      timestamp: '2026-01-01T10:00:00',
      ...row,
    };
    const value = name === 'event_day' ? String(all['timestamp']).slice(0, 10) : all[name];
    return value === undefined || value === null ? `NULL::${type}` : `${quote(String(value))}::${type}`;
  };

async function clean(
  pieces: Pieces,
  { shards = 1, split = 1, rates = [] as readonly string[], of = 0 } = {},
): Promise<Cleaned> {
  const scratch = await mkdtemp(join(folder, 'clean-'));
  const dated = rates.map((text) => {
    const [currency = '', from = '', rate = ''] = text.split(' ');
    return { currency, from: from as Day, rate };
  });
  const stored = await store(pieces, split);
  const { written, ledger } = await writeEvents({ config, duckDb }, scratch, { day: day(of) }, stored, {
    rates: ratesOn(day(of), dated, 'USD'),
    shards,
  });
  const rows = await withDuckDb(duckDb, (connection) => readRows(connection, `FROM ${quote(written.file)}`));
  expect(written.rows).toBe(rows.length);
  expect(ledger.kept).toBe(rows.length);
  return { ledger, sha256: await sha256OfFile(written.file), rows };
}

describe('events_cleaned', () => {
  it('keeps of the rows of one id the earliest arrival, and tells exact from conflicting duplicates', async () => {
    const { rows, ledger } = await clean([
      {
        arrival: 1,
        rows: [{ event_id: 'a', player_id: 'late', timestamp: '2026-01-01T00:00:01', level: 1 }],
      },
      {
        arrival: 0,
        rows: [
          { event_id: 'a', timestamp: '2026-01-01T00:00:05', level: 1 },
          { event_id: 'a', timestamp: '2026-01-01T00:00:05', level: 1 },
          { event_id: 'a', timestamp: '2026-01-01T00:00:09', level: 2 },
          { event_id: 'b', timestamp: '2026-01-01T00:00:07', level: 3 },
          { event_id: 'c', timestamp: '2026-01-02T00:00:00', level: 4 },
        ],
      },
    ]);
    expect(ledger).toEqual({ cameIn: 5, kept: 2, exactDuplicates: 1, conflictingDuplicates: 2 });
    expect(rows.map(({ event_id, player_id, level }) => [event_id, player_id, level])).toEqual([
      ['a', 'p', '1'],
      ['b', 'p', '3'],
    ]);
  });

  it('takes rows that differ for different, whatever their texts hold', async () => {
    const { ledger } = await clean([
      {
        arrival: 0,
        rows: [
          { event_id: 'a', session_id: 'x\u001fy', country: null },
          { event_id: 'a', session_id: 'x', country: 'y' },
          { event_id: 'a', session_id: null, country: '\u0001' },
        ],
      },
    ]);
    expect(ledger).toEqual({ cameIn: 3, kept: 1, exactDuplicates: 0, conflictingDuplicates: 2 });
  });

  it.each([
    ['midnight', '2026-01-02T00:00:00', 1, '2026-01-02', 0, 5],
    ['the last microsecond', '2026-01-01T23:59:59.999999', 0, '2026-01-01', 23, 4],
    ['a leap day', '2028-02-29T12:00:00', 789, '2028-02-29', 12, 2],
    ['the end of a year', '2026-12-31T23:59:59.999999', 364, '2026-12-31', 23, 4],
    ['the beginning of one', '2027-01-01T00:00:00', 365, '2027-01-01', 0, 5],
  ])('dates %s', async (_, timestamp, of, date, hour, weekday) => {
    const { rows } = await clean([{ arrival: of, rows: [{ event_id: 'a', timestamp }] }], { of });
    expect(rows).toMatchObject([{ date, hour, weekday, arrival_day: date }]);
  });

  it('converts purchases by the rate of the day, to the fourth decimal half to even, and no other currency', async () => {
    const purchase = (event_id: string, amount: string, currency: string | null = null) => ({
      event_id,
      event_type: 'purchase',
      amount,
      currency,
    });
    const { rows } = await clean(
      [
        {
          arrival: 0,
          rows: [
            purchase('a', '4.9900'),
            purchase('b', '4.9900', 'USD'),
            purchase('c', '0.0003', 'EUR'),
            purchase('d', '0.0007', 'EUR'),
            purchase('e', '100.0000', 'GBP'),
            purchase('f', '99999999999999.9999', 'JPY'),
            purchase('g', '7.0000', 'CHF'),
            { event_id: 'h', event_type: 'ad_watched', revenue: '0.0100' },
          ],
        },
      ],
      {
        rates: [
          'EUR 2025-01-01 0.5',
          'GBP 2025-01-01 9',
          'GBP 2026-01-01 1.25',
          'GBP 2026-01-02 8',
          'JPY 2020-01-01 0.0064',
          'CHF 2026-01-02 1',
        ],
      },
    );
    expect(rows.map(({ event_id, currency, amount_base }) => [event_id, currency, amount_base])).toEqual([
      ['a', 'USD', '4.9900'],
      ['b', 'USD', '4.9900'],
      ['c', 'EUR', '0.0002'],
      ['d', 'EUR', '0.0004'],
      ['e', 'GBP', '125.0000'],
      ['f', 'JPY', '640000000000.0000'],
      ['g', 'CHF', null],
      ['h', null, null],
    ]);
  });

  const carried = fc.record({
    event_id: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
    player_id: fc.constantFrom('o', 'p', 'pp', 'q', 'é'),
    event_type: fc.constantFrom('level_start', 'purchase'),
    timestamp: fc.constantFrom('2026-01-01T00:00:00', '2026-01-01T00:00:00.000001', '2026-01-02T00:00:00'),
    level: fc.option(fc.integer({ min: 1, max: 2 })),
    session_id: fc.option(fc.constantFrom('s', 't')),
    currency: fc.option(fc.constantFrom('USD', 'EUR')),
    amount: fc.constantFrom('1.0000', '2.5000'),
  });
  const row = carried.map((one) =>
    one.event_type === 'purchase' ? one : { ...one, currency: null, amount: null },
  );
  const arrivals = fc.array(
    fc.record({ arrival: fc.integer({ min: 0, max: 3 }), rows: fc.array(row, { maxLength: 12 }) }),
    { minLength: 1, maxLength: 3 },
  );

  it('is the same bytes whatever the order and split of the rows, in 1, 2 and 16 shards', async () => {
    await fc.assert(
      fc.asyncProperty(arrivals, async (pieces) => {
        const plain = await clean(pieces);
        const turned = pieces.map(({ arrival, rows }) => ({ arrival, rows: rows.toReversed() })).toReversed();
        for (const [others, how] of [
          [turned, { split: 3 }],
          [pieces, { shards: 2 }],
          [turned, { shards: 16, split: 2 }],
        ] as const) {
          expect(await clean(others, how)).toEqual(plain);
        }
      }),
      { numRuns: isSlowRun ? 8 : 3 },
    );
  });

  it('keeps the same rows when everything comes twice', async () => {
    await fc.assert(
      fc.asyncProperty(arrivals, async (pieces) => {
        const doubled = pieces.map(({ arrival, rows }) => ({ arrival, rows: [...rows, ...rows] }));
        expect((await clean(doubled)).sha256).toBe((await clean(pieces)).sha256);
      }),
      { numRuns: 5 },
    );
  });

  it('equals sql/events_cleaned.sql over the accepted rows', async () => {
    const sql = await readSql('events_cleaned');
    await fc.assert(
      fc.asyncProperty(arrivals, async (pieces) => {
        const stored = await store(pieces, 1);
        const sources = stored.map(
          ({ arrival, files }) =>
            `SELECT *, DATE '${arrival}' AS arrival_day FROM ${quote(files[0] as string)}`,
        );
        const { rows } = await clean(pieces);
        const wanted = await withDuckDb(duckDb, async (connection) => {
          await connection.run(`CREATE VIEW accepted_rows AS ${sources.join(' UNION ALL ')}`);
          return askSql(connection, `FROM (${sql}) WHERE date = DATE '${day(0)}'`);
        });
        expect(rows).toEqual(wanted.rows);
      }),
      { numRuns: 8 },
    );
  });
});
