import { z } from 'zod';
import { type Day, daysBetween, isDay } from '../../domain/day.ts';

/** Days that one request may span. */
export const MOST_DAYS = 1830;

/** A calendar date in a URL. */
export const dayText = z
  .string()
  .refine(isDay, {
    error: ({ input }) => `"${String(input)}" is not a day; expected YYYY-MM-DD.`,
    abort: true,
  })
  .transform((text) => text as Day);

/** Values of one dimension, separated by commas; the players that have any of them are meant. */
const values = z
  .string()
  .min(1)
  .max(1000)
  .transform((text) => text.split(','))
  .optional();

/** Which players a page is about: those that every part holds for. */
export const playersShape = {
  platform: values,
  country: values,
  segment: values,
  source: values,
  acquiredFrom: dayText.optional(),
  acquiredTo: dayText.optional(),
};

/** What a page is asked for: days, and which players. */
export const scopeSchema = z
  .object({ from: dayText, to: dayText, ...playersShape })
  .refine(({ from, to }) => from <= to, {
    path: ['to'],
    error: '"to" is before "from"; expected a range that ends on or after the day it begins on.',
  })
  .refine(({ from, to }) => daysBetween(from, to) < MOST_DAYS, {
    path: ['to'],
    error: `The range is longer than ${MOST_DAYS} days; ask for fewer.`,
  });

/** The same with the days that came before, for pages that compare. */
export const comparedSchema = scopeSchema.safeExtend({
  compare: z.enum(['previous', 'none']).default('none'),
});

/** Dimensions that players may be chosen by. */
export const dimensions = ['platform', 'country', 'segment', 'source'] as const;

/** One of `dimensions`. */
export type Dimension = (typeof dimensions)[number];

/** What was asked for, as it is worked with. */
export type Scope = z.output<typeof scopeSchema>;

/** The same of a page that compares. */
export type ComparedScope = z.output<typeof comparedSchema>;
