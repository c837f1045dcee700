import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { withLock } from '../../../infra/bootstrap/lock.mjs';
import { projectRoot } from '../../config/load.ts';
import { compressAssets } from './compress-assets.ts';
import { stampOfPage } from './page-stamp.ts';

/** Builds that are kept: the newest, and the one before for a dashboard that still serves it. */
const KEPT = 2;
const MOST_LINES = 20;

const firstViewSource = 'first-view/render.tsx';

/** What a built page's folder holds. */
export function partsOfPage(folder: string) {
  return {
    /** Folder of what browsers get. */
    assets: join(folder, 'page'),
    /** Module that renders the page for an address (`FirstViewModule`). */
    firstView: join(folder, 'first-view', 'render.js'),
  };
}

/** The page could not be built; the message has what the build said, and what to do. */
export class PageError extends Error {
  override readonly name = 'PageError';
}

/**
 * The folder with the page as the sources of a project make it, built unless it is there. It appears whole or not at all, and
 * one process builds at a time.
 */
export async function ensurePage(say: (text: string) => void, root: string = projectRoot): Promise<string> {
  const home = join(root, 'dist', 'dashboard');
  const folder = join(home, await stampOfPage(root));
  if (existsSync(folder)) return folder;
  const onWait = (pid: number) =>
    say(`  … another command (process ${pid}) is building the dashboard’s page; waiting`);
  const make = async () => {
    if (existsSync(folder)) return;
    say('  … building the dashboard’s page');
    const began = performance.now();
    await build(root, home, folder);
    say(`  ✓ the dashboard’s page is built (${((performance.now() - began) / 1000).toFixed(1)} s)`);
  };
  try {
    await withLock(join(home, 'build.lock'), make, { onWait });
  } catch (error) {
    throw new PageError(
      `The dashboard’s page could not be built into ${home}:\n${explain(error)}\nMend what it says (the sources are in src/dashboard/web, npm ci brings the packages), then run npm run build:dashboard.`,
      { cause: error },
    );
  }
  return folder;
}

async function build(root: string, home: string, folder: string): Promise<void> {
  const partial = `${folder}.partial`;
  await rm(partial, { recursive: true, force: true });
  const { assets, firstView } = partsOfPage(partial);
  await Promise.all([
    runVite(root, ['--outDir', assets]).then(() => compressAssets(assets)),
    runVite(root, ['--ssr', firstViewSource, '--outDir', dirname(firstView)]),
  ]);
  await removeOld(home, partial);
  await rename(partial, folder);
}

/** In a process of its own: a build takes memory that is not given back, and what it makes depends on `NODE_ENV`. */
async function runVite(root: string, options: readonly string[]): Promise<void> {
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  const web = join(root, 'src', 'dashboard', 'web');
  const args = ['build', web, '--config', join(web, 'vite.config.ts'), '--configLoader', 'native'];
  await promisify(execFile)(process.execPath, [vite, ...args, ...options, '--logLevel', 'warn'], {
    cwd: root,
    env: { ...process.env, NODE_ENV: 'production', NO_COLOR: '1' },
  });
}

function explain(error: unknown): string {
  const { stderr = '', message } = error as Error & { readonly stderr?: string };
  const said = stderr.trim() === '' ? message : stderr;
  return said
    .split('\n')
    .filter((line) => !/^\s+at /.test(line))
    .slice(0, MOST_LINES)
    .join('\n')
    .trim();
}

async function removeOld(home: string, newest: string): Promise<void> {
  const names = (await readdir(home, { withFileTypes: true }))
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(home, name));
  const aged = await Promise.all(names.map(async (path) => ({ path, at: (await stat(path)).mtimeMs })));
  const whole = aged.filter(({ path }) => !path.endsWith('.partial')).sort((a, b) => b.at - a.at);
  const kept = new Set([newest, ...whole.slice(0, KEPT - 1).map(({ path }) => path)]);
  for (const { path } of aged) if (!kept.has(path)) await rm(path, { recursive: true, force: true });
}
