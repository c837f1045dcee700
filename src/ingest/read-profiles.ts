import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { type DuckDbLimits, readRows, withDuckDb } from '../engine/duckdb.ts';
import { quote } from './classify-sql.ts';
import { decompress } from './decompress.ts';
import { linesSql, type RawObject, writeTo } from './read-arrival.ts';
import { scanLines } from './scan-lines.ts';

/** The profiles of all objects under `raw/players/`, and how many lines could not be read. */
export interface ReadProfiles {
  /** Parquet: player_id, profile_date, segment, country, platform, source; one row a player, sorted. */
  readonly file: string;
  readonly rejected: number;
}

const shape = JSON.stringify({
  player_id: 'VARCHAR',
  acquisition_date: 'VARCHAR',
  segment: 'VARCHAR',
  country: 'VARCHAR',
  platform: 'VARCHAR',
  source: 'VARCHAR',
});

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
  const path = join(scratch, 'profiles.txt');
  const file = join(scratch, 'profiles.parquet');
  let aside = 0;
  const out = createWriteStream(path);
  const sink = {
    write: (bytes: Uint8Array) => writeTo(out, bytes),
    locate: () => {},
    setAside: () => {
      aside += 1;
    },
  };
  for (const object of objects) {
    await scanLines(decompress(object.key, await object.open()), sink, { maxLineBytes, keepBytes: 0 });
  }
  out.end();
  await finished(out);
  return withDuckDb(limits, async (connection) => {
    await connection.run(`CREATE TEMP TABLE profiles AS
      SELECT seq, json_transform(CASE WHEN json_valid(line) THEN line::JSON END, ${quote(shape)}) AS p
      FROM ${linesSql(path, maxLineBytes)}`);
    await connection.run(`COPY (
      SELECT p.player_id AS player_id, arg_max_null(try_cast(p.acquisition_date AS DATE), seq) AS profile_date,
        ${['segment', 'country', 'platform', 'source'].map((name) => `arg_max_null(p.${name}, seq) AS ${name}`).join(', ')}
      FROM profiles WHERE p.player_id <> '' GROUP BY 1 ORDER BY 1
    ) TO ${quote(file)} (FORMAT parquet)`);
    const sql = "SELECT count(*) FILTER (p.player_id IS NULL OR p.player_id = '') AS n FROM profiles";
    const [row] = await readRows(connection, sql);
    return { file, rejected: aside + Number(row?.['n'] ?? 0) };
  });
}
