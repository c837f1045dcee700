import { execFileSync, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { loadConfig, projectRoot } from '../../src/config/load.ts';
import { dayTables, wholeTables } from '../../src/domain/tables.ts';
import { resolveEndpoints } from '../../src/stack/endpoints.ts';
import { choosePort } from '../../src/stack/ports.ts';
import { readStackState } from '../../src/stack/stack-state.ts';
import { createS3Client, S3Store } from '../../src/storage/s3-store.ts';
import { publishedHashes } from '../support/catalog.ts';
import { type RunningCommand, runCommand, startCommand } from '../support/command.ts';
import { scrapeMetrics } from '../support/metrics.ts';
import { itSlowly } from '../support/slow.ts';

const DAYS = 8;
const last = `2026-01-${String(DAYS).padStart(2, '0')}`;
const demo = {
  QUESTLINE_DEMO_FROM: '2026-01-01',
  QUESTLINE_DEMO_TO: last,
  QUESTLINE_GENERATOR_PLAYERS: '400',
};
let folder: string;
let env: NodeJS.ProcessEnv;
let running: RunningCommand | null = null;
/** How long a command takes that asks each server: what else this machine has to do shows in it. */
let doctorMs = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'questline-stack-'));
  env = { ...process.env, ...demo, QUESTLINE_EMBEDDED_DATA_DIR: folder };
});
afterAll(async () => {
  running?.child.kill('SIGTERM');
  await running?.ended;
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** What runs of the stack over a data folder: the processes in its state, and whatever names the folder. */
async function processesOf(dataDir: string): Promise<string[]> {
  const children = Object.values((await readStackState(join(dataDir, 'stack.json')))?.children ?? {});
  const pids = new Set(children.map(({ pid }) => String(pid)));
  const lines = execFileSync('ps', ['-eo', 'pid=,args=', '-ww'], { encoding: 'utf8' }).split('\n');
  return lines.filter((line) => line.includes(dataDir) || pids.has(line.trim().split(' ')[0] ?? ''));
}

/** What the dashboard of the stack under test says of itself. */
async function askDashboard(path: string, init?: RequestInit): Promise<Response> {
  const state = await readStackState(join(folder, 'stack.json'));
  return fetch(`http://127.0.0.1:${state?.ports.dashboard}${path}`, init);
}

async function childPid(name: string): Promise<number> {
  const state = await readStackState(join(folder, 'stack.json'));
  return state?.children[name]?.pid ?? 0;
}

/** Hashes of all published files of the stack under test. */
async function hashesOf(environment: NodeJS.ProcessEnv): Promise<Record<string, string>> {
  const { s3 } = await resolveEndpoints(loadConfig(environment).config);
  const client = createS3Client(s3);
  const hashes = await publishedHashes(new S3Store(client, s3));
  client.destroy();
  return hashes;
}

describe('questline start', () => {
  it('ends with every day published though worker, Temporal and dashboard are killed in the middle', {
    timeout: 180_000,
  }, async () => {
    running = startCommand(['start'], env);
    await running.until(/watch it at http:\/\/127\.0\.0\.1:\d+$/m);
    expect(await (await askDashboard('/')).text()).toContain('<div id="app">');
    expect(await (await askDashboard('/api/status')).json()).toMatchObject({ snapshot: null });
    await running.until(/2026-01-0\d accepted/);
    process.kill(await childPid('dashboard'), 'SIGKILL');
    await running.until('dashboard ended (signal SIGKILL); starting it again');
    process.kill(await childPid('worker'), 'SIGKILL');
    await running.until('worker ended (signal SIGKILL); starting it again');
    await sleep(1500);
    process.kill(await childPid('Temporal'), 'SIGKILL');
    await running.until('Temporal ended (signal SIGKILL); starting it again');
    await running.until('Questline is up');
    expect(running.output.text).toContain(`${DAYS} of ${DAYS} days are published`);
    const { stdout } = await runCommand(['status', '--json'], env);
    const { days } = JSON.parse(stdout) as { days: { state: string; link: string }[] };
    expect(days.map(({ state }) => state)).toEqual(Array.from({ length: DAYS }, () => 'published'));
    expect(days[0]?.link).toMatch(
      /^http:\/\/127\.0\.0\.1:\d+\/namespaces\/default\/workflows\/questline-day-2026-01-01\//,
    );
  });

  it('shows the dashboard first, which has what was published', async () => {
    const { ports } = (await readStackState(join(folder, 'stack.json'))) ?? {};
    const url = `http://127.0.0.1:${ports?.dashboard}`;
    expect(running?.output.text).toMatch(
      new RegExp(`Questline is up\\.\n\n {2}Dashboard +${url} .*dashboard-write-token\\)\n`),
    );
    await vi.waitFor(
      async () =>
        expect(await (await askDashboard('/api/status')).json()).toMatchObject({
          dataThrough: last,
          canWrite: true,
        }),
      { timeout: 30_000 },
    );
  });

  it('lets runs be started from the page by whoever can read the token’s file', async () => {
    const path = join(folder, 'dashboard-write-token');
    expect((await stat(path)).mode & 0o077).toBe(0);
    const start = (token: string) =>
      askDashboard('/api/runs', {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify({ day: '2026-01-02' }),
      });
    expect((await start('something-else-of-this-length')).status).toBe(401);
    expect((await start((await readFile(path, 'utf8')).trim())).status).toBe(200);
  });

  it('has a second dashboard by its own command, with the same token, and not on a port that is taken', async () => {
    const own = startCommand(['dashboard'], env);
    await own.until(/^The dashboard: http:\/\/127\.0\.0\.1:\d+$/m);
    const url = /^The dashboard: (\S+)$/m.exec(own.output.text)?.[1] ?? '';
    expect(await (await fetch(`${url}/api/status`)).json()).toMatchObject({ canWrite: true });
    const taken = new URL(url).port;
    const { code, stderr } = await runCommand(['dashboard', '--port', taken], env);
    expect(code).toBe(1);
    expect(stderr).toContain(`Port ${taken} is taken by another program. Give another one with --port`);
    own.child.kill('SIGTERM');
    expect((await own.ended).code).toBe(0);
  });

  it('answers queries, in each format', async () => {
    const sql = 'select date, dau, revenue from daily_metrics order by date';
    const rows = JSON.parse((await runCommand(['query', sql, '--json'], env)).stdout) as {
      date: string;
      dau: number;
    }[];
    expect(rows).toHaveLength(DAYS);
    expect(rows[0]).toMatchObject({ date: '2026-01-01', dau: expect.any(Number) });
    const csv = (await runCommand(['query', sql, '--format', 'csv'], env)).stdout.trim().split('\n');
    expect(csv).toHaveLength(DAYS + 1);
    expect(csv[0]).toBe('date,dau,revenue');
  });

  it('refuses a second start over the same data, and says where the first is', async () => {
    const { code, stderr } = await runCommand(['start'], env);
    expect(code).toBe(1);
    expect(stderr).toMatch(/Questline runs here already \(process \d+/);
  });

  it('keeps its credentials private', async () => {
    const { mode } = await stat(join(folder, 'credentials.json'));
    expect(mode & 0o077).toBe(0);
    expect(JSON.parse(await readFile(join(folder, 'credentials.json'), 'utf8'))).toHaveProperty(
      'secretAccessKey',
    );
  });

  it('passes doctor', async () => {
    const began = Date.now();
    const { code, stdout } = await runCommand(['doctor', '--json'], env);
    doctorMs = Date.now() - began;
    expect(JSON.parse(stdout)).toMatchObject({ ok: true });
    expect(code).toBe(0);
  });

  it('ends in order and leaves no process behind', async () => {
    expect((await processesOf(folder)).length).toBeGreaterThanOrEqual(4);
    running?.child.kill('SIGINT');
    const ended = await running?.ended;
    expect(ended?.code).toBe(0);
    expect(ended?.stderr).toMatch(/Stopping: dashboard, worker, Temporal, MinIO\.\nStopped\./);
    expect(await processesOf(folder)).toEqual([]);
  });

  it('ends with npm when only npm is told to', { timeout: 120_000 }, async () => {
    const npm = spawn('npm', ['start'], { cwd: projectRoot, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [npm.stdout, npm.stderr]) stream.on('data', (chunk) => (said += String(chunk)));
    await vi.waitUntil(() => said.includes('Questline is up'), { timeout: 90_000 });
    npm.kill('SIGTERM');
    await vi.waitUntil(async () => (await processesOf(folder)).length === 0, { timeout: 15_000 });
  });

  it('is up again with its data in under 15 seconds where the machine is quiet, generating nothing', async () => {
    const address = `127.0.0.1:${(await choosePort(0)).port}`;
    const began = Date.now();
    running = startCommand(['start'], { ...env, QUESTLINE_METRICS_PROMETHEUS_ADDRESS: address });
    await running.until('Questline is up');
    expect(running.output.text).toMatch(new RegExp(`^ {2}Metrics +http://${address}/metrics$`, 'm'));
    expect((await scrapeMetrics(address)).get('questline_lines_total{outcome="accepted"}')).toBe(0);
    expect(Date.now() - began).toBeLessThan(Math.max(15_000, 5 * doctorMs));
    expect(running.output.text).not.toContain('generating');
    expect(running.output.text).toContain(`${DAYS} days, 2026-01-01 to ${last}`);
  });

  it('ends what a killed start left running, and takes another port when one is taken', async () => {
    const before = await hashesOf(env);
    running?.child.kill('SIGKILL');
    await running?.ended;
    await sleep(300);
    const taken = createServer();
    const port = await new Promise<number>((resolve) => {
      taken.listen(0, '127.0.0.1', () => resolve((taken.address() as { port: number }).port));
    });
    running = startCommand(['start'], { ...env, QUESTLINE_EMBEDDED_MINIO_PORT: String(port) });
    await running.until('Questline is up');
    taken.close();
    expect(running.output.text).toContain(`Port ${port} is taken by another program; MinIO uses`);
    expect(await hashesOf(env)).toEqual(before);
    running.child.kill('SIGTERM');
    await running.ended;
    expect(await processesOf(folder)).toEqual([]);
  });

  itSlowly('published the same bytes as a start that nobody disturbed', { timeout: 120_000 }, async () => {
    const quiet = await mkdtemp(join(tmpdir(), 'questline-quiet-'));
    const quietEnv = { ...env, QUESTLINE_EMBEDDED_DATA_DIR: quiet };
    running = startCommand(['start'], quietEnv);
    await running.until('Questline is up');
    const undisturbed = await hashesOf(quietEnv);
    running.child.kill('SIGTERM');
    await running.ended;
    running = startCommand(['start'], env);
    await running.until('Questline is up');
    expect(await hashesOf(env)).toEqual(undisturbed);
    expect(Object.keys(undisturbed)).toHaveLength(dayTables.length * DAYS + wholeTables.length);
    await rm(quiet, { recursive: true, force: true, maxRetries: 5 });
  });
});
