import type { Client } from '@temporalio/client';
import type { Day } from '../domain/day.ts';
import type { Hold } from '../domain/decision.ts';
import { type DayResult, dayWorkflowId, messages } from '../domain/pipeline.ts';
import type { QualityReport } from '../domain/quality-report.ts';
import { readLastRun } from '../runs/last-run.ts';
import { readCurrent } from '../storage/catalog.ts';
import type { ObjectStore } from '../storage/object-store.ts';
import { readReport } from '../storage/reports.ts';

/** The report of a day's last run that got as far as its checks, and where it stands; else that of what is published, or null. */
export async function findReport(
  store: ObjectStore,
  client: Client,
  day: Day,
): Promise<{ readonly key: string; readonly report: QualityReport } | null> {
  const ofRun = await findKeyOfRun(client, day);
  const key = ofRun ?? (await readCurrent(store)).state?.arrivals.get(day)?.report ?? null;
  const report = key === null ? null : await readReport(store, key);
  return key === null || report === null ? null : { key, report };
}

async function findKeyOfRun(client: Client, day: Day): Promise<string | null> {
  const run = await readLastRun(client, day);
  if (run === null) return null;
  if (run.state === 'failed') return run.report;
  if (run.state === 'completed') return (run.result as DayResult).arrival.record.key;
  const handle = client.workflow.getHandle(dayWorkflowId(day));
  return (await handle.query<Hold | null>(messages.hold))?.report ?? null;
}
