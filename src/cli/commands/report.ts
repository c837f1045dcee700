import type { CheckResult } from '../../domain/check-result.ts';
import { findCheck } from '../../domain/checks.ts';
import type { Day } from '../../domain/day.ts';
import { showValue } from '../../domain/evaluate-checks.ts';
import { describeBroken, describeLedger, type QualityReport } from '../../domain/quality-report.ts';
import { findReport } from '../../operations/find-report.ts';
import { printJson, printLine, printTable, say } from '../output.ts';
import { withSession } from '../session.ts';
import { CommandFailed } from '../usage-error.ts';

/** `questline report DAY`: the ledger and the quality checks of a day's last run. */
export async function runReport(day: Day, { json = false }: { readonly json?: boolean }): Promise<void> {
  await withSession(async (session) => {
    const found = await findReport(await session.store(), await session.temporal(), day);
    if (found === null) {
      throw new CommandFailed(
        `There is no report of ${day}: no run of it got as far as its checks. Run it: npx questline run ${day}`,
      );
    }
    if (json) return printJson({ key: found.key, ...found.report });
    print(found.report);
    say(`\nreport ${found.key}`);
  });
}

function print({ verdict, record, trend }: QualityReport): void {
  const { day, checks, decision } = record;
  printLine(`${day} ${verdict}: ${describeLedger(record)}`);
  if (decision !== null)
    printLine(`${decision.verdict} by ${decision.by} at ${decision.at}: ${decision.why}`);
  printLine('');
  printTable(
    [
      { head: 'check', value: ({ name }) => name },
      { head: 'verdict', value: (check) => check.verdict },
      { head: 'value', align: 'right', value: (check) => show(check, check.value) },
      { head: '', value: ({ name }) => (findCheck(name)?.comparison === 'at least' ? '≥' : '≤') },
      { head: 'threshold', align: 'right', value: (check) => show(check, check.threshold) },
      {
        head: 'severity',
        value: ({ severity, action }) => (severity === 'error' ? `error, ${action}` : severity),
      },
      {
        head: 'days before',
        value: (check) => (trend[check.name] ?? []).map(({ value }) => show(check, value, 2)).join(' '),
      },
      { head: 'about', value: ({ detail }) => detail ?? '' },
    ],
    checks,
  );
  const broken = checks.filter((check) => check.verdict === 'failed' || check.verdict === 'warned');
  if (broken.length > 0) printLine('');
  for (const check of broken) printLine(describeBroken(check));
}

function show({ name }: CheckResult, value: number | null, digits?: number): string {
  return value === null ? '–' : showValue(findCheck(name)?.kind ?? 'count', value, digits);
}
