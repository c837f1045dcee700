import { z } from 'zod';
import { actions, type Severity, severities } from '../domain/check-result.ts';
import type { QualityRules } from '../domain/checks.ts';
import { flag, numberFrom, oneOf, rate, texts, wholeNumber } from './fields.ts';
import { notMore } from './pair-rules.ts';

const severity = (own: Severity) => oneOf(...severities).default(own);
const action = oneOf(...actions).default('fail');

/** A check whose threshold is a share of lines or rows. */
function share(own: Severity, threshold: number) {
  return z
    .strictObject({ severity: severity(own), action, threshold: rate.default(threshold) })
    .readonly()
    .prefault({});
}

/** A check whose threshold is a count. */
function count(own: Severity, threshold: number, least = 0) {
  return z
    .strictObject({ severity: severity(own), action, threshold: wholeNumber(least).default(threshold) })
    .readonly()
    .prefault({});
}

/** A check whose threshold is a factor. */
function factor(own: Severity, threshold: number) {
  return z
    .strictObject({ severity: severity(own), action, threshold: numberFrom(0).default(threshold) })
    .readonly()
    .prefault({});
}

const requiredTypes = z
  .strictObject({
    severity: severity('error'),
    action,
    threshold: wholeNumber(0).default(0),
    types: texts.prefault(['session_start', 'session_end']),
  })
  .readonly();

const revenueOutliers = z
  .strictObject({
    severity: severity('error'),
    action,
    threshold: wholeNumber(0).default(0),
    amount: numberFrom(0).default(1000),
  })
  .readonly();

const malformedLines = z
  .strictObject({
    severity: severity('error'),
    action,
    threshold: wholeNumber(0).default(100),
    share: rate.default(0.01),
  })
  .readonly();

const fileSize = z
  .strictObject({
    severity: severity('warn'),
    action,
    threshold: wholeNumber(0).default(0),
    minBytes: wholeNumber(0).default(64),
    maxBytes: wholeNumber(1).default(10_737_418_240),
  })
  .refine(...notMore('minBytes', 'maxBytes'))
  .readonly();

/** The checks of the quality gate, each with its severity, its action and its threshold, and what a hold may last. */
export const quality = z
  .strictObject({
    strict: flag.default(false),
    holdHours: numberFrom(0.001, 8760).default(72),
    minimumEvents: count('error', 1000, 1),
    requiredTypes: requiredTypes.prefault({}),
    nullShare: share('error', 0.1),
    duplicates: share('error', 0.05),
    futureEvents: share('error', 0.01),
    revenueOutliers: revenueOutliers.prefault({}),
    unconvertedPurchases: share('warn', 0),
    malformedLines: malformedLines.prefault({}),
    fileSize: fileSize.prefault({}),
    schemaDrift: share('error', 0.05),
    volumeDrop: factor('warn', 0.4),
    volumeRise: factor('warn', 3),
    lateShare: share('warn', 0.1),
    repeatedIds: count('warn', 0),
  })
  .readonly() satisfies z.ZodType<QualityRules & { readonly holdHours: number }>;
