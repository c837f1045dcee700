import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LogFile, openLogFile } from '../../src/logging/log-file.ts';
import { readLogLines } from '../support/log-lines.ts';

const MB = 1_048_576;
const limits = { maxMegabytes: 1, keep: 2 };
let folder: string;
let opened: LogFile[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'questline-log-'));
  opened = [];
});
afterEach(async () => {
  for (const file of opened) await file.close();
  rmSync(folder, { recursive: true });
});

async function open(path = join(folder, 'logs', 'worker.jsonl')): Promise<LogFile> {
  const file = await openLogFile(path, limits);
  opened.push(file);
  return file;
}

function listLogs(): string[] {
  return readdirSync(join(folder, 'logs')).sort();
}

describe('a log file', () => {
  it('is set aside when it is full, and as many are kept as was asked for, each line whole and in order', async () => {
    const { stream, close } = await open();
    const line = (n: number) => `${JSON.stringify({ n, padding: 'x'.repeat(10_000) })}\n`;
    const count = Math.ceil((4.5 * MB) / line(100).length);
    for (let n = 0; n < count; n += 1) stream.write(line(n));
    await close();
    expect(listLogs()).toEqual(['worker.1.jsonl', 'worker.2.jsonl', 'worker.jsonl']);
    for (const name of listLogs()) {
      const { size, mode } = statSync(join(folder, 'logs', name));
      expect(size).toBeLessThan(MB + line(count).length);
      expect(mode & 0o777, name).toBe(0o600);
    }
    const kept = ['worker.2.jsonl', 'worker.1.jsonl', 'worker.jsonl']
      .flatMap((name) => readLogLines(join(folder, 'logs', name)))
      .map(({ n }) => n);
    const oldest = Number(kept[0]);
    expect(oldest).toBeGreaterThan(0);
    expect(kept).toEqual(Array.from({ length: count - oldest }, (_, n) => oldest + n));
  });

  it('is gone on with by the next process, and made private', async () => {
    mkdirSync(join(folder, 'logs'));
    writeFileSync(join(folder, 'logs', 'worker.jsonl'), '{"n":1}\n', { mode: 0o644 });
    const { stream, close } = await open();
    stream.write('{"n":2}\n');
    await close();
    expect(readLogLines(join(folder, 'logs', 'worker.jsonl')).map(({ n }) => n)).toEqual([1, 2]);
    expect(statSync(join(folder, 'logs', 'worker.jsonl')).mode & 0o777).toBe(0o600);
  });

  it('that is written already is left alone: the next one is taken, until it is free again', async () => {
    const [first, second, third] = [await open(), await open(), await open()];
    const names = [first, second, third].map(({ path }) => path.slice(folder.length));
    expect(names).toEqual(['/logs/worker.jsonl', '/logs/worker-2.jsonl', '/logs/worker-3.jsonl']);
    await second?.close();
    expect((await open()).path).toBe(second?.path);
  });

  it('whose writer was killed is taken over', async () => {
    const dead = spawnSync(process.execPath, ['--version']).pid;
    mkdirSync(join(folder, 'logs'));
    const lock = JSON.stringify({ pid: dead, host: hostname(), at: Date.now() });
    writeFileSync(join(folder, 'logs', 'worker.jsonl.lock'), lock);
    expect((await open()).path).toBe(join(folder, 'logs', 'worker.jsonl'));
  });

  it('that can’t be written is told, with what to do', async () => {
    writeFileSync(join(folder, 'file'), '');
    const path = join(folder, 'file', 'worker.jsonl');
    await expect(openLogFile(path, limits)).rejects.toThrow(
      `The log file ${path} can't be written (EEXIST: file already exists, mkdir '${join(folder, 'file')}'). Set logging.file.path to a file in a folder that can, or logging.file.enabled to false.`,
    );
  });
});
