import { afterAll, beforeAll, expect, it } from 'vitest';
import { itSlowly } from '../support/slow.ts';
import { Campaign, campaignSettings } from './campaign.ts';
import { describeStepKill, listStepKills } from './commit-steps.ts';
import { race } from './race.ts';
import { Servers } from './servers.ts';

/** A few of those that `npm run test:kill` goes through. */
const chosen = new Set([
  'month, before: worker',
  'pointer, after: MinIO',
  'mirror, copied, before: Temporal',
]);
const RACES = 1;
let servers: Servers;

beforeAll(async () => {
  servers = await Servers.start(campaignSettings);
});
afterAll(async () => {
  await servers.close();
  await servers.remove();
});

it('readers see whole states only while worker, Temporal and MinIO are killed, and the end is that of a run without kills', {
  timeout: 300_000,
}, async () => {
  const steps = listStepKills().filter((kill) => chosen.has(describeStepKill(kill)));
  const size = { kills: 6, days: 2, stages: 1, stepsARound: 3, randomARound: 3 };
  const totals = await new Campaign(servers, { ...size, steps, seed: 3, isDeep: false }, () => {}).run();
  expect(totals.stepKills).toBe(chosen.size);
  expect(totals.kills).toBeGreaterThanOrEqual(size.kills);
  expect(totals.answered).toBeGreaterThan(10);
});

itSlowly(
  'two processes that publish at once both do: who comes second plans again',
  {
    timeout: 300_000,
  },
  async () => {
    const totals = await race(servers, RACES, () => {});
    expect(totals).toEqual({ races: RACES, met: RACES, lost: RACES });
  },
);
