import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { launchBrowser } from '../infra/browser.ts';
import { ownStack } from '../infra/own-stack.ts';
import { loadConfig } from '../src/config/load.ts';
import type { Answer } from '../src/dashboard/api/routes.ts';
import { addDays, parseDay } from '../src/domain/day.ts';
import { dataFolderOf } from '../src/stack/data-folder.ts';
import { readStackState } from '../src/stack/stack-state.ts';
import { askFor, quantile } from './dashboard/ask.ts';
import { measureFirstScript } from './dashboard/first-script.ts';
import { loadPage } from './dashboard/page-load.ts';
import { measurePeople } from './dashboard/people.ts';

/** Measures the dashboard against its budgets, over thirty published days of a game of that many players. */
const { values: options } = parseArgs({
  options: {
    players: { type: 'string', default: '54000' },
    people: { type: 'string', default: '8' },
    seconds: { type: 'string', default: '30' },
  },
});
const LOADS = 5;
const stack = await ownStack({ QUESTLINE_GENERATOR_PLAYERS: options.players });

interface Line {
  readonly what: string;
  readonly measured: number;
  /** Null where there is none. */
  readonly budget: number | null;
  readonly unit: string;
}

function tell({ what, measured, budget, unit }: Line): void {
  const digits = unit === '' ? 3 : measured < 10 ? 2 : 0;
  const mark = budget === null ? ' ' : measured <= budget ? '✓' : '✗';
  const within = budget === null ? '' : ` budget ${budget} ${unit}`;
  console.log(
    `${mark} ${what.padEnd(46)} ${measured.toFixed(digits).padStart(8)} ${unit.padEnd(3)}${within}`.trimEnd(),
  );
}

async function readStatus(url: string): Promise<Answer<'status'>> {
  return (await fetch(`${url}/api/status`)).json() as Promise<Answer<'status'>>;
}

async function repeat(times: number, measure: (n: number) => Promise<number>): Promise<number> {
  const found: number[] = [];
  for (let n = 0; n < times; n += 1) found.push(await measure(n));
  return quantile(found, 0.5);
}

try {
  await stack.start();
  const { config } = loadConfig(stack.env);
  const { from, to } = config.demo;
  await stack.run('generate', '--from', from, '--to', to, '--json');
  await stack.run('backfill', '--from', from, '--to', to);
  const [row] = JSON.parse(
    await stack.run('query', 'SELECT sum(events)::BIGINT AS events FROM daily_metrics', '--json'),
  ) as readonly { readonly events: number }[];
  const count = (value: number) => value.toLocaleString('en-US');
  console.log(`${count(Number(row?.events))} events over 30 days, ${count(Number(options.players))} players`);
  const port = (await readStackState(dataFolderOf(config).state))?.ports.dashboard;
  const url = `http://127.0.0.1:${port}`;
  const last = parseDay(to);
  while ((await readStatus(url)).dataThrough !== to) await sleep(200);
  const rangeOf = (days: number) => `from=${addDays(last, 1 - days)}&to=${last}`;
  tell({
    what: 'script before the first view, gzip',
    measured: await measureFirstScript(url),
    budget: 220,
    unit: 'KB',
  });
  tell({
    what: 'overview, first after the publish',
    measured: await askFor(`${url}/api/overview?${rangeOf(30)}&compare=previous`),
    budget: null,
    unit: 'ms',
  });
  const cold = await repeat(9, (n) => askFor(`${url}/api/overview?${rangeOf(20 + n)}&compare=previous`));
  tell({ what: 'overview, cold', measured: cold, budget: 300, unit: 'ms' });
  const cached = await repeat(50, () => askFor(`${url}/api/overview?${rangeOf(28)}&compare=previous`));
  tell({ what: 'overview, cached', measured: cached, budget: 20, unit: 'ms' });
  const retention = await repeat(9, (n) => askFor(`${url}/api/retention?${rangeOf(20 + n)}`));
  tell({ what: 'retention, cold', measured: retention, budget: 600, unit: 'ms' });
  const browser = await launchBrowser();
  const loads = [];
  for (let n = 0; n < LOADS; n += 1) loads.push(await loadPage(browser, url));
  await browser.close();
  const lcp = quantile(
    loads.map((load) => load.lcp),
    0.5,
  );
  tell({ what: 'largest part of the overview (LCP), slow line', measured: lcp, budget: 2, unit: 's' });
  const cls = Math.max(...loads.map((load) => load.cls));
  tell({ what: 'jumps of its parts (CLS), most', measured: cls, budget: 0.02, unit: '' });
  const waits = await measurePeople(url, last, Number(options.people), Number(options.seconds));
  tell({
    what: `${options.people} people, ${waits.length} answers, p95`,
    measured: quantile(waits, 0.95) / 1000,
    budget: 1.5,
    unit: 's',
  });
} finally {
  await stack.remove();
}
process.exit();
