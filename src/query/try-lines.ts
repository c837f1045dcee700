import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { ReasonCode } from '../domain/reason.ts';
import { type DuckDbLimits, quote, readRows, withDuckDb } from '../engine/duckdb.ts';
import { type ReadRules, readArrival } from '../ingest/read-arrival.ts';

/** Why a line would be rejected. */
export interface Rejection {
  readonly reason: ReasonCode;
  readonly detail: string;
}

const LIMITS: DuckDbLimits = { threads: 1, memoryMb: 1024 };

/** Reads NDJSON as validate would, storing nothing; the lines that would be rejected, by their 1-based number. */
export async function tryLines(body: Buffer, rules: ReadRules): Promise<Map<number, Rejection>> {
  const scratch = await mkdtemp(join(tmpdir(), 'questline-try-'));
  try {
    const object = {
      key: 'mended.ndjson',
      open: async () => Readable.from([body]),
      superseded: new Map<number, string>(),
    };
    const { quarantineFile } = await readArrival([object], rules, scratch, LIMITS);
    const rows = await withDuckDb(LIMITS, (connection) =>
      readRows(
        connection,
        `SELECT line_number::DOUBLE AS line, reason, detail FROM read_parquet(${quote(quarantineFile)})`,
      ),
    );
    return new Map(
      rows.map(({ line, reason, detail }) => [Number(line), { reason, detail } as unknown as Rejection]),
    );
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
