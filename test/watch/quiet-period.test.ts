import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { QuietPeriod } from '../../src/watch/quiet-period.ts';

const QUIET = 100;

describe('a quiet period', () => {
  it('is over when the name has not changed and nothing happened for its length, whatever came before', () => {
    const step = fc.record({
      after: fc.integer({ min: 0, max: 150 }),
      event: fc.constantFrom('touch', 'see a', 'see b'),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1 }), (steps) => {
        const quiet = new QuietPeriod(QUIET);
        let [now, changedAt, name, ripe] = [0, Number.NaN, null as string | null, false];
        for (const { after, event } of steps) {
          now += after;
          ripe = now - changedAt >= QUIET;
          expect(quiet.isRipe('x', now)).toBe(ripe);
          if (event === 'touch') quiet.touch('x', now);
          else quiet.see('x', event, now);
          const isNews = event === 'touch' || (name !== event && name !== null) || Number.isNaN(changedAt);
          if (isNews) changedAt = now;
          name = event === 'touch' ? null : event;
          expect(quiet.nextAt(changedAt + QUIET - 1)).toBe(changedAt + QUIET);
        }
      }),
    );
  });

  it('counts from when what is seen for the first time was written, and never from the future', () => {
    const quiet = new QuietPeriod(QUIET);
    quiet.see('old', 'a', 1000, 10);
    quiet.see('young', 'a', 1000, 950);
    quiet.see('ahead', 'a', 1000, 5000);
    expect([quiet.ripe(1000), quiet.ripe(1050), quiet.ripe(1100)]).toEqual([
      ['old'],
      ['old', 'young'],
      ['ahead', 'old', 'young'],
    ]);
    quiet.see('old', 'b', 1000, 10);
    expect(quiet.ripe(1099)).toEqual(['young']);
  });

  it('leaves what is settled alone until its name changes, something happens or it is woken', () => {
    const quiet = new QuietPeriod(QUIET);
    for (const key of ['same', 'other', 'touched', 'woken']) {
      quiet.see(key, 'a', 0);
      quiet.settle(key, 'a');
    }
    expect([quiet.pending, quiet.nextAt(0)]).toEqual([[], Number.POSITIVE_INFINITY]);
    quiet.see('same', 'a', 200);
    quiet.see('other', 'b', 200);
    quiet.touch('touched', 200);
    quiet.wake('woken', 200);
    expect([quiet.ripe(200), quiet.ripe(300)]).toEqual([['woken'], ['other', 'touched', 'woken']]);
  });

  it('is not cut short by waking', () => {
    const quiet = new QuietPeriod(QUIET);
    quiet.touch('x', 0);
    quiet.wake('x', 10);
    expect([quiet.isRipe('x', 99), quiet.isRipe('x', 100)]).toEqual([false, true]);
  });
});
