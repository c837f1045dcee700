import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { addDays, type Day } from '../../../src/domain/day.ts';
import { startDay } from '../../../src/operations/start-runs.ts';
import { landObject } from '../../support/good-day.ts';
import { holdTime, passTime } from '../support/pass-time.ts';
import { readChanges, readKpis, readSpans, readTable, waitForAnswer } from '../support/read-page.ts';
import type { Site } from '../support/site.ts';

/** What a page does as its reader, its server and its data change. */
export function pageBehaviour(site: () => Site): void {
  it('cards say of what is not known that it is not, and compare it with nothing', async () => {
    const { days, show } = site();
    const { page, expectClean } = await show(`/engagement?from=${days[3]}&to=${days[7]}&platform=nope`);
    await waitForAnswer(page);
    expect(await readChanges(page)).toMatchObject({
      active_players: 'on 3 of 5 days: 0 against 0',
      sessions_per_player: 'Nothing to compare with',
      session_length_p50: 'No day to compare with',
    });
    expect(await readSpans(page)).toMatchObject({
      active_players: 'of the range',
      sessions_per_player: 'a day of play, mean',
      session_length_p50: 'not known',
    });
    expectClean();
  });

  describe('the address', () => {
    it('follows filters and ranges, back and forward take them back and forth', async () => {
      const { page, expectClean, close } = await site().open('/');
      await waitForAnswer(page);
      const all = await readKpis(page);
      await page.getByText('7 days', { exact: true }).click();
      await page.waitForURL(/range=7d/);
      await page.getByRole('button', { name: 'Filter players' }).click();
      await page.getByRole('combobox', { name: 'Platform' }).click();
      await page.getByRole('option', { name: 'ios', exact: true }).click();
      await page.waitForURL(/platform=ios/);
      await waitForAnswer(page);
      const filtered = await readKpis(page);
      expect(filtered['dau']).not.toBe(all['dau']);
      await page.keyboard.press('Escape');
      await page.goBack();
      await page.waitForURL((url) => !url.search.includes('platform'));
      await page.goBack();
      await page.waitForURL((url) => url.search === '');
      await waitForAnswer(page);
      expect(await readKpis(page)).toEqual(all);
      await page.goForward();
      await page.goForward();
      await page.waitForURL(/range=7d&platform=ios/);
      await waitForAnswer(page);
      expect(await readKpis(page)).toEqual(filtered);
      expectClean();
      await close();
    });

    it('shows the same in a fresh browser, with the days of the moment written out', async () => {
      const permissions = ['clipboard-read', 'clipboard-write'];
      const { page, close } = await site().open('/?range=7d&platform=ios&compare=none', { permissions });
      await waitForAnswer(page);
      const before = await readKpis(page);
      await page.getByRole('button', { name: 'Copy link' }).click();
      await page.getByRole('button', { name: 'Copied' }).waitFor();
      const link = new URL(await page.evaluate<string>('navigator.clipboard.readText()'));
      await close();
      expect(link.searchParams.get('to')).toBe(site().days.at(-1));
      expect(link.searchParams.get('platform')).toBe('ios');
      const fresh = await site().open(`${link.pathname}${link.search}`);
      await waitForAnswer(fresh.page);
      expect(await readKpis(fresh.page)).toEqual(before);
      fresh.expectClean();
      await fresh.close();
    });

    it.each([
      ['/?range=soon', '"soon" is not a range'],
      ['/?from=2031-02-30&to=2031-03-01', '2031-02-30'],
      ['/?from=1031-01-01&to=2031-01-01', 'longer than 1830 days'],
      ['/?from=2031-02-02&to=2031-02-01', '"to" is before "from"'],
      ['/retention?kind=weekly', 'weekly'],
      ['/retention?show=shares', '"shares" is no value of "show"; expected one of rate, count'],
      ['/retention?cohorts=2031-01-27,soon', '"soon" of "cohorts" is not a day'],
    ])('%s is answered by what is wrong with it', async (path, words) => {
      const { page, expectClean } = await site().show(path);
      const alert = page.getByRole('alert');
      await alert.waitFor();
      expect(await alert.textContent()).toContain(words);
      await alert.getByRole('button').click();
      await waitForAnswer(page);
      expectClean(/status of 400/);
    });
  });

  describe('its reader', () => {
    it.each(['America/Los_Angeles', 'Asia/Kolkata', 'UTC'])(
      'sees the same days in %s',
      async (timezoneId) => {
        const { page, expectClean, close } = await site().open(`/?${site().range}`, { timezoneId });
        await waitForAnswer(page);
        const table = await readTable(page, 'Daily active users');
        const written = new Intl.DateTimeFormat('en-US', { dateStyle: 'medium', timeZone: 'UTC' });
        expect(table.slice(1).map(([day]) => day)).toEqual(
          site().days.map((day) => written.format(new Date(day))),
        );
        const status = await page.locator('.status-line').textContent();
        expect(status).toContain(`Data through ${written.format(new Date(site().days.at(-1) ?? ''))} (UTC)`);
        expectClean();
        await close();
      },
    );

    it.each(['en-US', 'de-DE', 'ar-EG'])(
      'reads numbers as they are written in %s, before the script runs too',
      async (locale) => {
        const { page, expectClean, close } = await site().open(`/?${site().range}&compare=none`, { locale });
        await waitForAnswer(page);
        const { events, revenue } = await readKpis(page);
        const inRange = `date BETWEEN '${site().days[0]}' AND '${site().days.at(-1)}'`;
        const [sums] = await site().ask(
          `SELECT sum(events), sum(revenue)::DOUBLE FROM daily_metrics WHERE ${inRange}`,
        );
        expect(events).toBe(new Intl.NumberFormat(locale).format(Number(sums?.[0])));
        expect(revenue).toBe(
          new Intl.NumberFormat(locale, { style: 'currency', currency: 'USD' }).format(Number(sums?.[1])),
        );
        await expectSameAhead(site(), page, locale);
        expectClean();
        await close();
      },
    );

    it('reads them where a browser calls its language “en-US@posix”, as Chromium does of a system without one', async () => {
      const { page, expectClean, close } = await site().open(`/?${site().range}`, {}, (unloaded) =>
        unloaded.addInitScript("Object.defineProperty(navigator, 'language', { get: () => 'en-US@posix' })"),
      );
      await waitForAnswer(page);
      expect((await readKpis(page))['events']).toMatch(/^[\d,]+$/);
      expectClean();
      await close();
    });
  });

  describe('its server', () => {
    it('may be restarted under it: what is shown stays, and is asked for again when there is an answer', async () => {
      const { page, expectClean, close } = await site().open(`/?${site().range}`, {}, holdTime);
      await waitForAnswer(page);
      const before = await readKpis(page);
      const lost = page.getByText('The server does not answer');
      await site().restart(async () => {
        await passTime(page, lost);
        expect(await readKpis(page)).toEqual(before);
      });
      await passTime(page, lost, false);
      await page.getByText('7 days', { exact: true }).click();
      await waitForAnswer(page);
      expectClean(/ERR_CONNECTION|Failed to load resource/);
      await close();
    });

    it('offers a day that is published meanwhile, and shows it when asked to', async () => {
      const { world, days, dashboard, open, ask } = site();
      const { page, expectClean, close } = await open('/?range=7d&compare=none', {}, holdTime);
      await waitForAnswer(page);
      const before = await readKpis(page);
      const day = addDays(days.at(-1) as Day, 1);
      await landObject(world.store, day, 'meanwhile');
      await (await startDay(world.client, world.config, { day, trigger: 'manual' })).result();
      await dashboard().look();
      const offer = page.getByRole('button', { name: /^Newer data/ });
      await passTime(page, offer);
      await page.clock.fastForward(60_000);
      expect(await readKpis(page)).toEqual(before);
      await offer.click();
      await offer.waitFor({ state: 'detached' });
      await waitForAnswer(page);
      const [[events] = []] = await ask(
        `SELECT sum(events) FROM daily_metrics WHERE date BETWEEN DATE '${day}' - 6 AND '${day}'`,
      );
      await expect
        .poll(async () => (await readKpis(page))['events'])
        .toBe(Number(events).toLocaleString('en-US'));
      const status = await page.locator('.status-line').textContent();
      expect(status).toContain('Feb 5, 2031');
      expectClean();
      await close();
    });
  });
}

/** That the overview says the same before its script runs as it does with it. */
async function expectSameAhead(site: Site, live: Page, locale: string): Promise<void> {
  const ahead = await site.open(`/?${site.range}&compare=none`, { locale, javaScriptEnabled: false });
  expect(await readKpis(ahead.page)).toEqual(await readKpis(live));
  const words = (page: Page) => page.locator('.status-text').textContent();
  expect(await words(ahead.page)).toBe(await words(live));
  await ahead.close();
}
