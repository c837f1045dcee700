import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import { ownStack } from '../infra/own-stack.ts';
import { loadConfig } from '../src/config/load.ts';
import { addDays, type Day } from '../src/domain/day.ts';
import { backfillWorkflowId } from '../src/domain/pipeline.ts';
import { resolveEndpoints } from '../src/stack/endpoints.ts';
import { connectTemporal } from '../src/stack/temporal-client.ts';
import { type CatalogState, readCurrent } from '../src/storage/catalog.ts';
import { createS3Client, S3Store } from '../src/storage/s3-store.ts';
import { readAsOf } from '../src/storage/snapshots.ts';

/**
 * Backfills years of the tiny game in years-game.yaml, and measures what they ask of Temporal (history and pending children of each run) and what a commit
 * still writes at their end, and how long the commands take that look through all of it.
 */
const { values: options } = parseArgs({
  options: {
    days: { type: 'string', default: '3650' },
  },
});
const days = Number(options.days);
const from = '2026-01-01' as Day;
const to = addDays(from, days - 1);
const stack = await ownStack({
  QUESTLINE_GENERATOR_PRESET: join(import.meta.dirname, 'years-game.yaml'),
  QUESTLINE_QUALITY_MINIMUM_EVENTS_THRESHOLD: '1',
  QUESTLINE_QUALITY_REQUIRED_TYPES_SEVERITY: 'warn',
  QUESTLINE_QUALITY_FUTURE_EVENTS_SEVERITY: 'warn',
  QUESTLINE_QUALITY_DUPLICATES_SEVERITY: 'warn',
  QUESTLINE_QUALITY_NULL_SHARE_SEVERITY: 'warn',
  // Nobody looks, and to open each month's snapshot would take the processor from the days.
  QUESTLINE_DASHBOARD_POLL_SECONDS: '3600',
});

interface Extent {
  events: number;
  bytes: number;
  pendingChildren: number;
}

const seen = new Map<string, Extent>();

function look({ runId, raw }: WorkflowExecutionDescription): void {
  const info = raw.workflowExecutionInfo;
  const before = seen.get(runId) ?? { events: 0, bytes: 0, pendingChildren: 0 };
  seen.set(runId, {
    events: Math.max(before.events, Number(info?.historyLength ?? 0)),
    bytes: Math.max(before.bytes, Number(info?.historySizeBytes ?? 0)),
    pendingChildren: Math.max(before.pendingChildren, raw.pendingChildren?.length ?? 0),
  });
}

async function follow(client: Client, workflowId: string): Promise<void> {
  for (;;) {
    const description = await client.workflow
      .getHandle(workflowId)
      .describe()
      .catch((error: unknown) => console.error(`asked again: ${(error as Error).message}`));
    if (description) look(description);
    if (description && description.status.name !== 'RUNNING') break;
    await sleep(1000);
  }
  for await (const { runId } of client.workflow.list({ query: `WorkflowId = '${workflowId}'` }))
    look(await client.workflow.getHandle(workflowId, runId).describe());
}

/** Objects that a snapshot names and its parent does not, and the bytes of its own documents. */
function countNew(
  before: CatalogState,
  after: CatalogState,
): { tables: number; bytes: number; months: number } {
  const refsOf = ({ snapshot, eventDays }: CatalogState) => [
    ...Object.values(snapshot.tables),
    ...[...eventDays.values()].flatMap(({ tables }) => Object.values(tables)),
  ];
  const known = new Set(refsOf(before).map(({ sha256 }) => sha256));
  const fresh = refsOf(after).filter(({ sha256 }) => !known.has(sha256));
  const months = Object.entries(after.snapshot.months).filter(
    ([month, { sha256 }]) => before.snapshot.months[month]?.sha256 !== sha256,
  );
  return {
    tables: fresh.length,
    bytes: fresh.reduce((sum, { bytes }) => sum + bytes, 0),
    months: months.length,
  };
}

/** What the bucket has that was written since: how many objects and bytes under each top folder. */
async function listWritten(store: S3Store, since: Date): Promise<string> {
  const written = new Map<string, { objects: number; bytes: number }>();
  for await (const { key, bytes, modifiedAt } of store.list('')) {
    if (modifiedAt < since) continue;
    const [folder = ''] = key.split('/');
    const { objects, bytes: sum } = written.get(folder) ?? { objects: 0, bytes: 0 };
    written.set(folder, { objects: objects + 1, bytes: sum + bytes });
  }
  const parts = [...written].map(
    ([folder, { objects, bytes }]) => `${folder}/ ${objects} objects with ${Math.round(bytes / 1024)} KB`,
  );
  return parts.join(', ');
}

/** Runs commands that look through what is published, and tells how long each takes. */
async function timeUpkeep(last: Day): Promise<void> {
  const commands = [
    ['status', '--from', addDays(last, -29), '--to', last],
    ['status'],
    ['verify', '--from', addDays(last, -29)],
    ['verify'],
    ['gc'],
  ];
  for (const command of commands) {
    const since = performance.now();
    await stack.run(...command, '--json');
    console.log(`${command.join(' ')}: ${seconds(since)} s`);
  }
}

const seconds = (since: number) => ((performance.now() - since) / 1000).toFixed(1);

try {
  const stop = await stack.start();
  const began = performance.now();
  await stack.run('generate', '--from', from, '--to', to, '--json');
  console.log(`${days} days generated in ${seconds(began)} s`);
  const { config } = loadConfig(stack.env);
  const { temporal, s3 } = await resolveEndpoints(config);
  const client = await connectTemporal(temporal);
  const s3Client = createS3Client(s3);
  const store = new S3Store(s3Client, s3);
  const since = performance.now();
  await stack.run('backfill', '--from', from, '--to', to, '--no-wait');
  await follow(client, backfillWorkflowId(from, to));
  const { state } = await readCurrent(store);
  console.log(`backfill: ${state?.arrivals.size} of ${days} days published in ${seconds(since)} s`);
  const runs = [...seen.values()];
  const most = (name: keyof Extent) => Math.max(...runs.map((run) => run[name]));
  console.log(
    `${runs.length} runs, one a month: at most ${most('events')} events and ${Math.round(most('bytes') / 1024)} KB of history, ${most('pendingChildren')} pending children`,
  );
  const [next, nextAt] = [performance.now(), new Date()];
  const last = addDays(to, 1);
  await stack.run('run', last, '--generate', '--json');
  const { state: after } = await readCurrent(store);
  const before = after?.snapshot.parent ? await readAsOf(store, after.snapshot.parent) : null;
  if (after === null || before === null) throw new Error('The last day was not published.');
  const { tables, bytes, months } = countNew(before, after);
  console.log(
    `one day more: ${seconds(next)} s, ${tables} files with ${Math.round(bytes / 1024)} KB and ${months} of ${Object.keys(after.snapshot.months).length} months' documents written`,
  );
  console.log(`in all it wrote ${await listWritten(store, nextAt)}`);
  await timeUpkeep(last);
  s3Client.destroy();
  await stop();
} finally {
  await stack.remove();
}
process.exit();
