import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { configSchema } from '../../src/config/schema.ts';
import type { CheckResult } from '../../src/domain/check-result.ts';
import {
  type CheckKey,
  checkKeys,
  checks,
  findCheck,
  type MeasuredArrival,
  nameOfCheck,
} from '../../src/domain/checks.ts';
import { addDays, type Day } from '../../src/domain/day.ts';
import { describeCheck, evaluateChecks, judgeChecks } from '../../src/domain/evaluate-checks.ts';
import type { ArrivalMeasures } from '../../src/domain/measures.ts';
import type { ReasonCode } from '../../src/domain/reason.ts';

const day = '2026-01-05' as Day;
const plain: ArrivalMeasures = {
  objects: 10_000,
  fields: {
    player_id: { lines: 10_000, missing: 0 },
    event_id: { lines: 10_000, missing: 0 },
    'purchase.amount': { lines: 200, missing: 0 },
  },
  eventTypes: { session_start: 1200, session_end: 1100, purchase: 200 },
  exactDuplicates: 0,
  conflictingDuplicates: 0,
  idsOnSeveralDays: 0,
  late: 0,
  purchases: 200,
  outliers: 0,
  otherCurrencies: {},
  drifted: 0,
  unknownNames: {},
};

interface Parts extends Partial<ArrivalMeasures> {
  readonly lines?: number;
  readonly superseded?: number;
  readonly rejected?: Partial<Record<ReasonCode, number>>;
  readonly sizes?: readonly number[];
  readonly before?: readonly number[];
}

function arrivalWith(parts: Parts = {}): MeasuredArrival {
  const {
    lines = 10_000,
    superseded = 0,
    rejected = {},
    sizes = [1_000_000],
    before = [],
    ...measures
  } = parts;
  const lost = Object.values(rejected).reduce((sum, n) => sum + n, 0);
  return {
    ledger: { lines, accepted: lines - superseded - lost, rejected, superseded },
    measures: { ...plain, ...measures },
    objects: sizes.map((bytes, n) => ({ key: `raw/dt=2026-01-05/${n}.ndjson`, bytes })),
    trailingBytes: before,
    hasRate: (currency, on) => currency === 'EUR' && on >= day,
  };
}

function evaluateOne(key: CheckKey, parts: Parts, rules: object = {}): CheckResult {
  const { quality } = configSchema.parse({ quality: rules });
  const results = evaluateChecks(arrivalWith(parts), quality);
  return results.find(({ name }) => name === nameOfCheck(key)) as CheckResult;
}

const { quality: defaults } = configSchema.parse({});
const brokenBy = (parts: Parts) =>
  evaluateChecks(arrivalWith(parts), defaults)
    .filter(({ verdict }) => verdict !== 'passed' && verdict !== 'skipped')
    .map(({ name, verdict }) => `${name} ${verdict}`);

describe('a check by its default threshold', () => {
  it.each<[CheckKey, Parts, Parts, string]>([
    ['minimumEvents', { lines: 1000 }, { lines: 999 }, 'minimum_events failed'],
    ['requiredTypes', {}, { eventTypes: { session_start: 5, purchase: 1 } }, 'required_types failed'],
    [
      'nullShare',
      { fields: { player_id: { lines: 1000, missing: 100 } } },
      { fields: { player_id: { lines: 1000, missing: 101 } } },
      'null_share failed',
    ],
    [
      'duplicates',
      { exactDuplicates: 300, conflictingDuplicates: 200 },
      { exactDuplicates: 300, conflictingDuplicates: 201 },
      'duplicates failed',
    ],
    ['futureEvents', { rejected: { future: 100 } }, { rejected: { future: 101 } }, 'future_events failed'],
    ['revenueOutliers', {}, { outliers: 1 }, 'revenue_outliers failed'],
    [
      'unconvertedPurchases',
      { otherCurrencies: { EUR: { [day]: 150, [addDays(day, 1)]: 10 } } },
      { otherCurrencies: { EUR: { [addDays(day, -1)]: 1 } } },
      'unconverted_purchases warned',
    ],
    [
      'malformedLines',
      { rejected: { malformed: 50, bad_encoding: 30, oversized: 20 } },
      { rejected: { malformed: 50, bad_encoding: 30, oversized: 21 } },
      'malformed_lines failed',
    ],
    ['fileSize', { sizes: [64, 10_737_418_240] }, { sizes: [5000, 63] }, 'file_size warned'],
    ['schemaDrift', { drifted: 500 }, { drifted: 501 }, 'schema_drift failed'],
    [
      'volumeDrop',
      { sizes: [400_000], before: [1_000_000, 900_000, 1_100_000] },
      { sizes: [399_999], before: [1_000_000, 900_000, 1_100_000] },
      'volume_drop warned',
    ],
    [
      'volumeRise',
      { sizes: [1_500_000, 1_500_000], before: [500_000, 1_000_000, 1_000_000, 2_000_000] },
      { sizes: [1_500_000, 1_500_001], before: [500_000, 1_000_000, 1_000_000, 2_000_000] },
      'volume_rise warned',
    ],
    ['lateShare', { late: 1000 }, { late: 1001 }, 'late_share warned'],
    ['repeatedIds', {}, { idsOnSeveralDays: 1 }, 'repeated_ids warned'],
  ])('%s holds at its limit and breaks just beyond it, and nothing else does', (_key, good, bad, broken) => {
    expect(brokenBy(good)).toEqual([]);
    expect(brokenBy(bad)).toEqual([broken]);
  });

  it('is listed above for every declared one', () => {
    expect(checkKeys).toHaveLength(14);
    expect(new Set(checkKeys.map(nameOfCheck)).size).toBe(14);
    for (const key of checkKeys) expect(findCheck(nameOfCheck(key))).toBe(checks[key]);
    expect(findCheck('maximum_fun')).toBeNull();
  });
});

