import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseDay } from '../../src/domain/day.ts';
import { publishedTables } from '../../src/domain/tables.ts';
import { quote, readRows, withDuckDb } from '../../src/engine/duckdb.ts';
import { startBackfill } from '../../src/operations/start-runs.ts';
import { metadataOf } from '../../src/schema/tables.ts';
import type { CommandResult } from '../support/command.ts';
import { runCommandLine } from '../support/command-line.ts';
import { makeEvent, toLines } from '../support/events.ts';
import { createWorld, type World } from '../support/world.ts';

const days = ['2026-01-05', '2026-01-06'].map(parseDay);
/** Texts that a spreadsheet or a CSV reader could take for something else. */
const texts = [
  '=1+1',
  '+49',
  '-7',
  '@sum',
  'a,b',
  'say "hi"',
  'two\nlines',
  'Ähre 日本 😀',
  ' spaced ',
  '007',
  '',
];
let world: World;
let folder: string;

const run = (...args: readonly string[]): Promise<CommandResult> => runCommandLine(args, world.env);

beforeAll(async () => {
  world = await createWorld('export', {
    QUESTLINE_QUALITY_MINIMUM_EVENTS_SEVERITY: 'off',
    QUESTLINE_QUALITY_REQUIRED_TYPES_SEVERITY: 'off',
    QUESTLINE_QUALITY_NULL_SHARE_SEVERITY: 'off',
  });
  folder = await mkdtemp(join(tmpdir(), 'questline-export-test-'));
  for (const day of days) {
    const events = texts.map((product_id, n) =>
      makeEvent({
        event_id: `${day}-${n}`,
        event_type: 'purchase',
        timestamp: `${day}T10:00:00.123456Z`,
        properties: { amount: 4.99, ...(product_id === '' ? {} : { product_id }) },
      }),
    );
    await world.store.write(`raw/dt=${day}/a.ndjson`, toLines(events));
  }
  await world.startWorker();
  await (await startBackfill(world.client, world.config, { from: days[0]!, to: days[1]! })).result();
});
afterAll(async () => {
  await world.close();
  await rm(folder, { recursive: true, force: true });
});

