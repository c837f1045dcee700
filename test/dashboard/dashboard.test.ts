import { join } from 'node:path';
import { afterAll, beforeAll, describe } from 'vitest';
import { projectRoot } from '../../src/config/load.ts';
import { addDays, type Day } from '../../src/domain/day.ts';
import { isSlowRun } from '../support/slow.ts';
import { pageAccess } from './suites/access.ts';
import { apiDecision } from './suites/api-decision.ts';
import { apiNumbers } from './suites/api-numbers.ts';
import { apiRefusals } from './suites/api-refusals.ts';
import { pageBehaviour } from './suites/behaviour.ts';
import { dayPage } from './suites/day.ts';
import { firstView } from './suites/first-view.ts';
import { healthPage } from './suites/health.ts';
import { everyNumber } from './suites/numbers.ts';
import { filtersOver } from './support/chosen.ts';
import { createSite, type Site } from './support/site.ts';

const COUNT = 9;
const launchDay = '2031-01-27' as Day;
const days = Array.from({ length: COUNT }, (_, n) => addDays(launchDay, n));
let site: Site;

beforeAll(async () => {
  site = await createSite('dashboard', COUNT, {
    QUESTLINE_GENERATOR_PRESET: join(projectRoot, 'test', 'support', 'over-months.yaml'),
    QUESTLINE_QUALITY_REVENUE_OUTLIERS_ACTION: 'hold',
  });
});
afterAll(() => site.close());

describe('the API', () => {
  apiNumbers(() => site);
  apiRefusals(() => site);
});

/** Without a filter and with several at once; each of them alone is left to the slow proofs. */
const filters = filtersOver(days).filter(({ isTelling }) => isTelling || isSlowRun);

describe.each(filters)('every number equals SQL, with $name', (chosen) => {
  everyNumber(() => site, chosen);
});

const everyPage = ['/', '/health', `/days/${days[3]}`, '/retention', '/funnels', '/revenue', '/engagement'];
/** Pages that axe and Tab go over: of different make, and all of them among the slow proofs. */
const walked = isSlowRun ? everyPage : everyPage.slice(0, 3);
const tabbed = isSlowRun ? everyPage : everyPage.slice(2, 3);

describe('a page', () => {
  pageAccess(
    () => site,
    () => walked.map((path) => `${path}?${site.range}`),
    () => tabbed.map((path) => `${path}?${site.range}`),
  );
  pageBehaviour(() => site);
});

describe('the first view', () => {
  firstView(() => site);
});

describe('data health', () => {
  healthPage(() => site);
});

describe('the day', () => {
  dayPage(() => site);
});

describe('the API, last', () => {
  apiDecision(() => site);
});