describe('a check', () => {
  it('is measured on what is not superseded', () => {
    const parts = { lines: 20_000, superseded: 10_000, rejected: { malformed: 101 } };
    expect(evaluateOne('malformedLines', parts)).toMatchObject({
      value: 101,
      threshold: 100,
      denominator: 10_000,
    });
    const future = { lines: 300, superseded: 100, rejected: { future: 50 } };
    expect(evaluateOne('futureEvents', future)).toMatchObject({
      value: 0.25,
      numerator: 50,
      denominator: 200,
    });
  });

  it('of malformed lines takes the share on large days', () => {
    const parts = { lines: 1_000_050, rejected: { malformed: 10_001 } };
    expect(evaluateOne('malformedLines', parts)).toMatchObject({ threshold: 10_000, verdict: 'failed' });
  });

  it('names what it is about', () => {
    const fields = {
      player_id: { lines: 1000, missing: 300 },
      event_id: { lines: 1000, missing: 10 },
      'purchase.amount': { lines: 10, missing: 8 },
    };
    expect(evaluateOne('nullShare', { fields })).toMatchObject({
      value: 0.8,
      numerator: 8,
      denominator: 10,
      detail: 'purchase.amount, player_id',
    });
    expect(evaluateOne('requiredTypes', { eventTypes: {} }).detail).toBe('session_start, session_end');
    expect(evaluateOne('schemaDrift', { drifted: 9, unknownNames: { 'property model': 9 } }).detail).toBe(
      'property model: 9',
    );
    expect(evaluateOne('fileSize', { sizes: [3] }).detail).toBe('raw/dt=2026-01-05/0.ndjson (3 bytes)');
    expect(evaluateOne('duplicates', { exactDuplicates: 2, conflictingDuplicates: 1 }).detail).toBe(
      '2 exact, 1 conflicting',
    );
    expect(evaluateOne('duplicates', {}).detail).toBeNull();
  });

  it('with nothing to measure is skipped', () => {
    expect(evaluateOne('volumeDrop', { sizes: [1], before: [9, 9] }).verdict).toBe('skipped');
    expect(evaluateOne('nullShare', { fields: {} }).verdict).toBe('skipped');
    expect(evaluateOne('duplicates', { lines: 0, exactDuplicates: 0 }).verdict).toBe('skipped');
  });

  it('is off, a warning or an error as configured, and an error in strict mode', () => {
    const late = (rules: object) => evaluateOne('lateShare', { late: 9000 }, rules);
    expect(late({ lateShare: { severity: 'off' } })).toMatchObject({ verdict: 'skipped', value: null });
    expect(late({}).verdict).toBe('warned');
    expect(late({ lateShare: { severity: 'error' } }).verdict).toBe('failed');
    expect(late({ strict: true })).toMatchObject({ verdict: 'failed', severity: 'warn' });
    expect(late({ strict: true, lateShare: { severity: 'off' } }).verdict).toBe('skipped');
    expect(late({ lateShare: { threshold: 0.9 } }).verdict).toBe('passed');
  });

  it('is described with value, counts and threshold', () => {
    expect(describeCheck(evaluateOne('minimumEvents', { lines: 7 }))).toBe(
      'minimum_events: 7 accepted events, at least 1000 needed',
    );
    expect(describeCheck(evaluateOne('duplicates', { exactDuplicates: 2601 }))).toBe(
      'duplicates: 26.01 % of the accepted rows (2601 of 10000) [2601 exact, 0 conflicting], at most 5 % allowed',
    );
    expect(describeCheck(evaluateOne('volumeDrop', { sizes: [1], before: [] }))).toBe(
      'volume_drop: nothing to measure',
    );
  });
});

describe('the gate', () => {
  const verdictOf = (rules: object, parts: Parts) =>
    judgeChecks(evaluateChecks(arrivalWith(parts), configSchema.parse({ quality: rules }).quality));
  const hold = { revenueOutliers: { action: 'hold' } };

  it('passes, holds or fails; what fails outweighs what holds', () => {
    expect(verdictOf(hold, {})).toBe('passed');
    expect(verdictOf(hold, { late: 9000 })).toBe('passed');
    expect(verdictOf(hold, { outliers: 3 })).toBe('held');
    expect(verdictOf(hold, { outliers: 3, drifted: 9000 })).toBe('failed');
    expect(verdictOf({}, { outliers: 3 })).toBe('failed');
    expect(verdictOf({ strict: true, lateShare: { action: 'hold' } }, { late: 9000 })).toBe('held');
  });

  it('does not pass a day that a stricter one passes not', () => {
    const parts = fc.record({
      outliers: fc.nat(3),
      late: fc.nat(10_000),
      drifted: fc.nat(10_000),
      exactDuplicates: fc.nat(10_000),
    });
    fc.assert(
      fc.property(parts, (some) => {
        if (verdictOf({ strict: true }, some) === 'passed') expect(verdictOf({}, some)).toBe('passed');
      }),
    );
  });
});
