import type { Browser } from 'playwright-core';

/** What a reader sees of a page that loads: seconds to the largest part (LCP), and how far parts jump (CLS). */
export interface PageLoad {
  readonly lcp: number;
  readonly cls: number;
}

const observe = `globalThis.seen = { lcp: 0, cls: 0 };
new PerformanceObserver((list) => { for (const entry of list.getEntries()) seen.lcp = entry.startTime; }).observe({ type: 'largest-contentful-paint', buffered: true });
new PerformanceObserver((list) => { for (const entry of list.getEntries()) if (!entry.hadRecentInput) seen.cls += entry.value; }).observe({ type: 'layout-shift', buffered: true });`;

const MEGABIT = 1_000_000 / 8;

/** Loads a page with an empty cache on a slow line (1.6 Mbps, 150 ms) and, by the browser's own throttling, a four times slower processor. */
export async function loadPage(browser: Browser, url: string): Promise<PageLoad> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 150,
    downloadThroughput: 1.6 * MEGABIT,
    uploadThroughput: 0.75 * MEGABIT,
  });
  await session.send('Emulation.setCPUThrottlingRate', { rate: 4 });
  await page.addInitScript(observe);
  await page.goto(url);
  await page.waitForLoadState('networkidle');
  await page.waitForTimeout(2000);
  const { lcp, cls } = await page.evaluate<{ lcp: number; cls: number }>('globalThis.seen');
  await context.close();
  return { lcp: lcp / 1000, cls };
}
