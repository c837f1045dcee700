import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import pl, { type LazyDataFrame } from 'nodejs-polars';
import { framesOf } from '../src/activities/aggregate.ts';
import { writeEvents } from '../src/activities/clean.ts';
import { funnelOf } from '../src/activities/rules.ts';
import { cutIntoShards, shardsFor } from '../src/activities/shards.ts';
import { type TableFiles, withTableFiles } from '../src/activities/table-files.ts';
import { PLAYER_DAYS_A_SHARD, writeWholeTables } from '../src/activities/write-whole-tables.ts';
import { configSchema } from '../src/config/schema.ts';
import { addDays, type Day } from '../src/domain/day.ts';
import type { PublishedTable } from '../src/domain/tables.ts';
import { parquetSource, quote, withDuckDb } from '../src/engine/duckdb.ts';
import { readProfiles } from '../src/ingest/read-profiles.ts';
import { duckDbTypes } from '../src/schema/column.ts';
import { eventTypeNames, propertyNames, propertyOf } from '../src/schema/contract.ts';
import { columnTypeOf } from '../src/schema/tables/events-cleaned.ts';
import { countColumnOf } from '../src/schema/tables/player-days.ts';
import { sha256OfFile } from '../src/storage/sha256.ts';
import { dayStatesFrame, listDayStates } from '../src/transforms/calendar.ts';
import { buildSessions } from '../src/transforms/sessions.ts';
import { withinRange } from '../src/transforms/value-range.ts';

/**
 * Measures what large games ask of the tables: one event day of ten million events, whole and in several numbers of shards, and the
 * cross-day tables over many days of many players. Each measurement is a process of its own, which tells its time and most memory.
 */
const { values: options } = parseArgs({
  options: {
    events: { type: 'string', default: '10000000' },
    shards: { type: 'string', default: '' },
    days: { type: 'string', default: '1000' },
    players: { type: 'string', default: '50000' },
    what: { type: 'string', default: 'day,cross' },
    /** Folder of made data: the child process of a measurement. */
    folder: { type: 'string' },
  },
});
const config = configSchema.parse({});
const duckDb = { threads: 1, memoryMb: config.worker.memoryMb };
const day = '2026-01-15' as Day;
const PART_ROWS = 491_520;

async function makeAccepted(folder: string, events: number): Promise<void> {
  const types: Readonly<Record<string, string>> = {
    level: 'n % 60',
    success: 'n % 3 > 0',
    time_spent: '(n % 4000) / 10.0',
  };
  const columns = propertyNames.map((name) => {
    const type = duckDbTypes[columnTypeOf[propertyOf(name).kind]];
    const value =
      types[name] ??
      (name === 'session_id'
        ? 'uuid()::VARCHAR'
        : name === 'amount'
          ? "CASE WHEN type = 'purchase' THEN 4.99 END"
          : 'NULL');
    return `(${value})::${type} AS ${name}`;
  });
  await withDuckDb({ threads: 2, memoryMb: 2048, tempFolder: join(folder, 'spill') }, async (connection) => {
    await connection.run('SELECT setseed(0.5)');
    for (let from = 0; from < events; from += PART_ROWS) {
      const to = Math.min(events, from + PART_ROWS);
      await connection.run(`COPY (
        SELECT md5((n - n % 100 // 99)::VARCHAR) AS event_id, md5((hash(n) % ${Math.ceil(events / 33)})::VARCHAR) AS player_id, type AS event_type,
          TIMESTAMP '${day} 00:00:00' + to_microseconds(((hash(n + 1) % 86400000000))::BIGINT) AS timestamp, DATE '${day}' AS event_day,
          ${columns.join(', ')}
        FROM (SELECT n, [${eventTypeNames.map(quote).join(', ')}][1 + n % ${eventTypeNames.length}] AS type FROM range(${from}, ${to}) t(n))
      ) TO ${quote(join(folder, `accepted-${String(from).padStart(12, '0')}.parquet`))} (FORMAT parquet, COMPRESSION zstd)`);
    }
  });
}

