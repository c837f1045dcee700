import { expect, it } from 'vitest';
import { type Metric, readMetrics, sumRange } from '../support/ask-metrics.ts';
import { ownRows, within } from '../support/ask-own.ts';
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
    const daily = await readMetrics(site(), chosen);
    const pick = (kind: keyof typeof written, ...metrics: Metric[]) =>
      writeRows(
        daily.map((day, n) => [site().days[n], ...metrics.map((metric) => day[metric])]),
        ['day', ...metrics.map(() => kind)],
      );
    const last = (metric: Metric) => daily.findLast((day) => day[metric] !== null)?.[metric];
    const sums = await sumRange(site(), chosen, site().days);
    expect(await readKpis(page)).toEqual({
      active_players: written.count(sums['active_players']),
      wau: written.count(last('wau')),
      mau: written.count(last('mau')),
      stickiness: written.rate(last('stickiness')),
      sessions_per_player: written.decimal(sums['sessions_per_player']),
      session_length_p50: written.seconds(last('session_length_p50')),
      session_length_p90: written.seconds(last('session_length_p90')),
    });
    expect(await rows('DAU, WAU and MAU')).toEqual(pick('count', 'dau', 'wau', 'mau'));
    expect(await rows('Stickiness by day')).toEqual(pick('rate', 'stickiness'));
    expect(await rows('Sessions a player by day')).toEqual(pick('decimal', 'sessions_per_player'));
    expect(await rows('Events a session by day')).toEqual(pick('decimal', 'events_per_session'));
    expect(await rows('Session length by day')).toEqual(
      pick('seconds', 'session_length_p50', 'session_length_p90'),
    );

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
