import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Totals of the three tables that all have to agree on. */
export interface Totals {
  readonly events: number;
  readonly dau: number;
  readonly revenue: number;
  readonly adRevenue: number;
  readonly newPlayers: number;
  readonly retainedOnDay1: number;
}

/** What a plain script took for the three tables. */
export interface ScriptTimes {
  /** By its own clock, from the first file to the last table. */
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
  readonly steps: Readonly<Record<string, number>>;
  readonly totals: Totals;
}

/** A plain script of the same three tables. */
export interface Script {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
}

const here = join(import.meta.dirname, '..');
const run = promisify(execFile);

/** The scripts that this machine can run; says what the others need. */
export async function findScripts(python: string, say: (text: string) => void): Promise<Script[]> {
  const duckDb = {
    name: 'DuckDB SQL',
    command: process.execPath,
    args: ['--disable-warning=ExperimentalWarning', join(here, 'backfill-duckdb.ts')],
  };
  try {
    await run(python, ['-c', 'import polars']);
    return [{ name: 'Python', command: python, args: [join(here, 'backfill.py')] }, duckDb];
  } catch {
    say(
      `Without the Python script: ${python} is not there or has no polars. python3 -m venv DIR && DIR/bin/pip install polars, then --python DIR/bin/python.`,
    );
    return [duckDb];
  }
}

/** Runs a script over a folder of raw files, as a process of its own, and removes what it wrote. */
export async function measureScript(
  { command, args }: Script,
  raw: string,
  scratch: string,
): Promise<ScriptTimes> {
  const out = await mkdtemp(join(scratch, 'out-'));
  try {
    const { stdout } = await run(command, [...args, raw, out], { maxBuffer: 64 * 1024 ** 2 });
    const told = JSON.parse(stdout) as Omit<ScriptTimes, 'wallSeconds'>;
    const wallSeconds = Object.values(told.steps).reduce((sum, seconds) => sum + seconds, 0);
    return { ...told, wallSeconds };
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}
