import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { loadConfig, projectRoot } from '../../src/config/load.ts';
import { parseDay } from '../../src/domain/day.ts';
import { backfillWorkflowId, dayWorkflowId } from '../../src/domain/pipeline.ts';
import { resolveEndpoints } from '../../src/stack/endpoints.ts';
import { connectTemporal } from '../../src/stack/temporal-client.ts';

/**
 * Saves the histories that the replay test replays, or those that are named, from the runs of a stack that `npm start` brought
 * up on a fresh clone: one day, the whole backfill, a day that failed (run one without data first), one that was on hold, looked at
 * again, and approved, and the last run of the schedule (`schedule apply` first). Called by `npm run histories`.
 */
const { config } = loadConfig();
const client = await connectTemporal((await resolveEndpoints(config)).temporal);
const runs: Record<string, string | null> = {
  'day-accepted': dayWorkflowId(parseDay('2026-01-15')),
  'day-failed': dayWorkflowId(parseDay('2026-03-01')),
  'day-held': dayWorkflowId(parseDay('2026-02-01')),
  'day-published': dayWorkflowId(parseDay('2026-01-31')),
  backfill: backfillWorkflowId(parseDay('2026-01-01'), parseDay('2026-01-30')),
  daily: await findLast("WorkflowType = 'dailyWorkflow' AND ExecutionStatus = 'Completed'"),
};
const asked = process.argv.slice(2);
for (const [name, workflowId] of Object.entries(runs)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  if (workflowId === null) throw new Error(`There is no run of ${name} to save.`);
  await save(client, name, workflowId);
}
process.exit();

async function findLast(query: string): Promise<string | null> {
  for await (const { workflowId } of client.workflow.list({ query })) return workflowId;
  return null;
}

async function save(from: Client, name: string, workflowId: string): Promise<void> {
  const history = await from.workflow.getHandle(workflowId).fetchHistory();
  const text = historyToJSON(history).replaceAll(`${projectRoot}/`, '');
  await writeFile(join(import.meta.dirname, `${name}.json`), text);
  console.log(`${name}: ${history.events?.length ?? 0} events of ${workflowId}`);
}
