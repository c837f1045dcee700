import { expect, it } from 'vitest';
import type { Day } from '../../../src/domain/day.ts';
import { type Metric, readMetrics, sumRange } from '../support/ask-metrics.ts';
import type { Chosen } from '../support/chosen.ts';
import { readChanges, readTable, waitForAnswer, written } from '../support/read-page.ts';
import type { Site } from '../support/site.ts';

type Kind = keyof typeof written;

interface ComparedPage {
  readonly path: string;
  /** Metrics of all days of a range together. */
  readonly sums: readonly (readonly [metric: string, kind: Kind])[];
  /** Metrics of the last day that they are known of, and how many days before the range it may be. */
  readonly lasts: readonly (readonly [metric: Metric, kind: Kind, lag: number])[];
  readonly charts: readonly (readonly [title: string, metric: Metric, kind: Kind])[];
}

const pages: readonly ComparedPage[] = [
  {
    path: '/',
    sums: [
      ['dau', 'count'],
      ['events', 'count'],
      ['revenue', 'money'],
      ['arpdau', 'money'],
      ['arpu', 'money'],
    ],
    lasts: [
      ['retention_d1', 'rate', 1],
      ['retention_d7', 'rate', 7],
    ],
    charts: [['Daily active users', 'dau', 'count']],
  },
  {
    path: '/revenue',
    sums: [
      ['revenue', 'money'],
      ['ad_revenue', 'money'],
      ['arpdau', 'money'],
      ['arpu', 'money'],
      ['arppu_period', 'money'],
      ['payer_rate_period', 'rate'],
      ['paying_players', 'count'],
    ],
    lasts: [],
    charts: [
      ['ARPDAU by day', 'arpdau', 'money'],
      ['ARPPU by day', 'arppu', 'money'],
      ['Payer rate by day', 'payer_rate', 'rate'],
      ['Payers a day', 'payers', 'count'],
    ],
  },
  {
    path: '/engagement',
    sums: [
      ['active_players', 'count'],
      ['sessions_per_player', 'decimal'],
    ],
    lasts: [
      ['wau', 'count', 0],
      ['mau', 'count', 0],
      ['stickiness', 'rate', 0],
      ['session_length_p50', 'seconds', 0],
      ['session_length_p90', 'seconds', 0],
    ],
    charts: [
      ['Stickiness by day', 'stickiness', 'rate'],
      ['Sessions a player by day', 'sessions_per_player', 'decimal'],
      ['Events a session by day', 'events_per_session', 'decimal'],
    ],
  },
];

/** That what a range is compared with is what SQL says of the days before it, for a filter. */
export function comparedNumbers(site: () => Site, chosen: Chosen): void {
  /** First and last day of a range: of one whose days before are there in part, and of one with all of them. */
  const ranges = () => [[3, 7] as const, [site().days.length - 3, site().days.length - 1] as const];

  it.each(pages)('what $path is compared with', async ({ path, sums, lasts, charts }) => {
    const { show, days } = site();
    const daily = await readMetrics(site(), chosen);
    const valueOn = (metric: Metric, n: number) => daily[n]?.[metric] ?? null;
    const daysAt = (some: readonly number[]) => some.map((n) => days[n] as Day);
    for (const [first, last] of ranges()) {
      const length = last - first + 1;
      const [current, before] = [indices(first, last), indices(first - length, last - length)];
      const paired = current.filter((n) => n - length >= 0);
      const [ours, theirs] = await Promise.all(
        [paired, before].map((some) => sumRange(site(), chosen, daysAt(some))),
      );
      const ofSums = sums.map(([metric, kind]) => [
        metric,
        sayChange(kind, ours?.[metric], theirs?.[metric], [paired.length, length]),
      ]);
      const ofLasts = lasts.map(([metric, kind, lag]) => {
        const at = indices(first - lag, last).findLast((n) => valueOn(metric, n) !== null);
        if (at === undefined) return [metric, 'No day to compare with'];
        const then = valueOn(metric, at - length);
        if (then === null) return [metric, 'Nothing to compare with'];
        const change = sayChange(kind, valueOn(metric, at), then, [1, 1]);
        return [metric, `${change} of ${written.day(days[at - length])}`];
      });
      const search = `from=${days[first]}&to=${days[last]}${chosen.search}`;
      const { page, expectClean } = await show(`${path}?${search}`);
      await waitForAnswer(page);
      expect(await readChanges(page), search).toEqual(Object.fromEntries([...ofSums, ...ofLasts]));
      for (const [title, metric, kind] of charts) {
        const [, ...rows] = await readTable(page, title);
        const expected = current.map((n) => [
          written.day(days[n]),
          written[kind](valueOn(metric, n)),
          written[kind](valueOn(metric, n - length)),
        ]);
        expect(rows, `${search}: ${title}`).toEqual(expected);
      }
      expectClean();
    }
  });
}

function sayChange(
  kind: Kind,
  ours: unknown,
  theirs: unknown,
  [compared, of]: readonly [number, number],
): string {
  const change = Number(theirs) === 0 ? '' : `${written.change(Number(ours) / Number(theirs) - 1)} `;
  const against = `against ${written[kind](theirs)}`;
  return compared === of
    ? `${change}${against}`
    : `${change}on ${compared} of ${of} days: ${written[kind](ours)} ${against}`;
}

function indices(first: number, last: number): number[] {
  const from = Math.max(0, first);
  return Array.from({ length: last - from + 1 }, (_, n) => from + n);
}
