import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/**
 * Measures the generator: its events a second beside a plain Python loop over the same model, both as whole processes on one
 * core, one after the other; then the memory and the time that ten million events take. Takes the number of rounds.
 */
const root = join(import.meta.dirname, '..');
const rounds = Number(process.argv[2] ?? 5);
const players = 20_000;
const days = 30;
const range = ['--from', '2026-01-01', '--to', '2026-01-30'];
const folder = await mkdtemp(join(tmpdir(), 'questline-bench-'));

/** What `generate --json` says of its run, as far as it is read here. */
interface Told {
  readonly truth: { readonly lines: number };
  readonly process: { readonly cpuSeconds: number; readonly peakMemoryBytes: number };
}

async function run(command: string, args: readonly string[]): Promise<string> {
  return (await promisify(execFile)(command, args, { cwd: root, maxBuffer: 64 * 1024 ** 2 })).stdout;
}

/** A command on one core, where the system has a way to say so. */
async function pin(command: string, args: readonly string[]): Promise<string> {
  return canPin ? run('taskset', ['-c', '0', command, ...args]) : run(command, args);
}

async function generate(start: typeof run, out: string, ...args: readonly string[]): Promise<Told> {
  const command = ['src/cli/main.ts', 'generate', ...range, '--out', join(folder, out), '--json', ...args];
  const told = await start(process.execPath, ['--disable-warning=ExperimentalWarning', ...command]);
  await rm(join(folder, out), { recursive: true });
  return JSON.parse(told) as Told;
}

/** Events of a second of processor time. */
async function measureGenerator(): Promise<number> {
  const { truth, process } = await generate(
    pin,
    'ours',
    '--players',
    String(players),
    '--compression',
    'none',
  );
  return truth.lines / process.cpuSeconds;
}

/** The same of the Python loop. */
async function measurePython(): Promise<number> {
  const out = join(folder, 'python');
  const told = await pin('python3', ['bench/generate.py', out, String(players), String(days)]);
  const [events = 0, cpuSeconds = 1] = told.split(' ').map(Number);
  await rm(out, { recursive: true });
  return events / cpuSeconds;
}

function describe(values: readonly number[], show: (value: number) => string): string {
  const sorted = values.toSorted((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
  return `${show(median).padStart(9)}  (${show(sorted[0] ?? 0)} to ${show(sorted.at(-1) ?? 0)})`;
}

const showCount = (value: number) => Math.round(value).toLocaleString('en-US');
const canPin = await run('taskset', ['-c', '0', 'true']).then(
  () => true,
  () => false,
);

try {
  console.log(canPin ? 'Each on one core, by taskset.' : 'Without taskset here: each is one process.');
  const pairs: { readonly ours: number; readonly python: number }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    pairs.push({ python: await measurePython(), ours: await measureGenerator() });
  }
  const row = (what: string, figures: string) => console.log(`${what.padEnd(42)} ${figures}`);
  row(
    `Python, events/s of ${rounds} runs`,
    describe(
      pairs.map(({ python }) => python),
      showCount,
    ),
  );
  row(
    `questline generate, events/s of ${rounds} runs`,
    describe(
      pairs.map(({ ours }) => ours),
      showCount,
    ),
  );
  row(
    'times as fast, pair by pair',
    describe(
      pairs.map(({ ours, python }) => ours / python),
      (value) => value.toFixed(1),
    ),
  );
  const began = performance.now();
  const { truth, process } = await generate(run, 'large', '--preset', 'large');
  const seconds = (performance.now() - began) / 1000;
  row(
    'generate --preset large',
    `${showCount(truth.lines)} lines in ${seconds.toFixed(0)} s, at most ${showCount(process.peakMemoryBytes / 1e6)} MB`,
  );
} finally {
  await rm(folder, { recursive: true, force: true });
}
