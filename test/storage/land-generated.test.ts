import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectRoot } from '../../src/config/load.ts';
import { readRows, withDuckDb } from '../../src/engine/duckdb.ts';
import { duckDb, landDays } from '../generator/landed-range.ts';
import { clean, daysOf, hashOf, makeDay, specFor } from '../generator/specs.ts';
import { runCommand, startCommand } from '../support/command.ts';

let scratch: string;
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'questline-land-generated-'));
});
afterAll(() => rm(scratch, { recursive: true }));

const unpack = { none: (bytes: Buffer) => bytes, gzip: gunzipSync, zstd: zstdDecompressSync };

describe('a generated day in a folder', () => {
  it.each(['ndjson', 'csv'] as const)('holds the same %s whatever the compression', async (format) => {
    for (const compression of ['none', 'gzip', 'zstd'] as const) {
      const spec = specFor('tiny', { players: 100, output: { format, compression } });
      const [day] = daysOf(spec);
      const folder = join(scratch, `${format}-${compression}`);
      const { truths } = await landDays(folder, spec, daysOf(spec, 1));
      const [object] = truths[0]?.arrival.objects ?? [];
      const stored = await readFile(join(folder, object?.key ?? ''));
      const text = unpack[compression](stored);
      expect(hashOf(text)).toBe(
        hashOf(Buffer.from(makeDay(spec, day ?? spec.model.launchDay).text, 'latin1')),
      );
      expect(text.length).toBe(object?.bytes);
      const suffix = { none: '', gzip: '.gz', zstd: '.zst' }[compression];
      expect(object?.key).toMatch(
        new RegExp(`^raw/dt=2026-01-01/generated-[0-9a-f]{24}\\.${format}${suffix.replace('.', '\\.')}$`),
      );
    }
  });

  it('has as CSV the same events as as NDJSON', async () => {
    const folders: string[] = [];
    for (const format of ['ndjson', 'csv'] as const) {
      const spec = specFor('tiny', { defects: clean, output: { format, compression: 'gzip' } });
      folders.push((await landDays(join(scratch, `same-${format}`), spec, daysOf(spec, 3))).folder);
    }
    const fields = `event_id, player_id, event_type, "timestamp", properties::JSON AS properties`;
    const rows = await withDuckDb(duckDb, async (connection) => {
      const json = `SELECT ${fields} FROM read_json('${folders[0]}/raw/dt=*/*.gz', format = 'newline_delimited', columns =
        {event_id: 'VARCHAR', player_id: 'VARCHAR', event_type: 'VARCHAR', timestamp: 'VARCHAR', properties: 'JSON'})`;
      const csv = `SELECT ${fields} FROM read_csv('${folders[1]}/raw/dt=*/*.gz', header = true, all_varchar = true, quote = '"', escape = '"')`;
      return readRows(
        connection,
        `SELECT (SELECT count(*) FROM (${json}))::INT AS n, (SELECT count(*) FROM ((${json}) EXCEPT (${csv})))::INT AS missing,
          (SELECT count(*) FROM ((${csv}) EXCEPT (${json})))::INT AS others`,
      );
    });
    expect(rows[0]).toMatchObject({ missing: 0, others: 0 });
    expect(Number(rows[0]?.['n'])).toBeGreaterThan(5000);
  });

  it('writes no object without events, and no partial one', async () => {
    const spec = specFor('tiny', { players: 3, output: { files: 40 } });
    const { folder, truths } = await landDays(join(scratch, 'few'), spec, daysOf(spec, 3));
    for (const { arrival } of truths) {
      expect(arrival.objects.length).toBeLessThanOrEqual(3);
      for (const { key, lines } of arrival.objects) {
        expect(lines).toBeGreaterThan(0);
        expect((await stat(join(folder, key))).size).toBeGreaterThan(0);
      }
    }
    const files = await readdir(folder, { recursive: true });
    expect(files.filter((name) => name.includes('partial'))).toEqual([]);
  });
});

