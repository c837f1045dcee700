import type { DuckDBConnection } from '@duckdb/node-api';
import type { ArrivalReading } from '../domain/arrival.ts';
import { type AsideReason, asideReasons, type KeptLine, type RawPlace } from '../domain/kept-line.ts';
import { quote, readRows, withDuckDb } from '../engine/duckdb.ts';
import type { ObjectCache } from '../storage/object-cache.ts';

/** Which lines of a quarantine are meant; what is absent does not matter. */
export interface QuarantineFilter {
  readonly reason?: AsideReason;
  /** Key of the raw object. */
  readonly object?: string;
  /** Superseded lines are left out. */
  readonly isRejected?: boolean;
  /** Lines at these places alone. */
  readonly places?: readonly RawPlace[];
}

/** The lines of one object that have one reason, and the first of them. */
export interface QuarantineGroup {
  readonly reason: AsideReason;
  readonly object: string;
  readonly lines: number;
  /** Its text or bytes may be cut. */
  readonly sample: KeptLine;
}

const LIMITS = { threads: 2, memoryMb: 1024 };
const SAMPLE_CHARACTERS = 400;

/** How many lines of a day's quarantine have which reason in which object; reasons in their own order, then the most lines first. */
export async function countQuarantine(
  cache: ObjectCache,
  reading: Pick<ArrivalReading, 'quarantine'>,
): Promise<QuarantineGroup[]> {
  const path = await cache.fetch(reading.quarantine);
  const quarantine = `read_parquet(${quote(path)})`;
  const [raw, base64] = ['raw', 'raw_base64'].map((name) => `left(${name}, ${SAMPLE_CHARACTERS})`);
  const rows = await withDuckDb(LIMITS, (connection) =>
    readRows(
      connection,
      `WITH counted AS (
        SELECT object, reason, count(*)::DOUBLE AS lines, min(line_number) AS line_number
        FROM ${quarantine} GROUP BY ALL
      ) SELECT ${columnsFor(raw, base64)}, lines
      FROM ${quarantine} JOIN counted USING (object, reason, line_number)`,
    ),
  );
  return rows
    .map((row) => {
      const sample = toLine(Object.values(row));
      return { reason: sample.reason, object: sample.object, lines: Number(row['lines']), sample };
    })
    .sort(
      (a, b) =>
        asideReasons.indexOf(a.reason) - asideReasons.indexOf(b.reason) ||
        b.lines - a.lines ||
        (a.object < b.object ? -1 : 1),
    );
}

/**
 * Hands over the lines of a day's quarantine one by one in the order of the raw data, at most `limit` of them, and waits for
 * each to be taken. Memory stays bounded. Returns how many there were.
 */
export async function readQuarantine(
  cache: ObjectCache,
  reading: Pick<ArrivalReading, 'quarantine'>,
  filter: QuarantineFilter,
  limit: number | null,
  take: (line: KeptLine) => Promise<void> | void,
): Promise<number> {
  const path = await cache.fetch(reading.quarantine);
  return withDuckDb(LIMITS, async (connection) => {
    if (filter.places !== undefined) await createPlaces(connection, filter.places);
    const sql = `SELECT ${columnsFor()} FROM read_parquet(${quote(path)})
      ${filter.places === undefined ? '' : 'SEMI JOIN places USING (object, line_number)'}
      WHERE ${conditionFor(filter)} ${limit === null ? '' : `LIMIT ${limit}`}`;
    const result = await connection.stream(sql);
    let count = 0;
    for await (const rows of result.yieldRowsJson()) {
      for (const row of rows) await take(toLine(row));
      count += rows.length;
    }
    return count;
  });
}

async function createPlaces(connection: DuckDBConnection, places: readonly RawPlace[]): Promise<void> {
  await connection.run('CREATE TEMP TABLE places (object VARCHAR, line_number BIGINT)');
  const appender = await connection.createAppender('places');
  for (const { object, line } of places) {
    appender.appendVarchar(object);
    appender.appendBigInt(BigInt(line));
    appender.endRow();
  }
  appender.closeSync();
}

function conditionFor({ reason, object, isRejected = false }: QuarantineFilter): string {
  const conditions = ['true'];
  if (reason !== undefined) conditions.push(`reason = ${quote(reason)}`);
  if (object !== undefined) conditions.push(`object = ${quote(object)}`);
  if (isRejected) conditions.push("reason <> 'superseded'");
  return conditions.join(' AND ');
}

function columnsFor(raw = 'raw', base64 = 'raw_base64'): string {
  return `object, line_number::DOUBLE AS line, byte_offset::DOUBLE AS "offset", reason, detail,
    ${raw} AS raw, ${base64} AS base64, raw_bytes::DOUBLE AS raw_bytes`;
}

function toLine(row: readonly unknown[]): KeptLine {
  const [object, line, offset, reason, detail, raw, rawBase64, rawBytes] = row;
  return { object, line, offset, reason, detail, raw, rawBase64, rawBytes } as KeptLine;
}
