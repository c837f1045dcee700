import { expect, it } from 'vitest';
import { listDays, ownRows, within } from '../support/ask-own.ts';
import type { Chosen } from '../support/chosen.ts';
import { readKpis, readTable, waitForAnswer, writeRows, written } from '../support/read-page.ts';
import type { Site } from '../support/site.ts';

const bins = [
  '< 1 min',
  '1 min – 3 min',
  '3 min – 5 min',
  '5 min – 10 min',
  '10 min – 20 min',
  '20 min – 30 min',
];
const binNames = [...bins, '30 min – 1 hr', '≥ 1 hr'];
const binEnds = [0, 60, 180, 300, 600, 1200, 1800, 3600];
const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** Numbers of the page of engagement, for a filter. */
export function engagementNumbers(site: () => Site, chosen: Chosen): void {
  const own = (table: string) => ownRows(chosen, table);

  it('engagement', async () => {
    const { show, ask, range } = site();
    const { page, expectClean } = await show(`/engagement?${range}${chosen.search}&compare=none`);
    await waitForAnswer(page);
    const rows = async (title: string) => (await readTable(page, title)).slice(1);
    const [events, sessions] = [own('events_cleaned'), own('sessions')];
    const since = (days: number) => `day >= DATE '${site().days[0]}' + ${days - 1}`;
    const reach = (days: number) =>
      `(SELECT count(DISTINCT player_id) FROM ${events} WHERE date BETWEEN day - ${days - 1} AND day)`;
    const daily =
      await ask(`SELECT day::VARCHAR, ${reach(1)}, CASE WHEN ${since(7)} THEN ${reach(7)} END, CASE WHEN ${since(30)} THEN ${reach(30)} END,
        (SELECT count(*) FROM ${sessions} WHERE date = day) / nullif(${reach(1)}, 0),
        (SELECT avg(events) FROM ${sessions} WHERE date = day),
        (SELECT quantile_cont(duration_s, 0.5) FROM ${sessions} WHERE date = day),
        (SELECT quantile_cont(duration_s, 0.9) FROM ${sessions} WHERE date = day),
        CASE WHEN ${since(30)} THEN ${reach(1)} / ${reach(30)} END
      FROM (${listDays(site())}) days ORDER BY day`);
    const pick = (kind: keyof typeof written, ...columns: number[]) =>
      writeRows(
        daily.map((row) => [row[0], ...columns.map((column) => row[column])]),
        ['day', ...columns.map(() => kind)],
      );
    const last = (column: number) => daily.findLast((row) => row[column] !== null)?.[column];
    const [sums] = await ask(`SELECT count(DISTINCT player_id),
      (SELECT count(*) FROM ${sessions} WHERE ${within(site())}) / count(DISTINCT (player_id, date)) FROM ${events} WHERE ${within(site())}`);
    expect(await readKpis(page)).toEqual({
      active_players: written.count(sums?.[0]),
      wau: written.count(last(2)),
      mau: written.count(last(3)),
      stickiness: written.rate(last(8)),
      sessions_per_player: written.decimal(sums?.[1]),
      session_length_p50: written.seconds(last(6)),
      session_length_p90: written.seconds(last(7)),
    });
    expect(await rows('DAU, WAU and MAU')).toEqual(pick('count', 1, 2, 3));
    expect(await rows('Stickiness by day')).toEqual(pick('rate', 8));
    expect(await rows('Sessions a player by day')).toEqual(pick('decimal', 4));
    expect(await rows('Events a session by day')).toEqual(pick('decimal', 5));
    expect(await rows('Session length by day')).toEqual(pick('seconds', 6, 7));

    const lengths = await ask(`SELECT duration_s FROM ${sessions} WHERE ${within(site())}`);
    expect(await rows('Session lengths')).toEqual(
      binEnds.map((from, n) => [
        binNames[n],
        written.count(
          lengths.filter(
            ([s]) => Number(s) >= from && Number(s) < (binEnds[n + 1] ?? Number.POSITIVE_INFINITY),
          ).length,
        ),
      ]),
    );

    const hours = Array.from({ length: 24 }, (_, hour) => hour);
    const week = await ask(`SELECT isodow(day), ${hours
      .map(
        (hour) =>
          `avg((SELECT count(DISTINCT player_id) FROM ${events} WHERE date = day AND hour(timestamp AT TIME ZONE 'UTC') = ${hour}))`,
      )
      .join(', ')}
      FROM (SELECT DISTINCT date AS day FROM ${events} WHERE ${within(site())}) GROUP BY ALL ORDER BY ALL`);
    expect(await rows('Hours of the week')).toEqual(
      writeRows(
        week.map(([weekday, ...players]) => [weekdays[Number(weekday) - 1], ...players]),
        ['text', ...hours.map(() => 'count' as const)],
      ),
    );

    const active = `(SELECT count(DISTINCT (player_id, date)) FROM ${events} WHERE ${within(site())})`;
    expect(await rows('Adoption')).toEqual(
      writeRows(
        await ask(`SELECT event_type, count(DISTINCT (player_id, date)) FILTER (player_id IS NOT NULL) / ${active}, count(player_id)
          FROM (SELECT DISTINCT event_type FROM event_type_daily) LEFT JOIN (FROM ${events} WHERE ${within(site())}) USING (event_type)
          GROUP BY event_type ORDER BY 2 DESC, 1`),
        ['text', 'rate', 'count'],
      ),
    );
    expectClean();
  });
}