describe('export', () => {
  it('writes CSV that spreadsheets open right: mark, header, texts as texts, times and money as they are', async () => {
    const out = join(folder, 'events.csv');
    const { code, stdout } = await run('export', 'events_cleaned', '--from', '2026-01-06', '--out', out);
    expect([code, stdout]).toEqual([0, `${out}: ${texts.length} rows of events_cleaned.\n`]);
    const bytes = await readFile(out);
    expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    const data = await withDuckDb({ threads: 1, memoryMb: 256 }, (connection) =>
      readRows(connection, `FROM read_csv(${quote(out)}, all_varchar = true, header = true, delim = ',')`),
    );
    expect(
      data.map(({ event_id, product_id }) => [Number(String(event_id).split('-').at(-1)), product_id ?? '']),
    ).toEqual(
      data.map(({ event_id }) => {
        const n = Number(String(event_id).split('-').at(-1));
        const text = texts[n] ?? '';
        return [n, /^[=+\-@]/.test(text) ? `'${text}` : text];
      }),
    );
    expect(new Set(data.map(({ timestamp }) => timestamp))).toEqual(new Set(['2026-01-06 10:00:00.123']));
    expect(
      new Set(data.map(({ date, amount, level }) => `${String(date)} ${String(amount)} ${String(level)}`)),
    ).toEqual(new Set(['2026-01-06 4.9900 null']));
  });

  it('writes NDJSON with every value as it is', async () => {
    const out = join(folder, 'events.ndjson');
    expect(
      (await run('export', 'events_enriched', '--to', '2026-01-05', '--format', 'ndjson', '--out', out)).code,
    ).toBe(0);
    const rows = (await readFile(out, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(rows.map(({ product_id }) => product_id).sort()).toEqual(
      texts.map((text) => (text === '' ? null : text)).sort(),
    );
    expect(new Set(rows.map(({ timestamp }) => timestamp))).toEqual(new Set(['2026-01-05T10:00:00.123456Z']));
    expect(
      new Set(rows.map(({ amount, acquisition_date }) => `${String(amount)} ${String(acquisition_date)}`)),
    ).toEqual(new Set(['4.99 2026-01-05']));
  });

  it.each(publishedTables)(
    'writes %s as Parquet that a reader in plain JavaScript takes, with its definitions',
    async (table) => {
      const out = join(folder, `${table}.parquet`);
      const { code, stdout } = await run('export', table, '--format', 'parquet', '--out', out, '--json');
      expect(code).toBe(0);
      const bytes = await readFile(out);
      const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
      const metadata = await parquetMetadataAsync(file);
      const told = (metadata.key_value_metadata ?? []).map(({ key, value }) => [key, value]);
      expect(Object.fromEntries(told)).toEqual(metadataOf(table));
      const rows = await parquetReadObjects({ file, compressors });
      expect(rows).toHaveLength((JSON.parse(stdout) as { rows: number }).rows);
      const { stdout: asked } = await run('query', `select * from ${table}`, '--json');
      const wanted = JSON.parse(asked) as Record<string, unknown>[];
      expect(rows).toHaveLength(wanted.length);
      expect(rows.map(toJson)).toEqual(
        wanted.map((row) =>
          Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plain(value)])),
        ),
      );
    },
  );

  it.each([
    [['export', 'nothing'], /"nothing" is no table; expected one of events_cleaned, player_days/],
    [['export', 'players', '--format', 'xlsx'], /--format is "xlsx"; expected one of csv, parquet, ndjson/],
    [['export', 'players', '--from', '2026-01-05'], /players has no row a day: leave --from and --to out/],
    [['export', 'sessions', '--from', '2026-01-06', '--to', '2026-01-05'], /ends before it begins/],
    [['query'], /neither SQL nor --file is given/],
    [['query', 'select 1', '--file', 'x.sql'], /both SQL and --file are given/],
    [['query', '--file', 'none.sql'], /--file is "none.sql"; there is no such file/],
  ])('%j is refused with what was expected', async (args, message) => {
    const { code, stderr } = await run(...args);
    expect([code, stderr]).toEqual([2, expect.stringMatching(message)]);
  });

  it('leaves a file that is there as it is, unless it is told to replace it', async () => {
    const out = join(folder, 'there.csv');
    await writeFile(out, 'mine');
    const refused = await run('export', 'players', '--out', out);
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining(`${out} is there already`)]);
    expect(await readFile(out, 'utf8')).toBe('mine');
    expect((await run('export', 'players', '--out', out, '--force')).code).toBe(0);
    expect(await readFile(out, 'utf8')).toContain('player_id');
  });

  it('says which folder is not there, and writes nothing', async () => {
    const out = join(folder, 'none', 'x.csv');
    const { code, stderr } = await run('export', 'players', '--out', out);
    expect([code, stderr]).toEqual([2, expect.stringContaining(`${join(folder, 'none')} is not there`)]);
    await expect(access(out)).rejects.toThrow();
  });
});

describe('query --file', () => {
  it('asks what a file of sql/ asks', async () => {
    const { code, stdout } = await run('query', '--file', 'sql/daily_metrics.sql', '--json');
    expect(code).toBe(0);
    expect((JSON.parse(stdout) as unknown[]).length).toBe(2);
  });
});

/** A value of the JavaScript reader as `query --json` shows it. */
function toJson(row: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plain(value)]));
}

function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Date) return value.getTime();
  if (typeof value === 'string' && /^\d{4}-\d{2}-\d{2}( \d{2}:\d{2}:\d{2}(\.\d+)?\+00)?$/.test(value))
    return Date.parse(
      value.length === 10 ? value : `${value.slice(0, 23).replace(' ', 'T').replace('+00', '')}Z`,
    );
  return value;
}
