/** How much a check that does not hold matters: `error` stops the day, `warn` is told, `off` is not measured. */
export const severities = ['error', 'warn', 'off'] as const;

/** One of `severities`. */
export type Severity = (typeof severities)[number];

/** What an error does: `fail` ends the day's run, `hold` lets it wait until a person decides. */
export const actions = ['fail', 'hold'] as const;

/** One of `actions`. */
export type Action = (typeof actions)[number];

/** How a value is compared with its threshold. */
export const comparisons = ['at least', 'at most'] as const;

/** One of `comparisons`. */
export type Comparison = (typeof comparisons)[number];

/** What became of a check; `skipped` when it is off, or when there is nothing to measure. */
export const verdicts = ['passed', 'warned', 'failed', 'skipped'] as const;

/** One of `verdicts`. */
export type CheckVerdict = (typeof verdicts)[number];

/** One quality check of one arrival, measured: `value` beside its `threshold`, both counts or both shares from 0 to 1. */
export interface CheckResult {
  /** The declaration's name, for example `minimum_events`. */
  readonly name: string;
  readonly severity: Severity;
  readonly action: Action;
  readonly verdict: CheckVerdict;
  /** Null when skipped. */
  readonly value: number | null;
  readonly threshold: number;
  /** What the value was counted from: value is numerator, or numerator / denominator for a share. */
  readonly numerator: number | null;
  readonly denominator: number | null;
  /** What it was about: the fields, types or objects; null when there is nothing to name. */
  readonly detail: string | null;
}
