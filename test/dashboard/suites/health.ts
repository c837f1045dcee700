import { expect, it } from 'vitest';
import { addDays, type Day } from '../../../src/domain/day.ts';
import { countRejected } from '../../../src/domain/ledger.ts';
import { backfillWorkflowId } from '../../../src/domain/pipeline.ts';
import { readCurrent } from '../../../src/storage/catalog.ts';
import type { ArrivalEntry } from '../../../src/storage/catalog-format.ts';
import { landObject } from '../../support/good-day.ts';
import { holdTime, passTime } from '../support/pass-time.ts';
import { readTable, waitForAnswer, written } from '../support/read-page.ts';
import type { Site } from '../support/site.ts';
import { giveToken } from '../support/write-forms.ts';

/** That data health shows what the ledgers and reports in the bucket say, and that days are run from it. */
export function healthPage(site: () => Site): void {
  const readState = async () => {
    const { state } = await readCurrent(site().world.store);
    if (state === null) throw new Error('nothing is published');
    const arrivals = site().days.map((day) => state.arrivals.get(day) as ArrivalEntry);
    return { state, arrivals };
  };

  it('each day by its ledger', async () => {
    const { page, expectClean } = await site().show(`/health?${site().range}`);
    await waitForAnswer(page);
    const { state, arrivals } = await readState();
    const [, ...rows] = await readTable(page, 'Lines and runs');
    const expected = arrivals.toReversed().map(({ day, ledger, checks }) => {
      const eventDay = state.eventDays.get(day)?.ledger;
      const passed = checks.filter(({ verdict }) => verdict === 'passed').length;
      return [
        written.day(day),
        ...[ledger.lines, ledger.accepted, countRejected(ledger), ledger.superseded].map(written.count),
        written.count(eventDay?.kept),
        written.count((eventDay?.cameIn ?? 0) - (eventDay?.kept ?? 0)),
        expect.stringContaining(`${passed} passed`),
      ];
    });
    expect(rows.map(([day, , ...counts]) => [day, ...counts.slice(0, 7)])).toEqual(expected);
    for (const [, standing] of rows) expect(standing).toMatch(/^Published/);
    expect(await page.locator('.calendar-day').count()).toBe(site().days.length);
    const card = page.locator('section.card', { has: page.getByRole('heading', { name: 'Lines and runs' }) });
    expect(await card.getByRole('link', { name: /^run/ }).count()).toBe(rows.length);
    expectClean();
  });

  it('each check by the reports, with its course as a chart', async () => {
    const { page, expectClean } = await site().show(`/health?${site().range}&check=minimum_events`);
    await waitForAnswer(page);
    const { arrivals } = await readState();
    const [, ...rows] = await readTable(page, 'Checks');
    const newest = arrivals.at(-1)?.checks ?? [];
    expect(rows).toHaveLength(newest.length);
    const told = rows.map(([name, , value, , verdict]) => [name, value, verdict?.toLowerCase()]);
    const minimum = newest.find(({ name }) => name === 'minimum_events');
    expect(told).toContainEqual(['Minimum event count', written.count(minimum?.value), minimum?.verdict]);
    const duplicates = newest.find(({ name }) => name === 'duplicates');
    expect(told).toContainEqual(['Duplicate events', written.share(duplicates?.value), duplicates?.verdict]);
    const [, ...points] = await readTable(page, 'Minimum event count');
    expect(points).toEqual(
      arrivals.map(({ day, checks }) => {
        const check = checks.find(({ name }) => name === 'minimum_events');
        return [written.day(day), written.count(check?.value), written.count(check?.threshold)];
      }),
    );
    expectClean();
  });

  it('restated values, as many as the table has', async () => {
    const { page, expectClean } = await site().show(`/health?${site().range}`);
    await waitForAnswer(page);
    const [, ...rows] = await readTable(page, 'Restatements');
    const shown = rows.map(([day, table, , metric, before, after]) => [day, table, metric, before, after]);
    const asked = await site().ask(`SELECT day::VARCHAR, table_name, metric, before, after FROM restatements
      WHERE day BETWEEN '${site().days[0]}' AND '${site().days.at(-1)}'`);
    const expected = asked.map(([day, ...others]) => [written.day(day), ...others.map((one) => one ?? '–')]);
    expect(expected.length).toBeGreaterThan(0);
    expect(shown.map(String).sort()).toEqual(expected.map(String).sort());
    expectClean();
  });

  it('a check’s chart opens and closes on the page, in the address', async () => {
    const { page, expectClean } = await site().show(`/health?${site().range}`);
    await waitForAnswer(page);
    await page.getByRole('button', { name: 'Chart: Late events' }).click();
    await page.waitForURL(/\/health\?.*check=late_share/);
    await page.getByRole('heading', { level: 2, name: 'Late events' }).waitFor();
    await page.getByRole('button', { name: 'Chart: Late events' }).click();
    await page.getByRole('heading', { level: 2, name: 'Late events' }).waitFor({ state: 'detached' });
    expectClean();
  });

  it('lines set aside by reason', async () => {
    const { page, expectClean } = await site().show(`/health?${site().range}`);
    await waitForAnswer(page);
    const { arrivals } = await readState();
    const counts = new Map<string, number>();
    for (const { ledger } of arrivals)
      for (const [reason, lines] of Object.entries(ledger.rejected))
        counts.set(reason, (counts.get(reason) ?? 0) + lines);
    const [, ...rows] = await readTable(page, 'Lines set aside');
    const shown = rows.map(([reason = '', lines]) => [/\((\w+)\)$/.exec(reason)?.[1], lines]);
    const expected = [...counts]
      .filter(([, lines]) => lines > 0)
      .map(([reason, n]) => [reason, written.count(n)]);
    expect(new Set(shown.map(String))).toEqual(new Set(expected.map(String)));
    expectClean();
  });

  it('days are landed, and a backfill of them is started from the page', async () => {
    const last = site().days.at(-1) as Day;
    const [from, to] = [addDays(last, 7), addDays(last, 8)];
    for (const day of [from, to]) await landObject(site().world.store, day, 'a');
    const { page, expectClean, close } = await site().open(`/health?from=${from}&to=${to}`, {}, holdTime);
    await waitForAnswer(page);
    await page.locator('.calendar-day[data-state="landed"]').nth(1).waitFor();
    await page.getByRole('button', { name: 'Backfill a range' }).click();
    const dialog = page.getByRole('dialog');
    expect(await dialog.getByLabel('First day').inputValue()).toBe(from);
    await dialog.getByRole('radio', { name: 'Never published' }).check();
    await giveToken(dialog, site().token);
    await dialog.getByRole('button', { name: 'Continue' }).click();
    await dialog.getByText('Every day that was never published').waitFor();
    await dialog.getByRole('button', { name: 'Start the backfill' }).click();
    await dialog.getByText('has started').waitFor();
    const link = await dialog.getByRole('link', { name: /^run/ }).getAttribute('href');
    expect(link).toContain(backfillWorkflowId(from, to));
    await site().world.client.workflow.getHandle(backfillWorkflowId(from, to)).result();
    await dialog.getByRole('button', { name: 'Close', exact: true }).last().click();
    const published = page.locator('.calendar-day:is([data-state="published"], [data-state="unsettled"])');
    await passTime(page, published.nth(1));
    expectClean();
    await close();
  });
}
