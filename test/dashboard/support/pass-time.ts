import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';

/** More than the page waits between two looks. */
const STEP_MS = 11_000;
const LONG_MS = 60_000;

/** Prepares a page whose clock can be put forward; until then it goes like any other. */
export function holdTime(page: Page): Promise<void> {
  return page.clock.install();
}

/** Puts the clock of a page forward until something is seen, or no longer. */
export async function passTime(page: Page, what: Locator, isSeen = true): Promise<void> {
  const look = async () => {
    if ((await what.isVisible()) !== isSeen) await page.clock.fastForward(STEP_MS);
    return what.isVisible();
  };
  await expect.poll(look, { timeout: LONG_MS, interval: 300 }).toBe(isSeen);
}