async function measureDay(folder: string): Promise<void> {
  const files = (await readdir(folder)).filter((name) => name.startsWith('accepted-')).sort();
  const pieces = [{ arrival: day, files: files.map((name) => join(folder, name)) }];
  const shards = options.shards === '' ? shardsFor(Number(options.events)) : Number(options.shards);
  const scratch = await mkdtemp(join(folder, 'day-'));
  const began = performance.now();
  const { written, ledger } = await writeEvents({ config, duckDb }, scratch, { day }, pieces, {
    rates: { USD: '1' },
    shards,
  });
  const cleaned = `${((performance.now() - began) / 1000).toFixed(0)} s and ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB`;
  const rows = pl.scanParquet(written.file);
  const none = rows.filter(pl.lit(false));
  const hashes: string[] = [await sha256OfFile(written.file)];
  await withTableFiles(duckDb, scratch, async (tables) => {
    const own = await framesOf(tables.connection, written.file, shards, funnelOf(config));
    const ranges = await cutIntoShards(tables.connection, parquetSource([written.file]), 'player_id', shards);
    const sessions = ranges.map((range) =>
      buildSessions(none, withinRange(rows, 'player_id', range), none, { day, nextIsComplete: true }),
    );
    for (const [table, frames] of Object.entries({ ...own, sessions }) as [PublishedTable, LazyDataFrame[]][])
      hashes.push(await sha256OfFile((await tables.write(table, frames)).file));
  });
  report(
    `${ledger.cameIn.toLocaleString('en-US')} events in ${shards} shards, clean ${cleaned}`,
    began,
    hashes,
  );
}

async function makeDays(folder: string, days: number, players: number): Promise<void> {
  const counts = eventTypeNames.map((type) => `(n % 7)::BIGINT AS ${countColumnOf(type)}`);
  await withDuckDb({ threads: 2, memoryMb: 4096, tempFolder: join(folder, 'spill') }, async (connection) => {
    for (let n = 0; n < days; n += 1) {
      const date = addDays('2024-01-01' as Day, n);
      const active = `FROM (SELECT (${n} * 400 + hash(${n} * 1000003 + k) % ${4 * players})::BIGINT AS n FROM range(${Math.round(players + players / 7)}) t(k)) GROUP BY n`;
      const shared = `DATE '${date}' AS date, md5(n::VARCHAR) AS player_id`;
      const at = `(TIMESTAMP '${date} 10:00:00' AT TIME ZONE 'UTC')`;
      await connection.run(`COPY (SELECT ${shared}, 20::BIGINT AS events, ${at} AS first_event_at, ${at} AS last_event_at, ${counts.join(', ')},
        1::BIGINT AS levels_completed, 5::BIGINT AS highest_level, 0::BIGINT AS purchases_unconverted, n % 40 = 0 AS is_payer,
        (CASE WHEN n % 40 = 0 THEN 4.99 ELSE 0 END)::DECIMAL(18,4) AS revenue, 0.01::DECIMAL(18,4) AS ad_revenue,
        ['DE', 'US', 'JP'][1 + n % 3] AS country, 'ios' AS platform, NULL::VARCHAR AS source ${active} ORDER BY 2)
        TO ${quote(join(folder, `player_days-${date}.parquet`))} (FORMAT parquet, COMPRESSION zstd)`);
      await connection.run(`COPY (SELECT ${shared}, 1::BIGINT AS session_number, ${at} AS started_at, ${at} + INTERVAL 9 MINUTE AS ended_at,
        540.0::DOUBLE AS duration_s, 20::BIGINT AS events, 0::BIGINT AS purchases, 0::DECIMAL(18,4) AS revenue, 0::DECIMAL(18,4) AS ad_revenue, false AS is_open
        ${active} ORDER BY 2) TO ${quote(join(folder, `sessions-${date}.parquet`))} (FORMAT parquet, COMPRESSION zstd)`);
      await connection.run(`COPY (SELECT ${shared}, ((n + ${n}) % 60)::BIGINT AS level, 2::BIGINT AS starts, 1::BIGINT AS wins, 1::BIGINT AS losses, 80.5::DOUBLE AS time_spent_s,
        1::BIGINT AS starts_until_win, 40.25::DOUBLE AS time_until_win_s, ${at} AS first_start_at, ${at} AS first_win_at ${active} ORDER BY 2)
        TO ${quote(join(folder, `player_levels-${date}.parquet`))} (FORMAT parquet, COMPRESSION zstd)`);
      await connection.run(`COPY (SELECT ${shared}, (1 + (n + ${n}) % 5)::BIGINT AS step, ${at} AS matched_at ${active} ORDER BY 2)
        TO ${quote(join(folder, `funnel_steps-${date}.parquet`))} (FORMAT parquet, COMPRESSION zstd)`);
    }
  });
}

