import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { withLock } from './bootstrap/lock.mjs';

const names = ['chromium', 'chromium-browser', 'google-chrome'];

/** Path of a Chromium: CHROMIUM_PATH, else the first on PATH, else the one that a package brings, unpacked on the first call. */
export async function findChromium(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const given = env['CHROMIUM_PATH'] ?? '';
  if (given !== '') return given;
  const folders = (env['PATH'] ?? '').split(delimiter);
  for (const path of names.flatMap((name) => folders.map((folder) => join(folder, name))))
    if (await isExecutable(path)) return path;
  const { default: packaged } = await import('@sparticuz/chromium');
  // It unpacks in place, so that another process could find half of it.
  return withLock(join(tmpdir(), 'questline-chromium.lock'), () => packaged.executablePath());
}

/** Starts a Chromium without a window. */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = await findChromium();
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({ executablePath, args }).catch((cause: unknown) => {
    throw new Error(
      `${executablePath} does not start as a browser. Install Chromium, or set CHROMIUM_PATH to one that runs.`,
      { cause },
    );
  });
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
