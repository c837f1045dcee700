import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { readRows } from '../../src/engine/duckdb.ts';
import { borrowDuckDb, type LentDuckDb, withLentDuckDb } from '../../src/engine/lent-duckdb.ts';

const limits = { threads: 1, memoryMb: 512 };
const settings = `SELECT current_setting('threads')::INT AS threads, current_setting('memory_limit') AS memory,
  current_setting('preserve_insertion_order') AS ordered, current_setting('TimeZone') AS zone, current_setting('temp_directory') AS folder`;
const create = vi.spyOn(DuckDBInstance, 'create');
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'questline-lent-'));
});
beforeEach(async () => {
  const all = await Promise.all(Array.from({ length: 8 }, () => borrowDuckDb(limits)));
  for (const duckDb of all) duckDb.close();
  create.mockClear();
});
afterAll(async () => {
  create.mockRestore();
  await rm(folder, { recursive: true, force: true });
});

const borrow = () => borrowDuckDb({ ...limits, tempFolder: join(folder, 'first') });

/** Sorts more than fits into the memory that there is. */
async function spill({ connection }: LentDuckDb): Promise<void> {
  await connection.run("SET memory_limit = '60MB'");
  await connection.run(
    'CREATE TEMP TABLE sorted AS SELECT md5(n::VARCHAR) AS text FROM range(2_000_000) numbers(n) ORDER BY text',
  );
}

describe('a DuckDB that was given back', () => {
  it('is lent again as if it were new: nothing in it, and with the limits of who borrows', async () => {
    const first = await borrow();
    await first.connection.run('CREATE TEMP TABLE mine AS SELECT 1 AS n');
    await (await first.connectAgain()).run('CREATE TEMP VIEW seen AS SELECT 2 AS n');
    await first.connection.run('SET preserve_insertion_order = false; SET threads = 2');
    first.giveBack();
    first.close();
    const tempFolder = join(folder, 'second');
    const second = await borrowDuckDb({ threads: 1, memoryMb: 256, tempFolder });
    expect(create).toHaveBeenCalledTimes(1);
    expect(await readRows(second.connection, settings)).toEqual([
      { threads: 1, memory: '244.1 MiB', ordered: true, zone: 'UTC', folder: tempFolder },
    ]);
    expect(await readRows(second.connection, 'SELECT count(*)::INT AS n FROM duckdb_tables()')).toEqual([
      { n: 0 },
    ]);
    await expect(second.connection.run('FROM seen')).rejects.toThrow('seen does not exist');
    second.close();
  });

  it('is not lent to two at once', async () => {
    (await borrow()).giveBack();
    const [one, other] = await Promise.all([borrow(), borrow()]);
    expect(create).toHaveBeenCalledTimes(2);
    await one.connection.run('SET preserve_insertion_order = false');
    expect(await readRows(other.connection, settings)).toMatchObject([{ ordered: true }]);
    one.close();
    other.close();
  });

  it('is closed instead when it has spilled, since it can’t spill elsewhere any more', async () => {
    const first = await borrow();
    await spill(first);
    expect(await readdir(join(folder, 'first'))).not.toEqual([]);
    first.giveBack();
    const tempFolder = join(folder, 'third');
    const second = await borrowDuckDb({ ...limits, tempFolder });
    expect(create).toHaveBeenCalledTimes(2);
    await spill(second);
    expect(await readdir(tempFolder)).not.toEqual([]);
    second.close();
  });
});

it('one of what failed is not lent again', async () => {
  await expect(
    withLentDuckDb(limits, (connection) => connection.run('SELECT no_such_thing')),
  ).rejects.toThrow('no_such_thing');
  await withLentDuckDb(limits, (connection) => connection.run('SELECT 1'));
  expect(create).toHaveBeenCalledTimes(2);
  await withLentDuckDb(limits, (connection) => connection.run('SELECT 1'));
  expect(create).toHaveBeenCalledTimes(2);
});
