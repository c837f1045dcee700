import type { ArrivalReading } from '../domain/arrival.ts';
import type { AsideReason, KeptLine } from '../domain/kept-line.ts';
import { reasonCodes } from '../domain/reason.ts';
import { readRows, withDuckDb } from '../engine/duckdb.ts';
import { quote } from '../ingest/classify-sql.ts';
import type { ObjectCache } from '../storage/object-cache.ts';

/** Which lines of a quarantine are meant; what is absent does not matter. */
export interface QuarantineFilter {
  readonly reason?: AsideReason;
  /** Key of the raw object. */
  readonly object?: string;
  /** Superseded lines are left out. */
  readonly isRejected?: boolean;
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
const reasonOrder: readonly AsideReason[] = [...reasonCodes, 'superseded'];

/** How many lines of a day's quarantine have which reason in which object; reasons in their own order, then the most lines first. */
export async function countQuarantine(
  cache: ObjectCache,
  reading: ArrivalReading,
): Promise<QuarantineGroup[]> {
  const path = await cache.fetch(reading.quarantine);
  const rows = await withDuckDb(LIMITS, (connection) =>
    readRows(
      connection,
      `SELECT ${columnsFor(`left(raw, ${SAMPLE_CHARACTERS})`, `left(raw_base64, ${SAMPLE_CHARACTERS})`)},
        (count(*) OVER sorted)::DOUBLE AS lines
      FROM read_parquet(${quote(path)})
      WINDOW sorted AS (PARTITION BY reason, object)
      QUALIFY row_number() OVER (PARTITION BY reason, object ORDER BY line_number) = 1`,
    ),
  );
  return rows
    .map((row) => {
      const sample = toLine(Object.values(row));
      return { reason: sample.reason, object: sample.object, lines: Number(row['lines']), sample };
    })
    .sort(
      (a, b) =>
        reasonOrder.indexOf(a.reason) - reasonOrder.indexOf(b.reason) ||
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
  reading: ArrivalReading,
  filter: QuarantineFilter,
  limit: number | null,
  take: (line: KeptLine) => Promise<void> | void,
): Promise<number> {
  const path = await cache.fetch(reading.quarantine);
  const sql = `SELECT ${columnsFor('raw', 'raw_base64')} FROM read_parquet(${quote(path)})
    WHERE ${conditionFor(filter)} ${limit === null ? '' : `LIMIT ${limit}`}`;
  return withDuckDb(LIMITS, async (connection) => {
    const result = await connection.stream(sql);
    let count = 0;
    for await (const rows of result.yieldRowsJson()) {
      for (const row of rows) await take(toLine(row));
      count += rows.length;
    }
    return count;
  });
}

function conditionFor({ reason, object, isRejected = false }: QuarantineFilter): string {
  const conditions = ['true'];
  if (reason !== undefined) conditions.push(`reason = ${quote(reason)}`);
  if (object !== undefined) conditions.push(`object = ${quote(object)}`);
  if (isRejected) conditions.push("reason <> 'superseded'");
  return conditions.join(' AND ');
}

function columnsFor(raw: string, base64: string): string {
  return `object, line_number::DOUBLE AS line, byte_offset::DOUBLE AS "offset", reason, detail,
    ${raw} AS raw, ${base64} AS base64, raw_bytes::DOUBLE AS raw_bytes`;
}

function toLine(row: readonly unknown[]): KeptLine {
  const [object, line, offset, reason, detail, raw, rawBase64, rawBytes] = row;
  return { object, line, offset, reason, detail, raw, rawBase64, rawBytes } as KeptLine;
}
