import { expect, it } from 'vitest';
import { ownRows, within } from '../support/ask-own.ts';
import type { Chosen } from '../support/chosen.ts';
import { readTable, waitForAnswer, writeRows, written } from '../support/read-page.ts';
import type { Site } from '../support/site.ts';

const WINDOW = 7;
const names = ['registered', 'first_session', 'level_1', 'level_5', 'first_purchase'];

/** Numbers of the page of funnels, for a filter. */
export function funnelNumbers(site: () => Site, chosen: Chosen): void {
  const own = (table: string) => ownRows(chosen, table);

  it('the conversion funnel', async () => {
    const { show, ask, range } = site();
    const { page, expectClean } = await show(`/funnels?${range}${chosen.search}&by=country`);
    await waitForAnswer(page);
    const isMature = `entry_date <= DATE '${site().days.at(-1)}' - ${WINDOW}`;
    const journeys = journeysOver(own('events_cleaned'), within(site(), 'entry_date'));
    const reached = names.map((_, n) => `count(t${n + 1})`).join(', ');
    const [all = []] = await ask(`${journeys} SELECT ${reached},
      ${names.map((_, n) => `median(epoch_us(t${n + 1}) - epoch_us(t1)) / 1e6`).join(', ')} FROM steps WHERE ${isMature}`);
    const [dates] = await ask(`${journeys} SELECT count(DISTINCT entry_date) FILTER (${isMature}),
      count(DISTINCT entry_date) FILTER (NOT ${isMature}) FROM steps`);
    const players = names.map((_, n) => Number(all[n]));
    expect(players[0]).toBeGreaterThan(0);
    expect((await readTable(page, 'Conversion funnel')).slice(1)).toEqual(
      names.map((name, n) => {
        const [now = 0, before] = [players[n], players[n - 1]];
        const rate = before === undefined || before === 0 ? null : now / before;
        return [
          name,
          written.count(now),
          written.rate(now / Number(players[0])),
          written.rate(rate),
          written.count(before === undefined ? null : before - now),
          written.rate(rate === null ? null : 1 - rate),
          written.seconds(all[names.length + n]),
        ];
      }),
    );
    const said = await page.locator('section.card').first().textContent();
    const [mature, immature] = [Number(dates?.[0]), Number(dates?.[1])];
    const waiting = immature === 0 ? '' : ` ${immature} entry date`;
    expect(said).toMatch(new RegExp(`Over ${mature} entry dates?\\.${waiting}`));

    const byCountry = await ask(`${journeys} SELECT coalesce(country, 'Not known'), ${reached} FROM steps
      JOIN players USING (player_id) WHERE ${isMature} GROUP BY country ORDER BY 1`);
    const shown = (await readTable(page, 'Breakdown')).slice(1);
    expect(shown.sort(([a = ''], [b = '']) => (a < b ? -1 : 1))).toEqual(
      byCountry.map(([country, ...counts]) => [
        country,
        ...counts.map(
          (count) => `${written.rate(Number(count) / Number(counts[0]))} ${written.count(count)} players`,
        ),
      ]),
    );
    expectClean();
  });

  it('the funnel of levels', async () => {
    const { show, ask, range } = site();
    const { page, expectClean } = await show(`/funnels?${range}${chosen.search}`);
    await waitForAnswer(page);
    const levels = await ask(levelsOver(own('events_cleaned'), within(site(), 'started')));
    expect(levels.length).toBeGreaterThan(5);
    expect((await readTable(page, 'Levels')).slice(1)).toEqual(
      writeRows(levels, ['count', 'count', 'count', 'rate', 'rate', 'count', 'rate', 'decimal', 'seconds']),
    );
    expect((await readTable(page, 'Level funnel')).slice(1)).toEqual(
      writeRows(
        levels.map(([level, started, completed]) => [level, started, completed]),
        ['text', 'count', 'count'],
      ),
    );
    const enough = Math.max(30, Math.ceil(Math.max(...levels.map(([, started]) => Number(started))) / 10));
    const steepest = levels
      .filter(([, started]) => Number(started) >= enough)
      .sort((a, b) => Number(b[4]) - Number(a[4]))
      .slice(0, 5);
    expect(await page.locator('.steepest li').allTextContents()).toEqual(
      steepest.map(
        ([level, started, completed, , rate]) =>
          `Level ${Number(level)}: ${written.rate(rate)} drop off, ${written.count(Number(started) - Number(completed))} of ${written.count(started)} players.`,
      ),
    );
    expectClean();
  });
}

/** When each player took each step: the first time at or after the step before, within the window. */
function journeysOver(events: string, inRange: string): string {
  const matches = [
    "event_type = 'session_start'",
    "event_type = 'level_complete' AND level = 1 AND success",
    "event_type = 'level_complete' AND level = 5 AND success",
    "event_type = 'purchase'",
  ];
  const steps = matches.map(
    (match, n) => `step${n + 2} AS (
      SELECT *, (SELECT min(timestamp) FROM events_cleaned e WHERE e.player_id = b.player_id AND ${match}
        AND timestamp >= t${n + 1} AND timestamp <= t1 + INTERVAL ${WINDOW} DAYS) AS t${n + 2} FROM step${n + 1} b)`,
  );
  return `WITH step1 AS (
      SELECT player_id, min(timestamp) AS t1, min(date) AS entry_date FROM ${events} WHERE event_type = 'player_registered' GROUP BY player_id
    ), ${steps.join(', ')}, steps AS (FROM step${names.length} WHERE ${inRange})`;
}

/** Levels by the players who first started them in the range, with what it took these. */
function levelsOver(events: string, inRange: string): string {
  return `WITH tries AS (
      SELECT player_id, level, timestamp, event_type = 'level_start' AS starts, event_type = 'level_complete' AND success AS wins, time_spent,
        min(date) FILTER (event_type = 'level_start') OVER journey AS started,
        min(timestamp) FILTER (event_type = 'level_complete' AND success) OVER journey AS won_at
      FROM ${events} WHERE event_type IN ('level_start', 'level_complete') WINDOW journey AS (PARTITION BY player_id, level)
    ), journeys AS (
      SELECT player_id, level, any_value(won_at) AS won_at, count(*) FILTER (starts) AS attempts, count(*) FILTER (wins) AS wins,
        count(*) FILTER (starts AND timestamp <= won_at) AS attempts_to_win,
        CASE WHEN count(*) FILTER (NOT starts AND timestamp <= won_at AND time_spent IS NULL) = 0
          THEN sum(time_spent) FILTER (NOT starts AND timestamp <= won_at) END AS time_to_win
      FROM tries WHERE ${inRange} GROUP BY player_id, level
    )
    SELECT level, count(*), count(won_at), count(won_at) / count(*), 1 - count(won_at) / count(*), sum(attempts)::BIGINT,
      sum(wins) / sum(attempts), median(attempts_to_win) FILTER (won_at IS NOT NULL), median(time_to_win) FILTER (won_at IS NOT NULL)
    FROM journeys GROUP BY level ORDER BY level`;
}
