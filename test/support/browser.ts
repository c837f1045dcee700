import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { expect } from 'vitest';
import { withLock } from '../../infra/bootstrap/lock.mjs';

const names = ['chromium', 'chromium-browser', 'google-chrome'];

/** A page in a real browser, with everything that it complained of. */
export interface WatchedPage {
  readonly page: Page;
  /** Errors of the console and of scripts, and requests to another origin than the page's, in the order they came. */
  readonly complaints: readonly string[];
  /** Fails the test when the page complained of anything. */
  expectClean(): void;
}

/** A Chromium that runs. */
export interface TestBrowser {
  /** Opens a page in a context of its own, without cookies or storage of others. */
  open(url: string, options?: BrowserContextOptions): Promise<WatchedPage>;
  close(): Promise<void>;
}

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
export async function startBrowser(): Promise<TestBrowser> {
  const executablePath = await findChromium();
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const browser = await chromium.launch({ executablePath, args }).catch((cause: unknown) => {
    throw new Error(
      `${executablePath} does not start as a browser. Install Chromium, or set CHROMIUM_PATH to one that runs.`,
      { cause },
    );
  });
  return {
    open: async (url, options) => {
      const context = await browser.newContext(options);
      const watched = watch(await context.newPage(), new URL(url).origin);
      await watched.page.goto(url);
      return watched;
    },
    close: () => browser.close(),
  };
}

function watch(page: Page, origin: string): WatchedPage {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`console: ${message.text()} (${message.location().url})`);
  });
  page.on('pageerror', (error) => complaints.push(`script: ${error.stack ?? error.message}`));
  page.on('request', (request) => {
    const { origin: asked, protocol } = new URL(request.url());
    if (/^(?:https?|wss?):$/.test(protocol) && asked !== origin)
      complaints.push(`request to another origin: ${request.url()}`);
  });
  return { page, complaints, expectClean: () => expect(complaints).toEqual([]) };
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
