import type { ArrivalReading, ArrivalRecord } from './arrival.ts';
import type { CheckResult } from './check-result.ts';
import { findCheck } from './checks.ts';
import type { Day } from './day.ts';
import { type GateVerdict, showValue } from './evaluate-checks.ts';
import { countRejected } from './ledger.ts';

/** A check's value on an earlier published arrival. */
export interface TrendPoint {
  readonly day: Day;
  readonly value: number | null;
}

/** What validate found out about one arrival and what its gate said: stored once per run, as JSON and as markdown. */
export interface QualityReport {
  readonly verdict: GateVerdict | 'approved' | 'rejected';
  readonly record: ArrivalRecord;
  readonly measures: ArrivalReading['measures'];
  /** By check: its values on up to seven published arrivals before, oldest first. */
  readonly trend: Readonly<Record<string, readonly TrendPoint[]>>;
}

const marks = { passed: '✓', warned: '!', failed: '✗', skipped: '–' } as const;

/** A report as markdown: the ledger, a table of checks, and what to do about those that do not hold. */
export function describeReport({ verdict, record, trend }: QualityReport): string {
  const broken = record.checks.filter(({ verdict: one }) => one === 'failed' || one === 'warned');
  return [
    `**${record.day}: ${verdict}** · ${describeLedger(record)}`,
    ...describeDecision(record),
    '',
    '| | check | value | threshold | severity | days before |',
    '| --- | --- | ---: | ---: | --- | --- |',
    ...record.checks.map((check) => describeRow(check, trend[check.name] ?? [])),
    ...(broken.length === 0 ? [] : ['', ...broken.map((check) => `- ${describeBroken(check)}`)]),
  ].join('\n');
}

/** An arrival's ledger as a sum: every line, and what became of it. */
export function describeLedger({ ledger }: Pick<ArrivalReading, 'ledger'>): string {
  const reasons = Object.entries(ledger.rejected).map(([reason, lines]) => `${reason} ${lines}`);
  const why = reasons.length === 0 ? '' : ` (${reasons.join(', ')})`;
  return `${ledger.lines} lines = ${ledger.accepted} accepted + ${countRejected(ledger)} rejected${why} + ${ledger.superseded} superseded`;
}

function describeDecision({ decision }: ArrivalRecord): string[] {
  if (decision === null) return [];
  return ['', `${decision.verdict} by ${decision.by} at ${decision.at}: ${inLine(decision.why)}`];
}

function describeRow(check: CheckResult, before: readonly TrendPoint[]): string {
  const declared = findCheck(check.name);
  const show = (value: number | null, digits?: number) =>
    value === null ? '–' : showValue(declared?.kind ?? 'count', value, digits).replace(' ', '\u00a0');
  const sign = declared?.comparison === 'at least' ? '≥' : '≤';
  const about = check.detail === null ? '' : ` ${inLine(check.detail)}`;
  const counted = declared?.kind === 'share' ? ` (${check.numerator} of ${check.denominator})` : '';
  const value = check.value === null ? '–' : `${show(check.value)}${counted}`;
  const severity = check.severity === 'error' ? `error, ${check.action}` : check.severity;
  const trend = before.map((point) => show(point.value, 2)).join(' ');
  return `| ${marks[check.verdict]} | ${check.name}${about} | ${value} | ${sign} ${show(check.threshold)} | ${severity} | ${trend} |`;
}

/** What a check that does not hold means, and what to do about it. */
export function describeBroken({ name }: CheckResult): string {
  const declared = findCheck(name);
  return declared === null ? name : `${name}: ${declared.meaning} ${declared.toDo}`;
}

function inLine(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ');
}
