import { resolve } from 'node:path';
import { InvalidArgumentError, Option } from 'commander';
import { type Day, DayError, type DayRange, parseDay, parseRange } from '../domain/day.ts';
import { scenarioNames } from '../generator/scenarios.ts';
import { UsageError } from './usage-error.ts';

/** Reads a day given on the command line. */
export function dayArgument(text: string): Day {
  try {
    return parseDay(text);
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}

/** Reads a whole number of at least `least` given on the command line. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Expected a whole number from ${least} to ${most}.`);
  };
}

/** Reads the name of a preset, or its file's path, which is relative to the folder at hand and not to a worker's. */
export function presetArgument(text: string): string {
  return text.endsWith('.yaml') ? resolve(text) : text;
}

/** The option that chooses a scenario. */
export function scenarioOption(): Option {
  return new Option('--scenario <name>', 'what goes wrong on every day that is made').choices(scenarioNames);
}

/** Adds a `KIND=RATE` given on the command line to those before it. */
export function rateByName(
  text: string,
  before: Readonly<Record<string, number>> = {},
): Record<string, number> {
  const [, name = '', rate = ''] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  const value = rate.trim() === '' ? Number.NaN : Number(rate);
  if (value >= 0 && value <= 1) return { ...before, [name]: value };
  throw new InvalidArgumentError('Expected KIND=RATE with a rate from 0 to 1, such as late=0.01.');
}

/** A range from two options, both needed and in order. */
export function rangeOf(from: Day, to: Day): DayRange {
  try {
    return parseRange(from, to);
  } catch (error) {
    if (error instanceof DayError) throw new UsageError(error.message);
    throw error;
  }
}
