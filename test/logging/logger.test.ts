import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { projectRoot } from '../../src/config/load.ts';
import { readLogLines } from '../support/log-lines.ts';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'questline-logger-'));
  file = join(folder, 'worker.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Statements with `log`, as a program. */
function programOf(statements: string): string[] {
  const code = `
    import { loadConfig } from '${projectRoot}/src/config/load.ts';
    import { createLog } from '${projectRoot}/src/logging/logger.ts';
    const log = await createLog(loadConfig().config, '${file}');
    ${statements}
    await log.close();`;
  return ['--input-type=module', '--eval', code];
}

function environment(settings: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  return { ...process.env, QUESTLINE_LOGGING_LEVEL: 'info', ...settings };
}

/** Runs statements with `log` in a process of their own, and returns what stood on its console. */
function logFrom(statements: string, settings: Readonly<Record<string, string>> = {}): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, programOf(statements), {
    encoding: 'utf8',
    maxBuffer: 10_000_000,
    env: environment(settings),
  });
  expect(stdout).toBe('');
  expect(status, stderr.slice(-2000)).toBe(0);
  return stderr;
}

const two = `log.logger.debug('small'); log.logger.info({ day: '2026-01-03' }, 'begins');
  log.logger.error({ err: new TypeError('odd', { cause: new Error('deep') }) }, 'failed');`;

describe('a log', () => {
  it('goes to the console for people and to the file as JSON, whose errors have stack traces with their causes', () => {
    const [first, second, ...others] = logFrom(two).trimEnd().split('\n');
    expect(first).toMatch(/^\[.*\] INFO: begins \{"day":"2026-01-03"\}$/);
    expect(second).toMatch(/^\[.*\] ERROR: failed \{"error":"TypeError: odd: deep"\}$/);
    expect(others).toEqual([]);
    const lines = readLogLines(file);
    expect(lines).toMatchObject([
      { level: 'info', day: '2026-01-03', msg: 'begins' },
      { level: 'error', msg: 'failed', err: { type: 'TypeError', message: 'odd: deep' } },
    ]);
    const { stack } = (lines[1]?.['err'] ?? {}) as { stack: string };
    expect(stack).toMatch(/^TypeError: odd\n {4}at .*\ncaused by: Error: deep\n {4}at /s);
  });

  it('is JSON on the console when that is asked for, without stack traces', () => {
    const shown = logFrom(two, { QUESTLINE_LOGGING_CONSOLE: 'json' }).trimEnd().split('\n');
    const inFile = readLogLines(file).map(({ err, ...line }) =>
      err === undefined ? line : { ...line, err: { type: 'TypeError', message: 'odd: deep' } },
    );
    expect(shown.map((line) => JSON.parse(line) as unknown)).toEqual(inFile);
  });

  it('is in one place, or nowhere, when that is asked for', () => {
    expect(logFrom(two, { QUESTLINE_LOGGING_CONSOLE: 'off' })).toBe('');
    expect(readLogLines(file)).toHaveLength(2);
    rmSync(file);
    expect(logFrom(two, { QUESTLINE_LOGGING_FILE_ENABLED: 'false' })).toContain('begins');
    expect(existsSync(file)).toBe(false);
    expect(logFrom(two, { QUESTLINE_LOGGING_LEVEL: 'silent' })).toBe('');
    expect(readLogLines(file)).toEqual([]);
  });

  it('whose file breaks says so once and goes on on the console', () => {
    mkdirSync(join(folder, 'worker.1.jsonl', 'in-the-way'), { recursive: true });
    const many = `const padding = 'x'.repeat(100_000);
      for (let n = 0; n < 12; n += 1) log.logger.info({ padding }, 'before');
      await new Promise((resolve) => setTimeout(resolve, 300));
      log.logger.info('after');`;
    const settings = { QUESTLINE_LOGGING_FILE_MAX_MEGABYTES: '1', QUESTLINE_LOGGING_FILE_KEEP: '1' };
    const shown = logFrom(many, settings);
    expect(shown.match(/the log file can’t be written any more/g)).toHaveLength(1);
    expect(shown).toMatch(/ERROR: the log file .*"path":".*worker\.jsonl".*"error":"Error: E/);
    expect(shown).toMatch(/INFO: after\n$/);
  });

  it('goes on in the file when nobody reads the console any more', async () => {
    const slowly = `for (let n = 0; n < 5; n += 1) {
      log.logger.info({ n }, 'said');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }`;
    const child = spawn(process.execPath, programOf(slowly), { env: environment() });
    child.stderr.destroy();
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(readLogLines(file).map(({ n }) => n)).toEqual([0, 1, 2, 3, 4]);
  });
});
