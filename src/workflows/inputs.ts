import { type DayRange, parseDay, parseRange } from '../domain/day.ts';
import { dayChoices } from '../domain/day-choice.ts';
import { isConcurrency, MOST_DAYS_AT_ONCE } from '../domain/pace.ts';
import type { BackfillInput, DayInput } from '../domain/pipeline.ts';
import { terminalFailure } from './failures.ts';

/** The input of `dayWorkflow`, whoever gave it; `InvalidRequest` says what is wrong with it. */
export function checkDayInput(input: DayInput | undefined): DayInput {
  return check(() => ({ ...input, day: parseDay(String(input?.day)) }), '{"day": "2026-01-31"}');
}

/** The range of a backfill's input, whoever gave it; `InvalidRequest` says what is wrong with it. */
export function checkBackfillInput(input: BackfillInput | undefined): DayRange {
  return check(() => {
    checkConcurrency(input?.concurrency);
    checkChoice(input?.only);
    return parseRange(String(input?.from), String(input?.to));
  }, '{"from": "2026-01-01", "to": "2026-01-30"}');
}

function checkConcurrency(concurrency: unknown): void {
  if (concurrency === undefined || isConcurrency(concurrency)) return;
  throw new TypeError(
    `concurrency is ${JSON.stringify(concurrency)}; expected a whole number from 1 to ${MOST_DAYS_AT_ONCE}.`,
  );
}

function checkChoice(only: unknown): void {
  if (only === undefined || (dayChoices as readonly unknown[]).includes(only)) return;
  throw new TypeError(`only is ${JSON.stringify(only)}; expected one of ${dayChoices.join(', ')}.`);
}

function check<T>(read: () => T, example: string): T {
  try {
    return read();
  } catch (error) {
    throw terminalFailure(
      'InvalidRequest',
      `${(error as Error).message} An input is, for example, ${example}`,
    );
  }
}
