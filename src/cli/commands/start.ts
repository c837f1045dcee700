import { relative } from 'node:path';
import { planGenerator } from '../../activities/generate.ts';
import { loadConfig } from '../../config/load.ts';
import type { Config } from '../../config/schema.ts';
import { ensurePage } from '../../dashboard/page/ensure-page.ts';
import { sum } from '../../domain/ledger.ts';
import type { BackfillResult } from '../../domain/pipeline.ts';
import { describeFailed } from '../../operations/describe-failed.ts';
import { startBackfill } from '../../operations/start-runs.ts';
import { dataFolderOf } from '../../stack/data-folder.ts';
import { linkToRun } from '../../stack/endpoints.ts';
import { type Stack, startStack } from '../../stack/start-stack.ts';
import { readCurrent } from '../../storage/catalog.ts';
import { generatedPrefix } from '../../storage/land-generated.ts';
import type { ObjectStore } from '../../storage/object-store.ts';
import { followRun } from '../follow.ts';
import { formatCount, say } from '../output.ts';
import { withSession } from '../session.ts';
import { CommandFailed } from '../usage-error.ts';

/** `questline start`: brings everything up, fills an empty bucket, and keeps it up until Ctrl-C or SIGTERM. */
export async function runStart({ demo }: { readonly demo: boolean }): Promise<void> {
  const { config } = loadConfig();
  const ending = watchForEnd();
  const began = Date.now();
  say('Questline is starting.');
  const stack = await startStack(config, { say, warn: (text) => say(`  ! ${text}`) });
  const work = async () => {
    const [dashboard] = await Promise.all([startDashboard(stack), stack.startWorker()]);
    const seconds = ((Date.now() - began) / 1000).toFixed(1);
    say(`  ✓ Temporal, MinIO, a worker and the dashboard are up (${seconds} s)`);
    await fillAndGreet(config, { ...stack, dashboard }, demo);
  };
  try {
    await Promise.race([work().then(() => ending.promise), ending.promise, stack.broken]);
  } finally {
    say('\nStopping: dashboard, worker, Temporal, MinIO.');
    await stack.stop();
    say('Stopped. The data stays; npm start goes on from it.');
  }
}

async function startDashboard(stack: Stack): Promise<string> {
  await ensurePage(say);
  return stack.startDashboard();
}

function watchForEnd(): { readonly promise: Promise<void> } {
  const { promise, resolve } = Promise.withResolvers<void>();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve());
  process.once('disconnect', () => resolve());
  return { promise };
}

interface Running extends Stack {
  /** URL of the dashboard. */
  readonly dashboard: string;
}

async function fillAndGreet(config: Config, stack: Running, demo: boolean): Promise<void> {
  const embedded = config.s3.endpoint === 'embedded' && config.temporal.address === 'embedded';
  await withSession(async (session) => {
    const store = await session.store();
    if (demo && embedded && (await isUntouched(store))) {
      const { from, to } = config.demo;
      const { players } = planGenerator(config, {}).identity;
      const input = { from, to, trigger: 'demo' as const, generate: {} };
      const handle = await startBackfill(await session.temporal(), config, input);
      const link = linkToRun(stack.endpoints.temporal, handle.workflowId);
      say(
        `  … generating ${from} to ${to} with ${formatCount(players)} players, and running each day: ${link}`,
      );
      say(`  … watch it at ${stack.dashboard}`);
      const followed = await followRun<BackfillResult>(handle);
      if (followed.outcome === 'left' || followed.outcome === 'stopped') return;
      if (followed.outcome === 'failed') throw new CommandFailed(describeFailed(followed.error));
      const published = followed.result.days.filter(({ state }) => state === 'published').length;
      say(`  ✓ ${published} of ${followed.result.days.length} days are published`);
    }
    await greet(config, stack, store);
  });
}

/** Nothing was published and nothing but generated data landed: a first start, or one that was interrupted. */
async function isUntouched(store: ObjectStore): Promise<boolean> {
  if ((await readCurrent(store)).state !== null) return false;
  for await (const { key } of store.list('raw/dt=')) if (!key.includes(`/${generatedPrefix}`)) return false;
  return true;
}

async function greet(config: Config, { endpoints, dashboard }: Running, store: ObjectStore): Promise<void> {
  const { state } = await readCurrent(store);
  const days = [...(state?.arrivals.keys() ?? [])];
  const events = sum([...(state?.eventDays.values() ?? [])].map(({ ledger }) => ledger.kept));
  const folder = dataFolderOf(config);
  const shown = (path: string) => relative(process.cwd(), path) || '.';
  const data =
    days.length === 0
      ? 'none yet'
      : `${days.length} days, ${days[0]} to ${days.at(-1)}, ${formatCount(events)} events`;
  const ui =
    endpoints.temporal.uiUrl === null
      ? null
      : `${endpoints.temporal.uiUrl}/namespaces/${endpoints.temporal.namespace}/workflows`;
  const consoleLink =
    endpoints.consoleUrl === null
      ? null
      : `${endpoints.consoleUrl}  (user and password: ${shown(folder.credentials)})`;
  const { endpoint, region, bucket } = endpoints.s3;
  const { prometheusAddress } = config.metrics;
  const tokenHint =
    config.dashboard.writeToken === null
      ? `  (to start runs and decide about held days there: the token in ${shown(folder.writeToken)})`
      : '';
  const rows: [string, string | null][] = [
    ['Dashboard', `${dashboard}${tokenHint}`],
    ['Temporal Web UI', ui],
    ['MinIO console', consoleLink],
    ['Bucket', `${bucket} at ${endpoint ?? `AWS S3, ${region}`}`],
    ['Published data', data],
    ['Logs', shown(folder.logs)],
    ['Metrics', prometheusAddress === null ? null : `http://${prometheusAddress}/metrics`],
  ];
  const lines = rows.flatMap(([name, value]) => (value === null ? [] : [`  ${name.padEnd(17)}${value}`]));
  say(`
  Questline is up.

${lines.join('\n')}

  In another terminal:
    npx questline status
    npx questline query "select date, dau, revenue from daily_metrics order by date"
    npx questline land your-events.ndjson      then: npx questline backfill --from DAY --to DAY
    npx questline watch                        runs each day by itself as its files land
    npx questline --help

  Ctrl-C stops everything; the data stays in ${shown(folder.root)}.
`);
}
