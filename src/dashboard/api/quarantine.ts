import { z } from 'zod';
import { asideReasons } from '../../domain/kept-line.ts';

/** Which lines of a day's quarantine are browsed. */
export const quarantineQuery = z.object({
  reason: z.enum(asideReasons).optional(),
  object: z.string().max(1024).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
});

/** Lines of a day's quarantine, in the order of the raw data. */
export const quarantineSchema = z.object({
  lines: z.array(
    z.object({
      object: z.string(),
      line: z.number(),
      offset: z.number(),
      reason: z.string(),
      detail: z.string().nullable(),
      raw: z.string().describe('Its text, with � where a byte is not UTF-8.'),
      cut: z.boolean().describe('Whether `raw` is less than the whole line.'),
    }),
  ),
});
