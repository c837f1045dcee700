import { execFile } from 'node:child_process';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs, promisify } from 'node:util';
import { loadPreset } from '../src/config/load-preset.ts';
import { addDays, type Day } from '../src/domain/day.ts';
import { quote, withDuckDb } from '../src/engine/duckdb.ts';
import { Simulation } from '../src/generator/simulation.ts';
import { type ReadArrival, readArrival } from '../src/ingest/read-arrival.ts';
import { duckDbTypes } from '../src/schema/column.ts';
import { propertyNames, propertyOf } from '../src/schema/contract.ts';
import { columnTypeOf } from '../src/schema/tables/events-cleaned.ts';
import { FolderSink } from '../src/storage/folder-sink.ts';
import { landGeneratedDay } from '../src/storage/land-generated.ts';

/**
 * Compares the reading of an arrival with DuckDB's own `read_json` that ignores what it can't read and writes the same columns: over
 * thirty generated day files and over all of them as one object, in turn, with as many threads. With `--large`, makes one object of
 * 5 GB and tells how much memory its reading takes at its peak.
 */
const { values: options } = parseArgs({
  options: {
    threads: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '5' },
    memory: { type: 'string', default: '1024' },
    large: { type: 'boolean', default: false },
    /** Reads one object and prints what that took: the child process of `--large`. */
    object: { type: 'string' },
  },
});
const duckDb = { threads: Number(options.threads), memoryMb: Number(options.memory) };
const LARGE_BYTES = 5e9;
const DAYS = 30;
const rules = {
  lateWindowDays: 40,
  futureWindowDays: 40,
  naiveTimestamps: 'reject',
  maxLineBytes: 1_048_576,
  baseCurrency: 'USD',
  outlierAmount: 1000,
} as const;
const day = '2026-01-15' as Day;

async function readOurs(path: string, scratch: string): Promise<ReadArrival> {
  const object = { key: path, open: async () => createReadStream(path, { highWaterMark: 262_144 }) };
  return readArrival([object], { ...rules, day }, scratch, duckDb);
}

async function readTheirs(path: string, scratch: string): Promise<void> {
  const types = propertyNames.map((name) => `${name} ${duckDbTypes[columnTypeOf[propertyOf(name).kind]]}`);
  const properties = propertyNames.map((name) => `properties.${name} AS ${name}`);
  await withDuckDb(duckDb, (connection) =>
    connection.run(`COPY (
      SELECT event_id, player_id, event_type, timestamp, timestamp::DATE AS event_day, ${properties.join(', ')}
      FROM read_json(${quote(path)}, format = 'newline_delimited', ignore_errors = true, columns = {event_id: 'VARCHAR',
        player_id: 'VARCHAR', event_type: 'VARCHAR', timestamp: 'TIMESTAMP', properties: 'STRUCT(${types.join(', ')})'})
    ) TO ${quote(join(scratch, 'theirs.parquet'))} (FORMAT parquet, COMPRESSION zstd)`),
  );
}

async function generateDays(folder: string): Promise<string[]> {
  const model = loadPreset('default', {});
  const output = { format: 'ndjson', compression: 'none', files: 1 } as const;
  const simulation = new Simulation({ seed: 1, model, scenario: null, output });
  const identity = { spec: '', preset: 'default', scenario: null, seed: 1, players: model.players };
  const keys: string[] = [];
  for (let n = 0; n < DAYS; n += 1) {
    const made = await landGeneratedDay(
      new FolderSink(folder),
      simulation,
      identity,
      addDays(model.launchDay, n),
    );
    keys.push(...made.arrival.objects.map(({ key }) => join(folder, key)));
  }
  return keys;
}

/** All the files one after the other, again and again with other ids, until there are so many bytes. */
async function* repeat(paths: readonly string[], bytes: number): AsyncIterable<Buffer> {
  const ids = Buffer.from('{"event_id":"');
  let made = 0;
  for (let round = 0; made < bytes; round += 1) {
    const mark = Buffer.from(round.toString(36).padStart(3, '0'));
    for (const path of paths) {
      if (made >= bytes) return;
      const whole = Buffer.concat(await createReadStream(path).toArray());
      for (let at = whole.indexOf(ids); at >= 0; at = whole.indexOf(ids, at + 1))
        mark.copy(whole, at + ids.length);
      made += whole.length;
      yield whole;
    }
  }
}

