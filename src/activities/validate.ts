import { hashConfig } from '../config/table-config.ts';
import type { ArrivalReading, ArrivalRecord, ValidateResult } from '../domain/arrival.ts';
import type { CheckResult } from '../domain/check-result.ts';
import { checkKeys, nameOfCheck } from '../domain/checks.ts';
import { ratesOn } from '../domain/currency-rate.ts';
import { addDays, type Day } from '../domain/day.ts';
import type { Decision, Judged } from '../domain/decision.ts';
import { describeCheck, evaluateChecks, judgeChecks } from '../domain/evaluate-checks.ts';
import { TerminalError } from '../domain/failure.ts';
import { countRejected, sum } from '../domain/ledger.ts';
import type { InputObject } from '../domain/object-ref.ts';
import { describeReport, type QualityReport } from '../domain/quality-report.ts';
import { hasRawSuffix, rawSuffixes } from '../ingest/raw-format.ts';
import { readArrivalsBefore } from '../storage/catalog.ts';
import { readDecision } from '../storage/decisions.ts';
import { keys } from '../storage/keys.ts';
import type { ObjectStore } from '../storage/object-store.ts';
import { writeReport } from '../storage/reports.ts';
import { nameOf } from '../storage/sha256.ts';
import type { Dependencies } from './dependencies.ts';
import type { StageContext } from './heartbeat.ts';
import { type ArrivalInputs, arrivalIdentity, pinArrival } from './inputs.ts';
import { readInputs } from './read-inputs.ts';
import { currencyRatesOf } from './rules.ts';

const DAYS_OF_TREND = 7;

/**
 * Reads one arrival, measures its checks, and judges it at the gate. Answers with the accepted arrival, or with what a person has
 * to decide. Fails with `NoRawData` when nothing landed, `UnreadableObject` for an object that can't be read, and
 * `DataQualityError` when a check failed or a person rejected the day; the failure's `judged` names the data that it is about.
 */
export async function validateArrival(
  deps: Dependencies,
  stage: StageContext,
  { day }: { readonly day: Day },
): Promise<ValidateResult> {
  const inputs = await pinArrival(deps.store, day);
  const judged = { data: nameOf(arrivalIdentity(inputs)), configHash: hashConfig(deps.config) };
  try {
    return await judgeArrival(deps, stage, day, inputs, judged);
  } catch (error) {
    if (!(error instanceof TerminalError)) throw error;
    throw new TerminalError(error.name, error.message, { ...error.details, judged });
  }
}

async function judgeArrival(
  deps: Dependencies,
  stage: StageContext,
  day: Day,
  inputs: ArrivalInputs,
  judged: Judged,
): Promise<ValidateResult> {
  checkInputs(day, inputs.objects);
  const reading = await readInputs(deps, stage, day, inputs);
  stage.tell('measuring the checks');
  const { configHash } = judged;
  const subject = nameOf({ day, configHash, inputs: arrivalIdentity(inputs) });
  const checks = await measureChecks(deps, reading);
  const verdict = judgeChecks(checks);
  const decision = verdict === 'held' ? await readDecision(deps.store, day, subject) : null;
  const { measures, ...read } = reading;
  const record: ArrivalRecord = { ...read, configHash, checks, decision };
  const trend = await readTrend(deps.store, day);
  const report: QualityReport = { verdict: decision?.verdict ?? verdict, record, measures, trend };
  const stored = await writeReport(deps.store, report);
  const details = describeReport(report);
  const failed = checks.filter((check) => check.verdict === 'failed');
  if (report.verdict === 'failed' || report.verdict === 'rejected')
    throw gateError(day, failed, decision, stored.key, details);
  const { ledger, accepted, acceptedByEventDay } = reading;
  const sums = { lines: ledger.lines, rejected: countRejected(ledger) };
  if (report.verdict === 'held') {
    const said = failed.map(describeCheck);
    const held = {
      day,
      subject,
      judged,
      report: stored.key,
      ...sums,
      accepted: ledger.accepted,
      failed: said,
    };
    return { held, details };
  }
  return { day, record: stored, accepted, ...sums, acceptedByEventDay, run: stage.run, details };
}

function checkInputs(day: Day, inputs: readonly InputObject[]): void {
  if (inputs.length === 0) {
    throw new TerminalError(
      'NoRawData',
      `Nothing landed for ${day}: there is no object under ${keys.rawDay(day)}. Land its files (questline land PATH --day ${day}) and run the day again.`,
      { day, prefix: keys.rawDay(day) },
    );
  }
  const strange = inputs.filter(({ key }) => !hasRawSuffix(key)).map(({ key }) => key);
  if (strange.length > 0) {
    throw new TerminalError(
      'UnreadableObject',
      `${strange.join(', ')} can't be read: expected ${rawSuffixes.join(', ')}. Land it under a name that says what it is, and remove this one.`,
      { day, keys: strange.slice(0, 20) },
    );
  }
}

async function measureChecks(
  { store, config }: Dependencies,
  { day, inputs, ledger, measures }: ArrivalReading,
): Promise<CheckResult[]> {
  const before = Array.from({ length: DAYS_OF_TREND }, (_, n) => addDays(day, n - DAYS_OF_TREND));
  const sizes = await Promise.all(before.map((one) => measureRawDay(store, one)));
  const trailingBytes = sizes.filter((bytes) => bytes > 0);
  const rates = currencyRatesOf(config);
  const hasRate = (currency: string, on: Day) =>
    Object.hasOwn(ratesOn(on, rates, config.pipeline.baseCurrency), currency);
  return evaluateChecks({ ledger, measures, objects: inputs, trailingBytes, hasRate }, config.quality);
}

async function measureRawDay(store: ObjectStore, day: Day): Promise<number> {
  const sizes: number[] = [];
  for await (const { bytes } of store.list(keys.rawDay(day))) sizes.push(bytes);
  return sum(sizes);
}

async function readTrend(store: ObjectStore, day: Day): Promise<QualityReport['trend']> {
  const before = await readArrivalsBefore(store, day, DAYS_OF_TREND);
  const pointsOf = (name: string) =>
    before.map(([one, { checks }]) => ({
      day: one,
      value: checks.find((check) => check.name === name)?.value ?? null,
    }));
  return Object.fromEntries(checkKeys.map(nameOfCheck).map((name) => [name, pointsOf(name)]));
}

function gateError(
  day: Day,
  failed: readonly CheckResult[],
  decision: Decision | null,
  report: string,
  details: string,
): TerminalError {
  const said = failed.map(describeCheck).join('; ');
  const what =
    decision === null
      ? `${day} did not pass its quality gate. ${said}.`
      : `${day} was rejected by ${decision.by} at ${decision.at}: ${decision.why}. Its quality gate had said: ${said}.`;
  const message = `${what} Nothing of it was published; what was published before stays. Report: ${report}. Land better data, or change the threshold under quality in the config, and run the day again.`;
  const small = failed.map(({ name, value, threshold }) => ({ name, value, threshold }));
  return new TerminalError('DataQualityError', message, { day, report, failed: small, details });
}
