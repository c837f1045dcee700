import type { Config } from '../config/schema.ts';
import type { CheckResult } from '../domain/arrival.ts';
import type { Day } from '../domain/day.ts';
import { TerminalError } from '../domain/failure.ts';
import type { ArrivalLedger } from '../domain/ledger.ts';

/** Measures the quality checks of one arrival against the configured thresholds. */
export function measureChecks(
  ledger: ArrivalLedger,
  eventTypes: Readonly<Record<string, number>>,
  quality: Config['quality'],
): CheckResult[] {
  const atLeast = (name: string, value: number, threshold: number, unit: string): CheckResult => ({
    name,
    verdict: value >= threshold ? 'passed' : 'failed',
    value,
    threshold,
    comparison: 'at least',
    unit,
  });
  const most = Math.max(quality.malformedFloor, Math.floor(quality.malformedRate * ledger.lines));
  const malformed = ledger.rejected.malformed ?? 0;
  return [
    atLeast('minimum_events', ledger.accepted, quality.minimumEvents, 'accepted events'),
    ...quality.requiredTypes.map((type) =>
      atLeast(`required_type:${type}`, eventTypes[type] ?? 0, 1, `accepted events of type ${type}`),
    ),
    {
      name: 'malformed_lines',
      verdict: malformed <= most ? 'passed' : 'failed',
      value: malformed,
      threshold: most,
      comparison: 'at most',
      unit: 'malformed lines',
    },
  ];
}

/** Throws a `DataQualityError` that names each failed check with value and threshold, and the report. */
export function enforceGate(day: Day, checks: readonly CheckResult[], report: string): void {
  const failed = checks.filter(({ verdict }) => verdict === 'failed');
  if (failed.length === 0) return;
  const said = failed.map(
    ({ name, value, threshold, comparison, unit }) =>
      `${name}: ${value} ${unit}, ${comparison} ${threshold} ${comparison === 'at least' ? 'needed' : 'allowed'}`,
  );
  const message =
    `${day} did not pass its quality gate. ${said.join('; ')}. Nothing of it was published; what was published before stays. ` +
    `Report: ${report}. Land better data, or change the threshold under quality in the config, and run the day again.`;
  throw new TerminalError('DataQualityError', message, {
    day,
    report,
    failed: failed.map(({ name, value, threshold }) => ({ name, value, threshold })),
  });
}