describe('questline generate --out', { timeout: 120_000 }, () => {
  const outTo = (folder: string) => ['--out', join(scratch, folder)];
  const generate = (folder: string, ...args: readonly string[]) =>
    execFileSync(
      process.execPath,
      [
        join(projectRoot, 'bin/questline.mjs'),
        'generate',
        '--preset',
        'tiny',
        '--out',
        join(scratch, folder),
        '--json',
        ...args,
      ],
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
    );
  const hashes = async (folder: string) => {
    const root = join(scratch, folder);
    const names = (await readdir(root, { recursive: true })).filter((name) => /\.(gz|ndjson)$/.test(name));
    return Promise.all(names.sort().map(async (name) => [name, hashOf(await readFile(join(root, name)))]));
  };
  const range = ['--from', '2026-01-01', '--to', '2026-01-06'];

  it('makes the same files twice, and by two processes with half of the days each', async () => {
    generate('once', ...range);
    generate('again', ...range);
    generate('halves', '--from', '2026-01-04', '--to', '2026-01-06');
    generate('halves', '--from', '2026-01-01', '--to', '2026-01-03');
    const once = await hashes('once');
    expect(once).toHaveLength(7);
    expect(await hashes('again')).toEqual(once);
    expect(await hashes('halves')).toEqual(once);
  });

  it('stopped by Ctrl-C leaves whole days, and goes on from them to the same files', async () => {
    const sixDays = ['--from', '2026-01-01', '--to', '2026-01-06'];
    const args = ['generate', ...sixDays, '--players', '8000', '--compression', 'none'];
    const command = startCommand([...args, ...outTo('stopped')]);
    const day = join(scratch, 'stopped/raw/_truth/dt=2026-01-02.json');
    while (!existsSync(day)) await sleep(5);
    command.child.kill('SIGINT');
    const { code, stdout, stderr } = await command.ended;
    expect([code, stdout]).toEqual([130, '']);
    const days = Number(/Stopped after (\d+) of 6 days\. The same command goes on/.exec(stderr)?.[1]);
    expect(days).toBeGreaterThanOrEqual(2);
    expect(days).toBeLessThan(6);
    const there = await readdir(join(scratch, 'stopped'), { recursive: true });
    expect(there.filter((name) => name.endsWith('.ndjson') && name.includes('dt='))).toHaveLength(days);
    expect(there.filter((name) => name.startsWith('.partial'))).toEqual([]);
    expect((await runCommand([...args, ...outTo('stopped')])).code).toBe(0);
    expect((await runCommand([...args, ...outTo('unstopped')])).code).toBe(0);
    expect(await hashes('stopped')).toEqual(await hashes('unstopped'));
  });

  it('writes nothing at all where a day of the range holds events of another seed, and no day over landed data', async () => {
    const args = ['generate', '--preset', 'tiny', ...outTo('taken')];
    await runCommand([...args, '--from', '2026-01-03', '--to', '2026-01-03']);
    const before = await readdir(join(scratch, 'taken'), { recursive: true });
    const refused = await runCommand([...args, ...range, '--seed', '2']);
    expect([refused.code, refused.stdout]).toEqual([1, '']);
    expect(refused.stderr).toMatch(/2026-01-03 holds generated events of another seed, preset/);
    expect(await readdir(join(scratch, 'taken'), { recursive: true })).toEqual(before);
    const landed = join(scratch, 'taken/raw/dt=2026-01-02/game.ndjson');
    await mkdir(dirname(landed));
    await writeFile(landed, 'mine\n');
    const left = await runCommand([...args, '--from', '2026-01-02', '--to', '2026-01-04', '--json']);
    const told = JSON.parse(left.stdout) as { days: { state: string }[]; truth: unknown };
    expect(told.days.map(({ state }) => state)).toEqual(['has landed data', 'there already', 'generated']);
    expect([told.truth, await readdir(dirname(landed))]).toEqual([null, ['game.ndjson']]);
  });

  it('holds a day of many players in less memory than its text would take', async () => {
    const day = ['--from', '2026-01-01', '--to', '2026-01-01', '--players', '120000'];
    const { stdout } = await runCommand([
      'generate',
      ...day,
      '--compression',
      'none',
      '--json',
      ...outTo('many'),
    ]);
    const told = JSON.parse(stdout) as { truth: { bytes: number }; process: { peakMemoryBytes: number } };
    expect(told.truth.bytes).toBeGreaterThan(200e6);
    expect(told.process.peakMemoryBytes).toBeLessThan(350e6);
    await rm(join(scratch, 'many'), { recursive: true });
  });

  it('tells of every day, sums its truth up, and compares with the preset’s intent', async () => {
    const calendar = ['--from', '2026-01-01', '--to', '2026-01-14'];
    generate('once', ...calendar);
    const told = JSON.parse(generate('once', ...calendar)) as {
      days: { state: string; lines: number }[];
      truth: { lines: number; simulated: { events: number } };
      comparison: { figure: string; made: string }[];
    };
    expect(new Set(told.days.map(({ state }) => state))).toEqual(new Set(['there already']));
    expect(told.truth.lines).toBe(told.days.reduce((sum, { lines }) => sum + lines, 0));
    const summary = await readFile(
      join(scratch, 'once/raw/_truth/summary-2026-01-01-to-2026-01-14.json'),
      'utf8',
    );
    expect(JSON.parse(summary)).toEqual(told.truth);
    const figures = told.comparison.map(({ figure }) => figure);
    expect(figures).toContain('players: whale');
    expect(told.comparison[0]).toMatchObject({
      figure: 'events',
      made: told.truth.simulated.events.toLocaleString('en-US'),
    });
  });
});
