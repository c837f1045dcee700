import { type Client, WorkflowFailedError } from '@temporalio/client';
import { type DayFacts, judgeDay } from '../activities/day-standing.ts';
import type { ArrivalRecord } from '../domain/arrival.ts';
import type { CheckVerdict } from '../domain/check-result.ts';
import type { Day } from '../domain/day.ts';
import type { DayStanding } from '../domain/day-choice.ts';
import type { Decision, Hold } from '../domain/decision.ts';
import type { ArrivalLedger, EventDayLedger } from '../domain/ledger.ts';
import { dayWorkflowId, messages } from '../domain/pipeline.ts';
import type { LatestRun } from '../runs/latest-runs.ts';
import { type Endpoints, linkToRun } from '../stack/endpoints.ts';
import type { ObjectStore } from '../storage/object-store.ts';
import { describeFailed } from './describe-failed.ts';
import { findReport } from './find-report.ts';

/** An arrival day: how it stands, its ledger and checks by the last run that got that far, and its run. */
export interface DayStatus {
  readonly day: Day;
  readonly state: DayStanding;
  readonly stage: string | null;
  /** Null when nothing is known of the day's lines. */
  readonly ledger: ArrivalLedger | null;
  /** Rows of the event day of the same date, from all published arrivals; null when it has none. */
  readonly eventDay: EventDayLedger | null;
  readonly checks: Readonly<Record<CheckVerdict, number>> | null;
  readonly decision: Decision | null;
  /** Key of the quality report. */
  readonly report: string | null;
  readonly seconds: number | null;
  readonly link: string | null;
  /** Why it failed, or what it waits for. */
  readonly message: string | null;
}

/** What is known of all days. */
export interface Known extends DayFacts {
  readonly endpoints: Endpoints;
  readonly store: ObjectStore;
  /** Null when Temporal does not answer. */
  readonly client: Client | null;
}

/** The status of one day. */
export async function describeDayStatus(day: Day, known: Known): Promise<DayStatus> {
  const entry = known.state?.arrivals.get(day);
  const run = known.runs.get(day);
  const state = judgeDay(day, known);
  const { client } = known;
  const isOpen = client !== null && run !== undefined && (state === 'failed' || state === 'held');
  const found = isOpen ? await findReport(known.store, client, day) : null;
  const record: ArrivalRecord | undefined = found?.report.record ?? entry;
  return {
    day,
    state,
    stage: state === 'published' ? 'done' : (run?.stage ?? null),
    ledger: record?.ledger ?? null,
    eventDay: known.state?.eventDays.get(day)?.ledger ?? null,
    checks: record === undefined ? null : countVerdicts(record),
    decision: record?.decision ?? null,
    report: found?.key ?? entry?.report ?? null,
    seconds: run?.seconds ?? null,
    link: run === undefined ? null : linkToRun(known.endpoints.temporal, dayWorkflowId(day), run.runId),
    message: isOpen ? await readMessage(client, day, run, state) : null,
  };
}

function countVerdicts({ checks }: ArrivalRecord): Record<CheckVerdict, number> {
  const counts = { passed: 0, warned: 0, failed: 0, skipped: 0 };
  for (const { verdict } of checks) counts[verdict] += 1;
  return counts;
}

async function readMessage(client: Client, day: Day, run: LatestRun, state: DayStanding): Promise<string> {
  const handle = client.workflow.getHandle(dayWorkflowId(day), run.runId);
  try {
    if (state === 'failed') {
      await handle.result();
      return '';
    }
    const hold = await handle.query<Hold | null>(messages.hold);
    if (hold === null) return '';
    return `on hold until ${hold.until}: ${hold.failed.join('; ')}. Decide: npx questline approve ${day} --by … --why …, or reject`;
  } catch (error) {
    return error instanceof WorkflowFailedError ? describeFailed(error) : (error as Error).message;
  }
}
