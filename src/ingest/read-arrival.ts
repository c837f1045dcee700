import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Day } from '../domain/day.ts';
import { TerminalError } from '../domain/failure.ts';
import { type ArrivalLedger, imbalanceOfArrival, type RowsByEventDay, sum } from '../domain/ledger.ts';
import type { ReasonCode } from '../domain/reason.ts';
import { type DuckDbLimits, readRows, withDuckDb } from '../engine/duckdb.ts';
import { acceptedColumns, type ClassifyRules, classifySql, quote } from './classify-sql.ts';
import { decompress } from './decompress.ts';
import { LineIndex } from './line-index.ts';
import { createQuarantine, type Quarantine } from './quarantine.ts';
import { scanLines } from './scan-lines.ts';
import { screenSql } from './screen-sql.ts';

/** One raw object to read; `open` gives its bytes as they are stored. */
export interface RawObject {
  readonly key: string;
  open(): Promise<Readable>;
}

/** Rules of reading and limits, in bytes. */
export interface ReadRules extends ClassifyRules {
  readonly maxLineBytes: number;
}

/** What an arrival's lines became. Files are Parquet in the scratch folder. */
export interface ReadArrival {
  readonly acceptedFile: string;
  readonly quarantineFile: string;
  readonly ledger: ArrivalLedger;
  readonly acceptedByEventDay: RowsByEventDay;
  /** Accepted rows by event type. */
  readonly eventTypes: Readonly<Record<string, number>>;
  /** Uncompressed. */
  readonly bytes: number;
}

const KEPT_OF_OVERSIZED = 65_536;

/**
 * Reads all raw objects of an arrival into accepted rows and quarantined lines. Two readers count the lines, the byte
 * scanner and DuckDB; a difference between them is an `AuditError`.
 */
export async function readArrival(
  objects: readonly RawObject[],
  rules: ReadRules,
  scratch: string,
  limits: DuckDbLimits,
): Promise<ReadArrival> {
  const files = {
    lines: join(scratch, 'lines.txt'),
    screened: join(scratch, 'screened.parquet'),
    accepted: join(scratch, 'accepted.parquet'),
    quarantine: join(scratch, 'quarantine.parquet'),
  };
  return withDuckDb({ ...limits, tempFolder: join(scratch, 'spill') }, async (connection) => {
    const quarantine = await createQuarantine(connection);
    const index = new LineIndex();
    const scanned = await scanObjects(objects, files.lines, index, quarantine, rules);
    await connection.run(`COPY (${screenSql(linesSql(files.lines, rules.maxLineBytes), rules)})
      TO ${quote(files.screened)} (FORMAT parquet, COMPRESSION uncompressed)`);
    await judgeTheRest(connection, files.screened, rules);
    await quarantineRejected(connection, index, quarantine);
    await writeAccepted(connection, files.screened, files.accepted);
    await quarantine.write(files.quarantine);
    const counted = await countRows(connection, files.accepted);
    const ledger = { lines: scanned.lines, superseded: 0, ...counted.ledger };
    checkCounts(ledger, rules.day);
    const { acceptedByEventDay, eventTypes } = counted;
    const [acceptedFile, quarantineFile] = [files.accepted, files.quarantine];
    return { acceptedFile, quarantineFile, ledger, acceptedByEventDay, eventTypes, bytes: scanned.bytes };
  });
}

async function scanObjects(
  objects: readonly RawObject[],
  path: string,
  index: LineIndex,
  quarantine: Quarantine,
  rules: ReadRules,
): Promise<{ lines: number; bytes: number }> {
  const out = createWriteStream(path, { highWaterMark: 1_048_576 });
  const total = { lines: 0, bytes: 0 };
  for (const object of objects) {
    index.beginObject(object.key);
    const sink = {
      write: (bytes: Uint8Array) => writeTo(out, bytes),
      locate: (lineNumber: number, byteOffset: number) => index.add(lineNumber, byteOffset),
      setAside: (line: Parameters<Quarantine['addAside']>[1]) => quarantine.addAside(object.key, line),
    };
    const limits = { maxLineBytes: rules.maxLineBytes, keepBytes: KEPT_OF_OVERSIZED };
    const count = await scanLines(decompress(object.key, await object.open()), sink, limits);
    if (count.bytes === 0) {
      throw new TerminalError('UnreadableObject', `${object.key} is empty. Land it again, or remove it.`, {
        key: object.key,
      });
    }
    total.lines += count.lines;
    total.bytes += count.bytes;
  }
  out.end();
  await finished(out);
  return total;
}

