import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type DuckDbLimits, quote } from '../engine/duckdb.ts';
import { withLentDuckDb } from '../engine/lent-duckdb.ts';
import { care } from './csv-row.ts';
import { decompress } from './decompress.ts';
import { kinds } from './json-scanner.ts';
import { ObjectReader } from './object-reader.ts';
import type { RawObject } from './read-arrival.ts';
import { RowWriter, rowFormatSql } from './row-writer.ts';
import { LineScanner } from './scan-lines.ts';
import { scanRecords } from './scan-records.ts';

/** The profiles of all objects under `raw/players/`, and how many lines could not be read. */
export interface ReadProfiles {
  /** Parquet: player_id, profile_date, segment, country, platform, source; one row a player, sorted. */
  readonly file: string;
  readonly rejected: number;
}

const names = ['player_id', 'acquisition_date', 'segment', 'country', 'platform', 'source'];
const columnsSql = `{seq: 'BIGINT', ${names.map((name) => `${name}: 'VARCHAR'`).join(', ')}}`;

/**
 * Reads player profiles, one JSON object a line with `player_id` and any of acquisition_date, segment, country, platform,
 * source. For a player the last by object key, then line, wins. Lines without a player id are counted as rejected.
 */
export async function readProfiles(
  objects: readonly RawObject[],
  maxLineBytes: number,
  scratch: string,
  limits: DuckDbLimits,
): Promise<ReadProfiles> {
  const rows = new RowWriter(join(scratch, 'profiles.tsv'));
  const file = join(scratch, 'profiles.parquet');
  const reader = new ObjectReader({ names });
  let rejected = 0;
  const sink = {
    line: (bytes: Buffer, start: number, end: number) => {
      if (reader.read(bytes, start, end) && hasText(reader, 0)) writeProfile(reader, rows, end - start);
      else rejected += 1;
    },
    setAside: () => {
      rejected += 1;
    },
  };
  try {
    for (const object of objects) {
      const scanner = new LineScanner(sink, { maxLineBytes, keepBytes: maxLineBytes, beginningBytes: 0 });
      await scanRecords(decompress(object.key, await object.open()), scanner);
    }
  } finally {
    rows.close();
  }
  await withLentDuckDb(limits, (connection) =>
    connection.run(`COPY (
      SELECT player_id, arg_max_null(try_cast(acquisition_date AS DATE), seq) AS profile_date,
        ${names
          .slice(2)
          .map((name) => `arg_max_null(${name}, seq) AS ${name}`)
          .join(', ')}
      FROM read_csv(${quote(rows.path)}, columns = ${columnsSql}, ${rowFormatSql},
        max_line_size = ${Math.max(2_097_152, rows.longest + 1024)})
      GROUP BY 1 ORDER BY 1
    ) TO ${quote(file)} (FORMAT parquet)`),
  );
  await rm(rows.path);
  return { file, rejected };
}

function hasText({ kinds: found, starts, ends }: ObjectReader, slot: number): boolean {
  return found[slot] === kinds.text && starts[slot] !== ends[slot];
}

function writeProfile(reader: ObjectReader, rows: RowWriter, most: number): void {
  rows.beginRow(reader.bytes, most);
  rows.plain(String(rows.rows));
  rows.endField();
  for (let slot = 0; slot < names.length; slot += 1) {
    const isText = reader.kinds[slot] === kinds.text;
    if (isText && (reader.care[slot] !== care.none || !hasText(reader, slot)))
      rows.quote(reader.textOf(slot));
    else if (isText) rows.copy(reader.starts[slot] as number, reader.ends[slot] as number);
    rows.endField();
  }
  rows.endRow();
}
