import { type Client, WorkflowFailedError, WorkflowNotFoundError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { Day } from '../domain/day.ts';
import type { Hold } from '../domain/decision.ts';
import { type DayResult, dayWorkflowId, messages } from '../domain/pipeline.ts';
import type { QualityReport } from '../domain/quality-report.ts';
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
  const handle = client.workflow.getHandle(dayWorkflowId(day));
  try {
    const { status } = await handle.describe();
    if (status.name === 'RUNNING') return (await handle.query<Hold | null>(messages.hold))?.report ?? null;
    return ((await handle.result()) as DayResult).arrival.record.key;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    if (error instanceof WorkflowFailedError) return findKeyOfFailure(error.cause);
    throw error;
  }
}

function findKeyOfFailure(cause: unknown): string | null {
  const [details] = cause instanceof ApplicationFailure ? (cause.details ?? []) : [];
  const key = (details as { readonly report?: unknown } | undefined)?.report;
  return typeof key === 'string' ? key : null;
}
