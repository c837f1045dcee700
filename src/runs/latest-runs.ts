import type { Client } from '@temporalio/client';
import { type Day, isDay } from '../domain/day.ts';
import { searchAttributes } from '../domain/pipeline.ts';

/** The last run of a day, as Temporal lists it. */
export interface LatestRun {
  readonly runId: string;
  readonly status: string;
  readonly stage: string | null;
  readonly verdict: string | null;
  /** Null while it runs. */
  readonly seconds: number | null;
}

/** The last run of each day that Temporal remembers. */
export async function listLatestRuns(client: Client): Promise<Map<Day, LatestRun>> {
  const runs = new Map<Day, LatestRun & { readonly startedAt: number }>();
  for await (const run of client.workflow.list({ query: "WorkflowType = 'dayWorkflow'" })) {
    const day = run.workflowId.replace(/^questline-day-/, '');
    const startedAt = run.startTime.getTime();
    if (!isDay(day) || (runs.get(day as Day)?.startedAt ?? 0) >= startedAt) continue;
    const attributes = run.typedSearchAttributes.getAll();
    const attribute = (name: string) => {
      const value = attributes.find(({ key }) => key.name === name)?.value;
      return value === undefined ? null : String(value);
    };
    runs.set(day as Day, {
      runId: run.runId,
      status: run.status.name,
      stage: attribute(searchAttributes.stage),
      verdict: attribute(searchAttributes.verdict),
      seconds: run.closeTime === undefined ? null : (run.closeTime.getTime() - startedAt) / 1000,
      startedAt,
    });
  }
  return runs;
}