/** Writes and waits while the stream is full. */
export async function writeTo(out: WriteStream, bytes: Uint8Array): Promise<void> {
  if (!out.write(bytes)) await once(out, 'drain');
}

/** The lines of a scanned text file as a relation with the columns `seq`, from 0, and `line`. */
export function linesSql(path: string, maxLineBytes: number): string {
  const longest = Math.max(2_097_152, maxLineBytes + 1024);
  return `(SELECT row_number() OVER () - 1 AS seq, line FROM read_csv(${quote(path)}, columns = {'line': 'VARCHAR'},
    delim = '\x01', quote = '', escape = '', comment = '', header = false, auto_detect = false, nullstr = '\x02',
    new_line = '\\n', strict_mode = false, max_line_size = ${longest}))`;
}

async function judgeTheRest(connection: DuckDBConnection, screened: string, rules: ReadRules): Promise<void> {
  const rest = `(SELECT seq, line FROM read_parquet(${quote(screened)}) WHERE NOT plain)`;
  await connection.run(`CREATE TEMP TABLE judged AS ${classifySql(rest, rules)}`);
}

async function quarantineRejected(
  connection: DuckDBConnection,
  index: LineIndex,
  quarantine: Quarantine,
): Promise<void> {
  const result = await connection.stream(
    'SELECT seq::DOUBLE, reason, detail, line FROM judged WHERE reason IS NOT NULL ORDER BY seq',
  );
  for await (const rows of result.yieldRows()) {
    for (const [seq, reason, detail, line] of rows as [number, ReasonCode, string, string][]) {
      quarantine.add(index.placeOf(seq), reason, detail, line);
    }
  }
}

async function writeAccepted(connection: DuckDBConnection, screened: string, path: string): Promise<void> {
  const columns = acceptedColumns.map((name) => `"${name}"`).join(', ');
  await connection.run(`COPY (
    SELECT ${columns} FROM (
      SELECT seq, ${columns} FROM read_parquet(${quote(screened)}) WHERE plain
      UNION ALL SELECT seq, ${columns} FROM judged WHERE reason IS NULL
    ) ORDER BY seq
  ) TO ${quote(path)} (FORMAT parquet, COMPRESSION zstd)`);
}

async function countRows(
  connection: DuckDBConnection,
  acceptedFile: string,
): Promise<{
  ledger: Pick<ArrivalLedger, 'accepted' | 'rejected'>;
  acceptedByEventDay: RowsByEventDay;
  eventTypes: Record<string, number>;
}> {
  const group = async (sql: string) =>
    Object.fromEntries((await readRows(connection, sql)).map(({ name, n }) => [String(name), Number(n)]));
  const accepted = `read_parquet(${quote(acceptedFile)})`;
  const byDay = await group(
    `SELECT event_day::VARCHAR AS name, count(*) AS n FROM ${accepted} GROUP BY 1 ORDER BY 1`,
  );
  const eventTypes = await group(
    `SELECT event_type AS name, count(*) AS n FROM ${accepted} GROUP BY 1 ORDER BY 1`,
  );
  const rejected = await group('SELECT reason AS name, count(*) AS n FROM quarantine GROUP BY 1 ORDER BY 1');
  const ledger = { accepted: sum(Object.values(byDay)), rejected };
  return { ledger, acceptedByEventDay: byDay, eventTypes };
}

function checkCounts(ledger: ArrivalLedger, day: Day): void {
  const off = imbalanceOfArrival(ledger);
  if (off === 0) return;
  throw new TerminalError(
    'AuditError',
    `The lines of ${day} do not add up: the scanner counted ${ledger.lines}, accepted and rejected differ from that by ${off}.`,
    { day, ledger },
  );
}
