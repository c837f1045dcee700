import { expect, it } from 'vitest';
import type { Chosen } from '../support/chosen.ts';
import { readTable, waitForAnswer, written } from '../support/read-page.ts';
import type { Site } from '../support/site.ts';

/** When a player of a cohort has come back, by kind; `n` and `m` are the first and last day of an age. */
const kinds = {
  classic: { ages: 'SELECT n, n AS m FROM range(1, 31) ages(n)', until: 'acquisition_date + n::INT' },
  rolling: { ages: 'SELECT n, n AS m FROM range(1, 31) ages(n)', until: 'last' },
  bracket: {
    ages: 'SELECT * FROM (VALUES (1, 3), (4, 7), (8, 14), (15, 30)) ages(n, m)',
    until: 'acquisition_date + m::INT',
  },
} as const;

/** Numbers of the retention page, for a filter and each kind of retention. */
export function retentionNumbers(site: () => Site, { search, players }: Chosen): void {
  it('retention', async () => {
    const { show, ask, range, days } = site();
    const cells = (kind: keyof typeof kinds) =>
      ask(`WITH ages AS (${kinds[kind].ages}), span AS (SELECT DATE '${days[0]}' AS first, DATE '${days.at(-1)}' AS last),
          new AS (SELECT player_id, acquisition_date FROM players SEMI JOIN (${players}) USING (player_id), span WHERE acquisition_date BETWEEN first AND last)
        SELECT acquisition_date::VARCHAR, n, m, count(*), count(*) FILTER (EXISTS (
            SELECT 1 FROM player_days came WHERE came.player_id = new.player_id AND came.date BETWEEN acquisition_date + n::INT AND ${kinds[kind].until})),
          acquisition_date + m::INT <= last
        FROM new, ages, span GROUP BY acquisition_date, n, m, last ORDER BY acquisition_date, n`);
    for (const kind of ['classic', 'rolling', 'bracket'] as const) {
      const expected = await cells(kind);
      const ages = [
        ...new Set(expected.map(([, n, m]) => (n === m ? `D${String(n)}` : `D${String(n)}–D${String(m)}`))),
      ];
      const cohorts = [...Map.groupBy(expected, ([day]) => String(day))];
      const { page, expectClean } = await show(`/retention?${range}${search}&kind=${kind}`);
      await waitForAnswer(page);
      const short = new Intl.DateTimeFormat('en-US', { month: 'short', day: 'numeric', timeZone: 'UTC' });
      const sizes = cohorts.map(([, row]) => Number(row[0]?.[3]));
      const together = ages.map((_, n) => {
        const mature = cohorts.flatMap(([, row]) => (row[n]?.[5] === true ? [row[n]] : []));
        const sum = (place: number) => mature.reduce((all, row) => all + Number(row?.[place]), 0);
        return mature.length === 0 ? null : sum(4) / sum(3);
      });
      expect(await readTable(page, 'Cohorts')).toEqual([
        ['Acquired', 'Players', ...ages],
        ['All cohorts', written.count(sizes.reduce((a, b) => a + b, 0)), ...together.map(written.rate)],
        ...cohorts.map(([day, row], place) => [
          short.format(new Date(day)),
          written.count(sizes[place]),
          ...row.map(([, , , size, came, mature]) =>
            written.rate(mature === true ? Number(came) / Number(size) : null),
          ),
        ]),
      ]);
      const curve = await readTable(page, 'Curves');
      expect(curve.slice(1)).toEqual(ages.map((age, n) => [age, written.rate(together[n])]));
      await page.getByText('Players', { exact: true }).first().click();
      await page.waitForURL(/show=count/);
      const counts = await readTable(page, 'Cohorts');
      expect(counts.slice(2).map((row) => row.slice(2))).toEqual(
        cohorts.map(([, row]) =>
          row.map(([, , , , came, mature]) => written.count(mature === true ? came : null)),
        ),
      );
      const [head = [], ...points] = await readTable(
        page,
        kind === 'bracket' ? `${ages.join(', ')} by cohort` : 'D1, D7, D30 by cohort',
      );
      expect(points).toEqual(
        cohorts.map(([day, row]) => [
          written.day(day),
          ...head.slice(1).map((age) => {
            const [, , , size, came, mature] = row[ages.indexOf(age)] ?? [];
            return written.rate(mature === true ? Number(came) / Number(size) : null);
          }),
        ]),
      );
      expectClean();
    }
  });
}
