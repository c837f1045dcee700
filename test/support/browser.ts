import type { BrowserContextOptions, Page } from 'playwright-core';
import { expect } from 'vitest';
import { launchBrowser } from '../../infra/browser.ts';

/** A page in a real browser, with everything that it complained of. */
export interface WatchedPage {
  readonly page: Page;
  /** Errors and warnings of the console, errors of scripts, and requests to another origin than the page's, in the order they came. */
  readonly complaints: readonly string[];
  /** Fails the test when the page complained of anything but what was provoked. */
  expectClean(provoked?: RegExp): void;
  close(): Promise<void>;
}

/** A Chromium that runs. */
export interface TestBrowser {
  /** Opens a page in a context of its own, without cookies or storage of others. */
  open(url: string, options?: BrowserContextOptions): Promise<WatchedPage>;
  close(): Promise<void>;
}

/** Starts a Chromium without a window, in which nothing moves. */
export async function startBrowser(): Promise<TestBrowser> {
  const browser = await launchBrowser();
  return {
    open: async (url, options) => {
      const context = await browser.newContext({
        reducedMotion: 'reduce',
        viewport: { width: 1280, height: 900 },
        ...options,
      });
      const page = await context.newPage();
      const complaints = listen(page, new URL(url).origin);
      await page.goto(url);
      return {
        page,
        complaints,
        expectClean: (provoked) =>
          expect(complaints.filter((one) => provoked?.test(one) !== true)).toEqual([]),
        close: () => context.close(),
      };
    },
    close: () => browser.close(),
  };
}

function listen(page: Page, origin: string): readonly string[] {
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