async function measureCross(folder: string): Promise<void> {
  const names = (await readdir(folder)).sort();
  const filesOf = (table: string) =>
    names.filter((name) => name.startsWith(`${table}-`)).map((name) => join(folder, name));
  const files = {
    player_days: filesOf('player_days'),
    sessions: filesOf('sessions'),
    player_levels: filesOf('player_levels'),
    funnel_steps: filesOf('funnel_steps'),
  };
  const days = Number(options.days);
  const known = new Set(Array.from({ length: days }, (_, n) => addDays('2024-01-01' as Day, n)));
  const shards =
    options.shards === ''
      ? shardsFor(days * Number(options.players), PLAYER_DAYS_A_SHARD)
      : Number(options.shards);
  const scratch = await mkdtemp(join(folder, 'cross-'));
  const began = performance.now();
  const parts: string[] = [];
  const hashes: string[] = [];
  await withTableFiles(duckDb, scratch, async (tables) => {
    let since = performance.now();
    const write: TableFiles['write'] = async (table, frames) => {
      const written = await tables.write(table, frames);
      const seconds = ((performance.now() - since) / 1000).toFixed(0);
      parts.push(`${table} ${seconds} s (${written.rows.toLocaleString('en-US')} rows)`);
      since = performance.now();
      hashes.push(await sha256OfFile(written.file));
      return written;
    };
    const read = await readProfiles([], config.pipeline.maxLineBytes, scratch, duckDb);
    await writeWholeTables(config, { connection: tables.connection, write }, scratch, {
      files,
      profiles: pl.scanParquet(read.file),
      dayStates: dayStatesFrame(listDayStates(known, known, config.pipeline)).lazy(),
      shards,
    });
  });
  const what = `${options.days} days × ${Number(options.players).toLocaleString('en-US')} players in ${shards} shards`;
  report(`${what}: ${parts.join(', ')}`, began, hashes);
}

function report(what: string, began: number, hashes: readonly string[]): void {
  const seconds = (performance.now() - began) / 1000;
  const memory = process.resourceUsage().maxRSS / 1024;
  console.log(
    `${what}; all in ${seconds.toFixed(0)} s, at most ${memory.toFixed(0)} MB${hashes.length === 0 ? '' : `\nsha256 ${hashes.map((hash) => hash.slice(0, 8)).join(' ')}`}`,
  );
}

/** Runs a measurement in a process of its own. */
async function measure(what: string, folder: string, shards = ''): Promise<void> {
  const args = [import.meta.filename, '--folder', folder, '--what', what, '--shards', shards];
  for (const name of ['events', 'days', 'players'] as const) args.push(`--${name}`, options[name]);
  const { stdout } = await promisify(execFile)(process.execPath, args);
  console.log(stdout.trim());
}

if (options.folder === undefined) {
  const folder = await mkdtemp(join(tmpdir(), 'questline-bench-'));
  try {
    if (options.what.includes('day')) {
      await makeAccepted(folder, Number(options.events));
      for (const shards of ['', ...options.shards.split(',').filter((text) => text !== '')])
        await measure('day', folder, shards);
    }
    if (options.what.includes('cross')) {
      await makeDays(folder, Number(options.days), Number(options.players));
      await measure('cross', folder);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
} else if (options.what === 'day') await measureDay(options.folder);
else await measureCross(options.folder);
