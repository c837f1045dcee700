import { parseArgs } from 'node:util';
import { Campaign, campaignSettings } from './campaign.ts';
import { listStepKills } from './commit-steps.ts';
import { race } from './race.ts';
import { Servers } from './servers.ts';

/**
 * The whole kill campaign: `npm run test:kill -- [--kills N] [--races N] [--seed N]`. Exit code 1 at the first fault; the
 * folder with all data and logs then stays, and is told.
 */
const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '200' },
    races: { type: 'string', default: '50' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
});

const seed = Number(values.seed);
const races = Number(values.races);
const tell = (line: string) => console.log(`${new Date().toISOString().slice(11, 19)}  ${line}`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
const servers = await Servers.start(campaignSettings);
try {
  tell(`seed ${seed}; data and logs in ${servers.folder.root}`);
  const plan = {
    kills: Number(values.kills),
    steps: listStepKills(),
    seed,
    days: 6,
    stages: 6,
    stepsARound: 5,
    randomARound: 5,
    isDeep: true,
  };
  if (plan.kills > 0) tell(JSON.stringify(await new Campaign(servers, plan, tell).run()));
  if (races > 0) tell(JSON.stringify(await race(servers, races, tell)));
  await servers.close();
  await servers.remove();
} catch (error) {
  await servers.close();
  tell(`FAULT: ${error instanceof Error ? error.message : String(error)}`);
  tell(`Again: npm run test:kill -- --seed ${seed}. Data and logs stay in ${servers.folder.root}.`);
  process.exitCode = 1;
}
