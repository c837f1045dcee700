import type { BrowserContextOptions, Page } from 'playwright-core';
import { expect } from 'vitest';
import { launchBrowser } from '../../infra/browser.ts';

/** A page in a real browser, with everything that it complained of. */
export interface WatchedPage {
  readonly page: Page;
  /** Errors and warnings of the console, errors of scripts, and requests to another origin than the page's, in the order they came. */
  readonly complaints: readonly string[];
  /** Fails the test when the page has complained of anything but what was provoked, and forgets it. */
  expectClean(provoked?: RegExp): void;
  close(): Promise<void>;
}

/** Opens an address; `prepare` goes before the page. */
export type OpenPage = (
  address: string,
  options?: BrowserContextOptions,
  prepare?: (page: Page) => Promise<unknown>,
) => Promise<WatchedPage>;

/** Shows an address in a window that others had before. */
export type ShowPage = (address: string) => Promise<Omit<WatchedPage, 'close'>>;

/** A Chromium that runs. */
export interface TestBrowser {
  /** Opens a page in a context of its own, without cookies or storage of others. */
  readonly open: OpenPage;
  /** Opens a page where the one before was, for who only looks: what its browser has compiled is there. */
  readonly show: ShowPage;
  close(): Promise<void>;
}

/** Starts a Chromium without a window, in which nothing moves. */
export async function startBrowser(): Promise<TestBrowser> {
  const browser = await launchBrowser();
  let shown: Awaited<ReturnType<typeof watch>> | null = null;
  const watch = async (...[url, options, prepare]: Parameters<OpenPage>) => {
    const context = await browser.newContext({
      reducedMotion: 'reduce',
      viewport: { width: 1280, height: 900 },
      ...options,
    });
    const page = await context.newPage();
    const complaints = listen(page, new URL(url).origin);
    await prepare?.(page);
    await page.goto(url);
    return {
      page,
      complaints,
      expectClean: (provoked?: RegExp) =>
        expect(complaints.splice(0).filter((one) => provoked?.test(one) !== true)).toEqual([]),
      forget: () => complaints.splice(0),
      close: () => context.close(),
    } satisfies WatchedPage & { forget(): void };
  };
  return {
    open: watch,
    show: async (url) => {
      // What it complains of while nobody looks is of the tests in between.
      shown?.forget();
      if (shown === null) shown = await watch(url);
      else await shown.page.goto(url);
      return shown;
    },
    close: () => browser.close(),
  };
}

function listen(page: Page, origin: string): string[] {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type()))
      complaints.push(`console: ${message.text()} (${message.location().url})`);
  });
  page.on('pageerror', (error) => complaints.push(`script: ${error.stack ?? error.message}`));
  page.on('request', (request) => {
    const { origin: asked, protocol } = new URL(request.url());
    if (/^(?:https?|wss?):$/.test(protocol) && asked !== origin)
      complaints.push(`request to another origin: ${request.url()}`);
  });
  return complaints;
}
