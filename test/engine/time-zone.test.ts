import { DuckDBInstance } from '@duckdb/node-api';
import { expect, it } from 'vitest';
import { openDuckDb, readRows } from '../../src/engine/duckdb.ts';
import { withLentDuckDb } from '../../src/engine/lent-duckdb.ts';

const limits = { threads: 1, memoryMb: 256 };
const sql =
  "SELECT current_setting('TimeZone') AS zone, TIMESTAMPTZ '2026-01-01 00:30:00+00'::DATE::VARCHAR AS day";
const utc = [{ zone: 'UTC', day: '2026-01-01' }];

it('every connection has UTC, though the machine is elsewhere', async () => {
  process.env['TZ'] = 'America/Los_Angeles';
  const plain = await DuckDBInstance.create(':memory:');
  const here = await readRows(await plain.connect(), sql);
  expect(here).toEqual([{ zone: 'America/Los_Angeles', day: '2025-12-31' }]);
  const duckDb = await openDuckDb(limits);
  expect(await readRows(duckDb.connection, sql)).toEqual(utc);
  expect(await duckDb.withConnection((connection) => readRows(connection, sql))).toEqual(utc);
  duckDb.close();
  for (let n = 0; n < 2; n += 1)
    expect(await withLentDuckDb(limits, (connection) => readRows(connection, sql))).toEqual(utc);
});
