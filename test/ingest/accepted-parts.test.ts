import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { readRows, withDuckDb } from '../../src/engine/duckdb.ts';
import { readArrival } from '../../src/ingest/read-arrival.ts';
import { makeEvent } from '../support/events.ts';
import { acceptedSource, rules } from './support.ts';

const PART_ROWS = 491_520;
const duckDb = { threads: 1, memoryMb: 512 };

/** So many events, whose ids are their numbers, as pieces of one object. */
function* events(many: number): Iterable<Buffer> {
  const [before, after] = JSON.stringify(makeEvent({ event_id: '#' })).split('#') as [string, string];
  for (let n = 0; n < many; n += 1000) {
    const some = Array.from({ length: Math.min(1000, many - n) }, (_, k) => `${before}${n + k}${after}\n`);
    yield Buffer.from(some.join(''));
  }
}

it.each([
  [0, [0]],
  [PART_ROWS, [PART_ROWS]],
  [PART_ROWS + 1, [PART_ROWS, 1]],
])('puts %d accepted rows into parts of %j, each once and in the order of its line', async (many, wanted) => {
  const scratch = await mkdtemp(join(tmpdir(), 'questline-ingest-'));
  try {
    const source = many === 0 ? [Buffer.from('nope\n')] : events(many);
    const object = { key: 'raw/a.ndjson', open: async () => Readable.from(source) };
    const read = await readArrival([object], rules, scratch, duckDb);
    expect(read.acceptedParts.map(({ rows }) => rows)).toEqual(wanted);
    expect(read.ledger.accepted).toBe(many);
    const [found] = await withDuckDb(duckDb, (connection) =>
      readRows(
        connection,
        `SELECT count(*)::INT AS rows, count(*) FILTER (event_id::INT <> place)::INT AS misplaced
        FROM (SELECT event_id, row_number() OVER () - 1 AS place FROM ${acceptedSource(read)})`,
      ),
    );
    expect(found).toEqual({ rows: many, misplaced: 0 });
  } finally {
    await rm(scratch, { recursive: true });
  }
});
