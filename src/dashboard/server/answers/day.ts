import { WorkflowNotFoundError } from '@temporalio/client';
import type { z } from 'zod';
import type { ArrivalRecord } from '../../../domain/arrival.ts';
import type { CheckResult } from '../../../domain/check-result.ts';
import { findCheck } from '../../../domain/checks.ts';
import { addDays, type Day } from '../../../domain/day.ts';
import type { Hold } from '../../../domain/decision.ts';
import { dayWorkflowId, messages } from '../../../domain/pipeline.ts';
import { isIncomplete } from '../../../ingest/event-text.ts';
import { shownText } from '../../../ingest/offer-line.ts';
import { findReport } from '../../../operations/find-report.ts';
import { countQuarantine, readQuarantine } from '../../../query/read-quarantine.ts';
import { readReport } from '../../../storage/reports.ts';
import type { quarantineQuery } from '../../api/quarantine.ts';
import type { Answer } from '../../api/routes.ts';
import type { DashboardDependencies } from '../dependencies.ts';
import { NotFound } from '../problem.ts';
import { readDaily } from './daily.ts';
import { describeStanding, gatherLive, type LiveFacts, readRestatements } from './health.ts';
import { askTables, type Question } from './question.ts';

const MOST_GROUPS = 100;
const MOST_CHARACTERS = 4000;

/** Everything that is known of a day: its metrics, its ledger, its checks, the run that made it, the restatements since. */
export function answerDay(
  question: Omit<Question, 'scope'>,
  day: Day,
  deps: DashboardDependencies,
): Promise<Answer<'day'>> {
  const scope = { from: addDays(day, -1), to: day };
  return askTables({ ...question, scope }, ['daily_metrics'], async (connection) => {
    const live = await gatherLive(deps);
    const { state } = question.snapshot;
    const { record, key } = await findRecord(day, live, deps);
    const entry = state.arrivals.get(day);
    const daily = await readDaily(connection, scope);
    const standing = await describeStanding(day, live, deps);
    const { restatements } = await readRestatements(state, { from: day, to: day }, deps);
    return {
      standing,
      metrics: daily.find(({ date }) => date === day) ?? null,
      dayBefore: daily.find(({ date }) => date !== day) ?? null,
      ledger: record === null ? [] : tellLedger(record),
      eventDay: state.eventDays.get(day)?.ledger ?? null,
      checks: record?.checks.flatMap(tellCheck) ?? [],
      decision: record?.decision ?? null,
      hold: standing.state === 'held' ? await readHold(day, live) : null,
      report: key,
      snapshot: entry === undefined ? null : state.snapshot.id,
      objects: record?.inputs.map(({ key: object, bytes }) => ({ key: object, bytes })) ?? [],
      quarantine: record === null ? [] : await countAside(record, deps),
      restatements,
      metricDay: day,
    };
  });
}

/** Lines of a day's quarantine, in the order of the raw data. */
export async function answerQuarantine(
  day: Day,
  { reason, object, limit }: z.output<typeof quarantineQuery>,
  deps: DashboardDependencies,
): Promise<Answer<'quarantine'>> {
  const { record } = await findRecord(day, await gatherLive(deps), deps);
  if (record === null)
    throw new NotFound(`Nothing is known of the lines of ${day}: no run of it got as far as its checks.`);
  const filter = { ...(reason === undefined ? {} : { reason }), ...(object === undefined ? {} : { object }) };
  const lines: Answer<'quarantine'>['lines'] = [];
  await readQuarantine(deps.cache, record, filter, limit, (line) => {
    const { object: from, line: number, offset, reason: why, detail } = line;
    const whole = shownText(line);
    const raw = whole.slice(0, MOST_CHARACTERS);
    const cut = isIncomplete(line) || raw.length < whole.length;
    lines.push({ object: from, line: number, offset, reason: why, detail, raw, cut });
  });
  return { lines };
}

/** The record of the day's last run that got as far as its checks, else of what is published. */
async function findRecord(
  day: Day,
  { client, state }: LiveFacts,
  { store }: DashboardDependencies,
): Promise<{ readonly record: ArrivalRecord | null; readonly key: string | null }> {
  const entry = state?.arrivals.get(day);
  if (client === null) {
    const report = entry === undefined ? null : await readReport(store, entry.report);
    return { record: report?.record ?? entry ?? null, key: entry?.report ?? null };
  }
  const found = await findReport(store, client, day);
  return { record: found?.report.record ?? entry ?? null, key: found?.key ?? entry?.report ?? null };
}

async function readHold(day: Day, { client }: LiveFacts): Promise<Answer<'day'>['hold']> {
  if (client === null) return null;
  try {
    const hold = await client.workflow.getHandle(dayWorkflowId(day)).query<Hold | null>(messages.hold);
    return hold === null ? null : { subject: hold.subject, until: hold.until, failed: [...hold.failed] };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
  }
}

function tellLedger({ ledger }: ArrivalRecord): Answer<'day'>['ledger'] {
  const out = { accepted: ledger.accepted, ...ledger.rejected, superseded: ledger.superseded };
  return [
    { name: 'lines', rows: ledger.lines, part: 'came in' },
    ...Object.entries(out).map(([name, rows]) => ({ name, rows, part: 'went out' as const })),
  ];
}

function tellCheck(check: CheckResult): Answer<'day'>['checks'] {
  const declared = findCheck(check.name);
  if (declared === null) return [];
  const { name, verdict, severity, action, value, threshold, detail } = check;
  const { title, kind, comparison, toDo } = declared;
  return [
    { name, definition: title, verdict, severity, action, kind, comparison, value, threshold, detail, toDo },
  ];
}

async function countAside(
  record: ArrivalRecord,
  { cache }: DashboardDependencies,
): Promise<Answer<'day'>['quarantine']> {
  if (record.quarantine.rows === 0) return [];
  const groups = await countQuarantine(cache, record);
  return groups.slice(0, MOST_GROUPS).map(({ reason, object, lines, sample }) => ({
    reason,
    object,
    lines,
    sample: {
      line: sample.line,
      detail: sample.detail,
      raw: shownText(sample),
    },
  }));
}
