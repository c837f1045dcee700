import type { Browser, Page } from 'playwright-core';

/** Pages of the dashboard, by the names of their pictures. */
const pages = {
  overview: '/',
  retention: '/retention',
  funnels: '/funnels?by=platform',
  revenue: '/revenue',
  engagement: '/engagement',
  health: '/health',
  day: '/days/2026-01-30',
};

const looks = {
  light: { colorScheme: 'light', viewport: { width: 1280, height: 900 } },
  dark: { colorScheme: 'dark', viewport: { width: 1280, height: 900 } },
  narrow: { colorScheme: 'light', viewport: { width: 375, height: 800 } },
} as const;

/** Pictures of every page of the dashboard: light, dark, and 375 pixels wide. */
export async function takeDashboard(
  browser: Browser,
  url: string,
  save: (name: string, page: Page) => Promise<void>,
): Promise<void> {
  for (const [look, options] of Object.entries(looks)) {
    const context = await browser.newContext({ ...options, reducedMotion: 'reduce', locale: 'en-GB' });
    const page = await context.newPage();
    for (const [name, path] of Object.entries(pages)) {
      await page.goto(`${url}${path}`);
      await page.locator('main section.card').first().waitFor({ timeout: 60_000 });
      await page.locator('main [aria-busy="true"]').waitFor({ state: 'detached' });
      await page.waitForLoadState('networkidle');
      await save(`dashboard-${name}-${look}`, page);
    }
    await context.close();
  }
}
