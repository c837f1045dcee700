import { InvalidArgumentError } from 'commander';
import { type Day, DayError, type DayRange, parseDay, parseRange } from '../domain/day.ts';
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

/** A range from two options, both needed and in order. */
export function rangeOf(from: Day, to: Day): DayRange {
  try {
    return parseRange(from, to);
  } catch (error) {
    if (error instanceof DayError) throw new UsageError(error.message);
    throw error;
  }
}
