import { afterAll, beforeAll, describe } from 'vitest';
import { addDays, type Day } from '../../src/domain/day.ts';
import { isSlowRun } from '../support/slow.ts';
import { everyNumber } from './suites/numbers.ts';
import { filtersOver } from './support/chosen.ts';
import { createSite, type Site } from './support/site.ts';

const COUNT = 30;
const launchDay = '2026-01-01' as Day;
const days = Array.from({ length: COUNT }, (_, n) => addDays(launchDay, n));

/** The game of `npm start` with fewer players; dashboard.test.ts has the same of a small game with more defects. */
describe.runIf(isSlowRun)('the default game over thirty days', () => {
  let site: Site;

  beforeAll(async () => {
    site = await createSite('default-data', COUNT, { QUESTLINE_GENERATOR_PLAYERS: '1000' });
  }, 900_000);
  afterAll(() => site.close());

  describe.each(filtersOver(days))('every number equals SQL, with $name', { timeout: 120_000 }, (chosen) => {
    everyNumber(() => site, chosen);
  });
});
