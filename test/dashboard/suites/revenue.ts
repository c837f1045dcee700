import { expect, it } from 'vitest';
import { ads, iap, payers, sumRange } from '../support/ask-metrics.ts';
import { listDays, ownRows, within } from '../support/ask-own.ts';
import type { Chosen } from '../support/chosen.ts';
import { readKpis, readTable, waitForAnswer, writeRows, written } from '../support/read-page.ts';
import type { Site } from '../support/site.ts';

/** Numbers of the page of revenue, for a filter. */
export function revenueNumbers(site: () => Site, chosen: Chosen): void {
  const own = (table: string) => ownRows(chosen, table);

  it('revenue', async () => {
    const { show, ask, range } = site();
    const { page, expectClean } = await show(`/revenue?${range}${chosen.search}&compare=none`);
    await waitForAnswer(page);
    const rows = async (title: string) => (await readTable(page, title)).slice(1);
    const events = own('events_cleaned');
    const sums = await sumRange(site(), chosen, site().days);
    expect(await readKpis(page)).toEqual({
      revenue: written.money(sums['revenue']),
      ad_revenue: written.money(sums['ad_revenue']),
      arpdau: written.money(sums['arpdau']),
      arpu: written.money(sums['arpu']),
      arppu_period: written.money(sums['arppu_period']),
      payer_rate_period: written.rate(sums['payer_rate_period']),
      paying_players: written.count(sums['paying_players']),
    });

    const byDay = async (kind: keyof typeof written, ...values: string[]) =>
      writeRows(
        await ask(`SELECT day::VARCHAR, ${values.join(', ')} FROM (${listDays(site())}) days
          LEFT JOIN ${events} happened ON date = day GROUP BY day ORDER BY day`),
        ['day', ...values.map(() => kind)],
      );
    expect(await rows('Revenue a day')).toEqual(await byDay('money', iap, ads));
    expect(await rows('ARPDAU by day')).toEqual(
      await byDay('money', `(${iap} + ${ads}) / nullif(count(DISTINCT player_id), 0)`),
    );
    expect(await rows('ARPPU by day')).toEqual(await byDay('money', `${iap} / nullif(${payers}, 0)`));
    expect(await rows('Payer rate by day')).toEqual(
      await byDay('rate', `${payers} / nullif(count(DISTINCT player_id), 0)`),
    );
    expect(await rows('Payers a day')).toEqual(await byDay('count', payers));
    const first = `(SELECT player_id, min(date) AS day FROM ${events} WHERE amount > 0 AND event_type = 'purchase' GROUP BY player_id)`;
    expect(await rows('New payers a day')).toEqual(
      writeRows(
        await ask(
          `SELECT day::VARCHAR, count(player_id) FROM (${listDays(site())}) days LEFT JOIN ${first} paid USING (day) GROUP BY day ORDER BY day`,
        ),
        ['day', 'count'],
      ),
    );

    const ages = await ask(`SELECT 'D' || n,
        sum((SELECT ${iap} + ${ads} FROM ${events} e WHERE e.player_id = new.player_id AND e.date <= acquisition_date + n::INT)) / count(*),
        sum((SELECT ${iap} FROM ${events} e WHERE e.player_id = new.player_id AND e.date <= acquisition_date + n::INT)) / count(*),
        count(paid.day) FILTER (paid.day <= acquisition_date + n::INT) / count(*)
      FROM range(${site().days.length}) ages(n), ${own('players')} new LEFT JOIN ${first} paid USING (player_id)
      WHERE ${within(site(), 'acquisition_date')} AND acquisition_date + n::INT <= DATE '${site().days.at(-1)}' GROUP BY n ORDER BY n`);
    expect(await rows('Lifetime value')).toEqual(
      writeRows(
        ages.map(([age, ltv, ltvIap]) => [age, ltv, ltvIap]),
        ['text', 'money', 'money'],
      ),
    );
    expect(await rows('Share who ever paid')).toEqual(
      writeRows(
        ages.map(([age, , , share]) => [age, share]),
        ['text', 'rate'],
      ),
    );

    const paid = (
      await ask(
        `SELECT ${iap} FROM ${events} WHERE ${within(site())} GROUP BY player_id HAVING ${iap} > 0 ORDER BY 1 DESC`,
      )
    ).map(([value]) => Number(value));
    const total = paid.reduce((a, b) => a + b, 0);
    expect(paid.length).toBeGreaterThan(0);
    expect(await rows('Concentration')).toEqual(
      [1, 5, 10, 25, 50, 100].map((percent) => {
        const top = paid.slice(0, Math.ceil((percent * paid.length) / 100));
        const revenue = top.reduce((a, b) => a + b, 0);
        return [
          percent === 100 ? 'All' : `Top ${percent}%`,
          written.count(top.length),
          written.rate(revenue / total),
          written.money(revenue),
        ];
      }),
    );

    const others = await ask(`SELECT currency, count(*), sum(amount)::DOUBLE FROM ${events}
      WHERE event_type = 'purchase' AND amount_base IS NULL AND ${within(site())} GROUP BY currency ORDER BY count(*) DESC, currency`);
    const heading = page.getByRole('heading', { name: 'Purchases without a rate' });
    expect(await heading.count()).toBe(others.length === 0 ? 0 : 1);
    if (others.length > 0)
      expect(await rows('Purchases without a rate')).toEqual(writeRows(others, ['text', 'count', 'decimal']));
    expectClean();
  });
}
