import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { Answer } from '../../../src/dashboard/api/routes.ts';
import { addDays, type Day } from '../../../src/domain/day.ts';
import { landObject, makeGoodDay } from '../../support/good-day.ts';
import type { Site } from '../support/site.ts';

/** That a day is run and decided by the API. */
export function apiDecision(site: () => Site): void {
  it('a day is run, held, approved and shown, and what was shown before stays until then', async () => {
    const { days, range, world, dashboard, read, token } = site();
    const day = addDays(days.at(-1) as Day, 12);
    const absurd = { event_type: 'purchase', properties: { amount: 5000 } };
    const late = ['session_start', 'session_end'].map((event_type, n) => ({
      event_type,
      properties: { session_id: 'late' },
      timestamp: `${addDays(day, -1)}T10:0${n}:00Z`,
    }));
    await landObject(world.store, day, 'a', makeGoodDay(day, 'a', absurd, ...late));
    const write = (
      path: string,
      body: object,
      headers: Record<string, string> = { authorization: `Bearer ${token}` },
    ) =>
      fetch(`${dashboard().url}/api/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      });
    expect((await write('runs', { day })).status).toBe(200);
    let hold: Answer<'day'>['hold'] = null;
    for (let n = 0; n < 150 && hold === null; n += 1) {
      await sleep(200);
      hold = (await read(`days/${day}`, 'day')).hold;
    }
    expect(hold?.failed.join()).toContain('revenue_outliers');
    const before = await read('status', 'status');
    expect(before.newest).toMatchObject({ day, state: 'held' });
    const decision = { verdict: 'approved', by: 'ann', why: 'a new bundle', subject: hold?.subject };
    expect((await write(`days/${day}/decision`, { ...decision, subject: 'other data' })).status).toBe(409);
    expect((await write(`days/${day}/decision`, decision, {})).status).toBe(401);
    expect(await (await write(`days/${day}/decision`, decision)).json()).toMatchObject({
      verdict: 'approved',
      by: 'ann',
    });
    await world.client.workflow.getHandle(`questline-day-${day}`).result();
    await dashboard().look();
    const after = await read('status', 'status');
    expect(after.snapshot).not.toBe(before.snapshot);
    expect(after).toMatchObject({ dataThrough: day, newest: null });
    const { meta } = await read(`overview?${range}`, 'overview');
    expect(meta.snapshot).toBe(after.snapshot);
    expect((await write(`days/${day}/decision`, decision)).status).toBe(409);
  });

  it('a day of which only late events are there counts for nothing in the numbers of a range', async () => {
    const { days, read } = site();
    const [incomplete, run] = [11, 12].map((n) => addDays(days.at(-1) as Day, n));
    const { daily, kpis } = await read(`engagement?from=${incomplete}&to=${incomplete}`, 'engagement');
    expect(daily).toMatchObject([{ date: incomplete, complete: false, dau: 2 }]);
    expect(daily[0]?.session_length_p50).not.toBeNull();
    expect(kpis.map(({ value, days: of, at }) => [value, of, at])).toEqual(kpis.map(() => [null, 0, null]));
    const both = await read(`engagement?from=${incomplete}&to=${run}`, 'engagement');
    expect(both.kpis.find(({ metric }) => metric === 'session_length_p50')).toMatchObject({
      at: run,
      days: 1,
    });
    expect(both.kpis.find(({ metric }) => metric === 'active_players')).toMatchObject({ value: 7, days: 1 });
  });
}
