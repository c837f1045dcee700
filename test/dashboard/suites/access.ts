import { AxeBuilder } from '@axe-core/playwright';
import { describe, expect, it } from 'vitest';
import { isSlowRun } from '../../support/slow.ts';
import { waitForDrawing } from '../support/read-page.ts';
import type { Site } from '../support/site.ts';

const looks = [
  { colorScheme: 'light', width: 1280, isTelling: false },
  { colorScheme: 'dark', width: 1280, isTelling: false },
  { colorScheme: 'light', width: 375, isTelling: false },
  { colorScheme: 'dark', width: 375, isTelling: true },
].filter(({ isTelling }) => isTelling || isSlowRun);
/** Milliseconds for all pages together. */
const WALK = 240_000;

/** That every page can be used by whoever comes: axe finds nothing, and keys alone lead everywhere. */
export function pageAccess(
  site: () => Site,
  pages: () => readonly string[],
  tabbed: () => readonly string[],
): void {
  describe.each(looks)('in $colorScheme at $width px', ({ colorScheme, width }) => {
    it('axe finds nothing on any page, and no page is wider than its window', { timeout: WALK }, async () => {
      const [first = '/', ...others] = pages();
      const viewport = { width, height: 800 };
      const { page, expectClean, close } = await site().open(first, {
        colorScheme: colorScheme === 'dark' ? 'dark' : 'light',
        viewport,
      });
      for (const path of [first, ...others]) {
        if (path !== first) await page.goto(site().urlOf(path));
        await waitForDrawing(page);
        const { violations } = await new AxeBuilder({ page }).analyze();
        const told = violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${path} ${id}: ${html}`));
        expect(told).toEqual([]);
        expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(
          width,
        );
      }
      expectClean();
      await close();
    });
  });

  it('Tab reaches every control of every page, each with a name and a place that can be seen', {
    timeout: WALK,
  }, async () => {
    const [first = '/', ...others] = tabbed();
    const { page, expectClean, close } = await site().open(first);
    for (const path of [first, ...others]) {
      if (path !== first) await page.goto(site().urlOf(path));
      await waitForDrawing(page);
      const expected = await page.evaluate<number>(countOfStops);
      const seen = new Set<string>();
      for (let n = 0; n < expected + 5; n += 1) {
        await page.keyboard.press('Tab');
        const stop = await page.evaluate<Stop | null>(stopInFocus);
        if (stop === null) break;
        expect(stop.name, `${path}: ${stop.html}`).not.toBe('');
        expect(stop.isVisible, `${path}: ${stop.html}`).toBe(true);
        seen.add(stop.key);
      }
      expect(seen.size, path).toBeGreaterThanOrEqual(expected);
    }
    expectClean();
    await close();
  });

  it('keys open pages, the list of shortcuts, the points of a chart and a day', async () => {
    const { page, expectClean, close } = await site().open(`/?${site().range}`);
    await waitForDrawing(page);
    await page.keyboard.press('Tab');
    expect(await page.evaluate<string>('document.activeElement.textContent')).toBe('Skip to the page');
    await page.keyboard.press('Enter');
    expect(await page.evaluate<string>('document.activeElement.id')).toBe('main');
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor({ state: 'detached' });
    const chart = page.getByRole('slider', { name: 'Daily active users, chart' });
    await chart.focus();
    const values: (string | null)[] = [];
    for (const key of ['Home', 'ArrowRight', 'ArrowRight', 'ArrowLeft']) {
      await page.keyboard.press(key);
      values.push(await chart.getAttribute('aria-valuetext'));
    }
    expect(values[0]).toMatch(/^Jan 27, 2031: DAU \d+/);
    expect(values[1]).toMatch(/^Jan 28, 2031: DAU \d+/);
    expect(values[3]).toBe(values[1]);
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/days\/2031-01-28/);
    await page.keyboard.press('Alt+2');
    await page.waitForURL(/\/retention/);
    await page.getByRole('heading', { level: 1, name: 'Retention' }).waitFor();
    expectClean();
    await close();
  });
}

interface Stop {
  readonly key: string;
  readonly html: string;
  readonly name: string;
  readonly isVisible: boolean;
}

/** Places that Tab should stop at; of radio buttons with one name, one. */
const countOfStops = `(() => {
  const stops = [...document.querySelectorAll('a[href], button, input, select, textarea, [tabindex]')].filter(
    (one) => one.tabIndex >= 0 && !one.disabled && one.type !== 'hidden' && one.getClientRects().length > 0,
  );
  const radios = new Set(stops.filter((one) => one.type === 'radio').map((one) => one.name));
  return stops.filter((one) => one.type !== 'radio').length + radios.size;
})()`;

const stopInFocus = `(() => {
  const one = document.activeElement;
  if (one === null || one === document.body) return null;
  const all = [...document.querySelectorAll('*')];
  const labelled = (one.getAttribute('aria-labelledby') ?? '').split(' ').map((id) => document.getElementById(id)?.textContent ?? '').join(' ').trim();
  const name = one.getAttribute('aria-label') ?? (labelled || [...(one.labels ?? [])].map((label) => label.textContent).join(' ') || one.textContent);
  const box = one.getBoundingClientRect();
  return { key: one.type === 'radio' ? 'radio ' + one.name : String(all.indexOf(one)), html: one.outerHTML.slice(0, 200), name: name.trim(), isVisible: one.type === 'radio' || one.type === 'checkbox' || box.width > 0 && box.height > 0 };
})()`;
