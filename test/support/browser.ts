import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { expect } from 'vitest';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

function onPath(): string | null {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const found = folders
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find((file) => existsSync(file));
  return found ?? null;
}

/** A Chromium: the one that CHROMIUM_PATH names, one on PATH, or that of the package @sparticuz/chromium. */
export async function launchBrowser(): Promise<Browser> {
  const own = process.env['CHROMIUM_PATH'] ?? onPath();
  if (own !== null) return chromium.launch({ executablePath: own, args: ['--no-sandbox'] });
  const { default: packed } = await import('@sparticuz/chromium');
  return chromium.launch({ executablePath: await packed.executablePath(), args: packed.args });
}

/** A page of a browser, and what went wrong on it. */
export interface WatchedPage {
  readonly page: Page;
  /** Fails when the console told an error, a script threw, or something was asked of another origin. */
  expectClean(): void;
  /** Forgets faults that match; a test that provokes them says so. */
  forgive(fault: RegExp): void;
  close(): Promise<void>;
}

/** Opens a page in a context of its own; `options` are Playwright's. */
export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({
    reducedMotion: 'reduce',
    viewport: { width: 1280, height: 900 },
    ...options,
  });
  const page = await context.newPage();
  const faults: string[] = [];
  const { origin } = new URL(url);
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') faults.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => faults.push(`script: ${error.message}`));
  page.on('request', (request) => {
    const asked = new URL(request.url());
    const isOwn = asked.origin === origin || ['data:', 'blob:'].includes(asked.protocol);
    if (!isOwn) faults.push(`request: ${request.url()}`);
  });
  await page.goto(url);
  return {
    page,
    expectClean: () => expect(faults).toEqual([]),
    forgive: (fault) => {
      faults.splice(0, faults.length, ...faults.filter((kept) => !fault.test(kept)));
    },
    close: () => context.close(),
  };
}
