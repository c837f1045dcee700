import { z } from 'zod';

/** A number that is null when nothing is known. */
export const known = z.number().nullable();

/** A calendar date in an answer. */
export const date = z.iso.date();

/** What every answer says of where its numbers come from. */
export const metaSchema = z.object({
  snapshot: z.string().describe('Id of the published snapshot that all numbers are of.'),
  committedAt: z.string().describe('When it was published, ISO 8601.'),
  timezone: z.literal('UTC'),
  firstDay: date.nullable(),
  dataThrough: date.nullable().describe('Last complete day.'),
  incompleteDays: z.array(date).describe('Days of the range that are not complete.'),
  players: known.describe('Players that the filters choose; null without a filter.'),
  queryMs: z.number(),
});

/** Where numbers come from. */
export type Meta = z.output<typeof metaSchema>;

/** An answer: where it is from, and what was asked for. */
export const answer = <S extends z.ZodRawShape>(shape: S) => z.object({ meta: metaSchema, ...shape });
