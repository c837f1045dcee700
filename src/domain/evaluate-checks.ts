import type { CheckResult } from './check-result.ts';
import {
  type CheckDeclaration,
  type CheckKey,
  checkKeys,
  checks,
  findCheck,
  type MeasuredArrival,
  nameOfCheck,
  type QualityRules,
} from './checks.ts';

/** What the gate says of a day by its checks alone: an error that fails outweighs one that holds. */
export type GateVerdict = 'passed' | 'held' | 'failed';

/** Measures every check of an arrival under the configured rules. */
export function evaluateChecks(arrival: MeasuredArrival, rules: QualityRules): CheckResult[] {
  return checkKeys.map((key) => evaluate(key, arrival, rules));
}

/** The gate's verdict on evaluated checks. */
export function judgeChecks(results: readonly CheckResult[]): GateVerdict {
  const failed = results.filter(({ verdict }) => verdict === 'failed');
  if (failed.length === 0) return 'passed';
  return failed.every(({ action }) => action === 'hold') ? 'held' : 'failed';
}

/** One evaluated check as a sentence's part: `duplicates: 26 % of the accepted rows (26 of 100), at most 5 % allowed`. */
export function describeCheck(result: CheckResult): string {
  const { name, value, threshold, numerator, denominator, detail } = result;
  const check = findCheck(name);
  if (check === null || value === null) return `${name}: nothing to measure`;
  const counted = check.kind === 'share' ? ` (${numerator} of ${denominator})` : '';
  const about = detail === null ? '' : ` [${detail}]`;
  const limit = `${check.comparison} ${showValue(check.kind, threshold)} ${check.comparison === 'at least' ? 'needed' : 'allowed'}`;
  return `${name}: ${showValue(check.kind, value)} ${check.unit}${counted}${about}, ${limit}`;
}

/** A check's value or threshold for people: a count as it is, a share as per cent, of so many digits. */
export function showValue(kind: CheckDeclaration['kind'], value: number, digits = 4): string {
  if (kind === 'share') return `${Number((value * 100).toPrecision(digits))} %`;
  return kind === 'ratio' ? String(Number(value.toPrecision(3))) : String(value);
}

function evaluate(key: CheckKey, arrival: MeasuredArrival, rules: QualityRules): CheckResult {
  const check: CheckDeclaration = checks[key];
  const rule = rules[key];
  const { severity, action } = rule;
  const found = severity === 'off' ? { value: null } : check.measure(arrival, rule);
  const { value, threshold = rule.threshold, numerator = value, denominator = null, detail = '' } = found;
  const holds = value === null || (check.comparison === 'at least' ? value >= threshold : value <= threshold);
  const broken = severity === 'error' || rules.strict ? 'failed' : 'warned';
  return {
    name: nameOfCheck(key),
    severity,
    action,
    verdict: value === null ? 'skipped' : holds ? 'passed' : broken,
    value,
    threshold,
    numerator,
    denominator,
    detail: detail === '' ? null : detail,
  };
}