interface Taken {
  readonly wall: number;
  /** Of all threads. */
  readonly cpu: number;
}

async function time(work: () => Promise<void>): Promise<Taken> {
  const before = process.cpuUsage();
  const began = performance.now();
  await work();
  const { user, system } = process.cpuUsage(before);
  return { wall: (performance.now() - began) / 1000, cpu: (user + system) / 1e6 };
}

/** The least that each takes in a few rounds: what else runs on the machine only adds to that. */
async function compare(what: string, paths: readonly string[], scratch: string): Promise<void> {
  const sizes = await Promise.all(paths.map(async (path) => (await stat(path)).size));
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  const theirs: Taken[] = [];
  const ours: Taken[] = [];
  let lines = 0;
  for (let round = 0; round < Number(options.rounds); round += 1) {
    theirs.push(
      await time(async () => {
        for (const path of paths) await readTheirs(path, scratch);
      }),
    );
    lines = 0;
    ours.push(
      await time(async () => {
        for (const path of paths) lines += (await readOurs(path, scratch)).ledger.lines;
      }),
    );
  }
  const least = (taken: readonly Taken[], kind: keyof Taken) => Math.min(...taken.map((one) => one[kind]));
  for (const kind of ['wall', 'cpu'] as const) {
    const [a, b] = [least(ours, kind), least(theirs, kind)];
    const rate = (seconds: number) =>
      `${seconds.toFixed(2)} s, ${Math.round(lines / seconds).toLocaleString('en-US')} lines/s, ${(bytes / seconds / 1e6).toFixed(0)} MB/s`;
    console.log(
      `${what}, ${kind}: readArrival ${rate(a)}; read_json ${rate(b)}; ratio ${(b / a).toFixed(2)}`,
    );
  }
}

async function measureLarge(paths: readonly string[], folder: string): Promise<void> {
  const path = join(folder, 'large.ndjson');
  await pipeline(Readable.from(repeat(paths, LARGE_BYTES)), createWriteStream(path));
  const child = [
    import.meta.filename,
    '--object',
    path,
    '--threads',
    options.threads,
    '--memory',
    options.memory,
  ];
  const { stdout } = await promisify(execFile)(process.execPath, child);
  console.log(stdout.trim());
}

async function bytesUnder(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const sizes = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) =>
        stat(join(entry.parentPath, entry.name)).then(
          ({ size }) => size,
          () => 0,
        ),
      ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function readOne(path: string): Promise<void> {
  const scratch = await mkdtemp(join(path, '..', 'read-'));
  const began = performance.now();
  let disk = 0;
  const look = async (): Promise<void> => {
    disk = Math.max(disk, await bytesUnder(scratch));
  };
  const watch = setInterval(() => void look(), 500);
  const { ledger, bytes, measures } = await readOurs(path, scratch);
  clearInterval(watch);
  const seconds = (performance.now() - began) / 1000;
  const rss = process.resourceUsage().maxRSS / 1024;
  console.log(
    `one object of ${(bytes / 1e9).toFixed(2)} GB, ${ledger.lines.toLocaleString('en-US')} lines: ${seconds.toFixed(0)} s, ${Math.round(ledger.lines / seconds).toLocaleString('en-US')} lines/s, at most ${rss.toFixed(0)} MB of memory and ${(disk / 1e6).toFixed(0)} MB of disk`,
  );
  console.log(
    JSON.stringify({ ledger, exact: measures.exactDuplicates, conflicting: measures.conflictingDuplicates }),
  );
  await rm(scratch, { recursive: true });
}

if (options.object === undefined) {
  const folder = await mkdtemp(join(tmpdir(), 'questline-bench-'));
  const scratch = join(folder, 'scratch');
  await mkdir(scratch);
  try {
    const paths = await generateDays(folder);
    if (options.large) await measureLarge(paths, folder);
    else {
      const one = join(folder, 'all.ndjson');
      await pipeline(Readable.from(repeat(paths, 2.4e8)), createWriteStream(one));
      await compare(`${DAYS} day files`, paths, scratch);
      await compare('one object', [one], scratch);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
} else await readOne(options.object);
