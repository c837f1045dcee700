import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { addDays, type Day } from '../../../src/domain/day.ts';
import { dayWorkflowId, messages } from '../../../src/domain/pipeline.ts';
import { startDay } from '../../../src/operations/start-runs.ts';
import { readCurrent } from '../../../src/storage/catalog.ts';
import type { ArrivalEntry } from '../../../src/storage/catalog-format.ts';
import { readReport } from '../../../src/storage/reports.ts';
import { landObject, makeGoodDay } from '../../support/good-day.ts';
import { holdTime, passTime } from '../support/pass-time.ts';
import { readTable, waitForAnswer, written } from '../support/read-page.ts';
import type { Site } from '../support/site.ts';
import { giveToken, tabTo } from '../support/write-forms.ts';

/** That a day's page shows what the tables, the catalog and the report say, and that it is decided and mended from it. */
export function dayPage(site: () => Site): void {
  const after = (n: number) => addDays(site().days.at(-1) as Day, n);

  describe('what it shows', () => {
    it('the metrics by SQL, beside the day before', async () => {
      const [before, day] = site().days.slice(3, 5) as [Day, Day];
      const { page, expectClean } = await site().show(`/days/${day}`);
      await waitForAnswer(page);
      const [, ...rows] = await readTable(page, 'Metrics');
      const asked = (date: Day) =>
        site().ask(
          `SELECT dau, events, revenue::DOUBLE, retention_d1 FROM daily_metrics WHERE date = '${date}'`,
        );
      const [[now = []], [then = []]] = [await asked(day), await asked(before)];
      const kinds = ['count', 'count', 'money', 'rate'] as const;
      for (const [n, name] of ['DAU', 'Events', 'IAP revenue', 'D1 retention'].entries()) {
        const kind = written[kinds[n] ?? 'count'];
        const row = rows.find(([label]) => label === name);
        expect(row?.slice(0, 3)).toEqual([name, kind(now[n]), kind(then[n])]);
        const change = Number(now[n]) / Number(then[n]) - 1;
        expect(row?.[3]?.replace('+', '')).toBe(written.rate(change));
      }
      expectClean();
    });

    it('both ledgers, the checks and the raw objects, as the bucket has them', async () => {
      const day = site().days[4] as Day;
      const { page, expectClean } = await site().show(`/days/${day}`);
      await waitForAnswer(page);
      const { state } = await readCurrent(site().world.store);
      const entry = state?.arrivals.get(day) as ArrivalEntry;
      const { ledger } = entry;
      const [, ...lines] = await readTable(page, 'Where the lines went');
      const out = { accepted: ledger.accepted, ...ledger.rejected, superseded: ledger.superseded };
      expect(lines.map(([, cameIn, wentOut]) => [cameIn, wentOut])).toEqual([
        [written.count(ledger.lines), ''],
        ...Object.values(out).map((rows) => ['', written.count(rows)]),
        [written.count(ledger.lines), written.count(ledger.lines)],
      ]);
      expect(await page.getByText('Both sides agree.').count()).toBe(2);
      const eventDay = state?.eventDays.get(day)?.ledger;
      const [, ...events] = await readTable(page, 'Where the events of the date went');
      expect(events.map(([, rows]) => rows)).toEqual(
        [eventDay?.cameIn, eventDay?.kept, eventDay?.exactDuplicates, eventDay?.conflictingDuplicates].map(
          written.count,
        ),
      );
      const report = await readReport(site().world.store, entry.report);
      const [, ...checks] = await readTable(page, 'Checks');
      expect(checks.map(([, , , verdict]) => verdict?.toLowerCase())).toEqual(
        report?.record.checks.map(({ verdict }) => verdict),
      );
      const [, ...objects] = await readTable(page, 'Made from');
      expect(objects).toEqual(report?.record.inputs.map(({ key, bytes }) => [key, written.count(bytes)]));
      await page.getByText(entry.report).waitFor();
      expectClean();
    });
  });

  it('a held day is approved by keys alone; a wrong token is refused first', async () => {
    const day = after(5);
    const { world, token } = site();
    const event = { event_type: 'purchase', properties: { amount: 5000 } };
    await landObject(world.store, day, 'a', makeGoodDay(day, 'a', event));
    const handle = await startDay(world.client, world.config, { day });
    for (let n = 0; n < 150 && (await handle.query(messages.hold)) === null; n += 1) await sleep(200);
    const { page, expectClean, close } = await site().open(`/days/${day}`, {}, holdTime);
    await passTime(page, page.getByRole('heading', { name: 'Waits for a decision' }));
    await tabTo(page, /^Approve$/);
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Your name').waitFor();
    await page.waitForFunction('document.activeElement.tagName === "INPUT"');
    await page.keyboard.type('ann');
    await tabTo(page, /^Reason/);
    await page.keyboard.type('a new bundle');
    await tabTo(page, /^Write token/);
    await page.keyboard.type('a-wrong-token-of-the-tests');
    await page.keyboard.press('Enter');
    await dialog.getByText('publishes it as it is').waitFor();
    await tabTo(page, /^Approve$/);
    await page.keyboard.press('Enter');
    await dialog.getByText('This is not the write token').waitFor();
    expect(await handle.query(messages.hold)).not.toBeNull();
    await tabTo(page, /^Write token/);
    await page.keyboard.press('Control+A');
    await page.keyboard.type(token);
    await page.keyboard.press('Enter');
    await dialog.getByText(/was approved by ann/).waitFor();
    await handle.result();
    await passTime(
      page,
      page.getByRole('heading', { name: 'Waits for a decision', includeHidden: true }),
      false,
    );
    await dialog.getByText(/was approved by ann/).waitFor();
    await page.keyboard.press('Escape');
    await passTime(page, page.locator('main .sign', { hasText: 'Published' }).first());
    await passTime(page, page.getByText('approved by ann'));
    expectClean(/401/);
    await close();
  });

  it('a rejected line is browsed, tried and replayed', async () => {
    const day = after(6);
    const { world, token } = site();
    const event = { event_type: 'purchase', properties: { amount: '4.990', sku: 'a\u{202e}b' } };
    await landObject(world.store, day, 'a', makeGoodDay(day, 'a', event));
    await (await startDay(world.client, world.config, { day })).result();
    await site().dashboard().look();
    const { page, expectClean, close } = await site().open(`/days/${day}`, {}, holdTime);
    await waitForAnswer(page);
    await page.getByRole('button', { name: /^Browse: wrong_type/ }).click();
    await page.waitForURL(/reason=wrong_type/);
    expect(await page.locator('.raw-text').textContent()).toContain('"a\\u202eb"');
    await page.getByRole('button', { name: 'Edit' }).click();
    const dialog = page.getByRole('dialog');
    const text = dialog.getByLabel('The line as it should be');
    await giveToken(dialog, token);
    const raw = await text.inputValue();
    await text.fill(raw.replace('"4.990"', '-4.99'));
    await dialog.getByRole('button', { name: 'Try' }).click();
    await dialog.getByText('It would be rejected again').waitFor();
    await text.fill(raw.replace('"4.990"', '4.990'));
    await dialog.getByRole('button', { name: 'Try' }).click();
    await dialog.getByText('It would be accepted').waitFor();
    await dialog.getByRole('button', { name: 'Continue' }).click();
    await dialog.getByRole('button', { name: 'Replay' }).click();
    await dialog.getByText('Landed as raw/').waitFor();
    await page.keyboard.press('Escape');
    await world.client.workflow.getHandle(dayWorkflowId(day)).result();
    await passTime(page, page.locator('tr', { hasText: '(superseded)' }).first());
    expect(
      await site().ask(
        `SELECT amount::DOUBLE FROM events_cleaned WHERE event_type = 'purchase' AND arrival_day = '${day}'`,
      ),
    ).toEqual([[4.99]]);
    expectClean();
    await close();
  });
}
