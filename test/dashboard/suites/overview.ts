import { expect, it } from 'vitest';
import { type Metric, readMetrics, sumRange } from '../support/ask-metrics.ts';
import { listDays, ownRows } from '../support/ask-own.ts';
import type { Chosen } from '../support/chosen.ts';
import { readKpis, readTable, waitForAnswer, writeRows, written } from '../support/read-page.ts';
import type { Site } from '../support/site.ts';

/** Numbers of the overview, for a filter. */
export function overviewNumbers(site: () => Site, chosen: Chosen): void {
  const days = () => `FROM (${listDays(site())}) days`;
  const own = (table: string) => ownRows(chosen, table);

  it('the overview', async () => {
    const { show, ask, range } = site();
    const { page, expectClean } = await show(`/?${range}${chosen.search}&compare=none`);
    await waitForAnswer(page);
    const daily = await readMetrics(site(), chosen);
    const last = (metric: Metric) => daily.findLast((day) => day[metric] !== null)?.[metric];
    const sums = await sumRange(site(), chosen, site().days);
    expect(await readKpis(page)).toEqual({
      dau: written.count(sums['dau']),
      events: written.count(sums['events']),
      revenue: written.money(sums['revenue']),
      arpdau: written.money(sums['arpdau']),
      arpu: written.money(sums['arpu']),
      retention_d1: written.rate(last('retention_d1')),
      retention_d7: written.rate(last('retention_d7')),
    });
    const [, ...dau] = await readTable(page, 'Daily active users');
    expect(dau).toEqual(
      writeRows(
        await ask(
          `SELECT day::VARCHAR, (SELECT count(*) FROM ${own('player_days')} WHERE date = day) ${days()} ORDER BY day`,
        ),
        ['day', 'count'],
      ),
    );
    const [, ...revenue] = await readTable(page, 'Revenue a day');
    expect(revenue).toEqual(
      writeRows(
        await ask(`SELECT day::VARCHAR, coalesce(sum(revenue), 0)::DOUBLE, coalesce(sum(ad_revenue), 0)::DOUBLE
          ${days()} LEFT JOIN ${own('player_days')} played ON date = day GROUP BY day ORDER BY day`),
        ['day', 'money', 'money'],
      ),
    );
    const [, ...kinds] = await readTable(page, 'New against returning players');
    const active = `(SELECT 1 FROM ${own('player_days')} before WHERE before.player_id = played.player_id AND before.date = day - 1)`;
    expect(kinds).toEqual(
      writeRows(
        await ask(`SELECT day::VARCHAR, count(*) FILTER (acquisition_date = day),
            count(*) FILTER (acquisition_date < day AND EXISTS ${active}), count(*) FILTER (acquisition_date < day AND NOT EXISTS ${active})
          ${days()} LEFT JOIN ${own('player_days')} played ON date = day LEFT JOIN players USING (player_id) GROUP BY day ORDER BY day`),
        ['day', 'count', 'count', 'count'],
      ),
    );
    const [[, ...types] = [], ...byType] = await readTable(page, 'Events by type');
    const counted =
      await ask(`SELECT day::VARCHAR, ${types.map((type) => `count(*) FILTER (event_type = '${type}')`).join(', ')}
      ${days()} LEFT JOIN ${own('events_cleaned')} happened ON date = day GROUP BY day ORDER BY day`);
    expect(byType).toEqual(writeRows(counted, ['day', ...types.map(() => 'count' as const)]));
    const known = await ask(`SELECT count(DISTINCT event_type) FROM ${own('events_cleaned')}`);
    expect(types).toHaveLength(Number(known[0]?.[0]));
    const [, ...retention] = await readTable(page, 'Retention');
    expect(retention).toEqual(
      writeRows(
        await ask(`SELECT 'D' || n, count(came.player_id) / count(*)
          FROM ${own('players')} new CROSS JOIN range(1, 31) ages(n) LEFT JOIN player_days came ON came.player_id = new.player_id AND came.date = new.acquisition_date + n::INT
          WHERE acquisition_date BETWEEN '${site().days[0]}' AND DATE '${site().days.at(-1)}' - n::INT GROUP BY n ORDER BY n`),
        ['text', 'rate'],
      ),
    );
    expectClean();
  });
}
