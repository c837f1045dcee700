import { isIP } from 'node:net';
import { z } from 'zod';
import { type Day, isDay } from '../domain/day.ts';
import { isBucketName, isHostAndPort, isListenAddress, isS3Endpoint, isWebAddress } from './formats.ts';

/** Fields whose value no output may show. */
export const secrets = z.registry<{ readonly masked: true }>();

/** A whole number in a range; without `most` only the low end is bound. */
export function wholeNumber(least: number, most?: number): z.ZodInt {
  const error = `expected a whole number ${most === undefined ? `of at least ${least}` : `from ${least} to ${most}`}`;
  const field = z.int({ error }).min(least, { error });
  return most === undefined ? field : field.max(most, { error });
}

/** A number in a range; without `most` only the low end is bound. */
export function numberFrom(least: number, most?: number): z.ZodNumber {
  const error = `expected a number ${most === undefined ? `of at least ${least}` : `from ${least} to ${most}`}`;
  const field = z.number({ error }).min(least, { error });
  return most === undefined ? field : field.max(most, { error });
}

/** One of the given words. */
export function oneOf<const T extends readonly string[]>(
  ...words: T
): z.ZodEnum<z.core.util.ToEnum<T[number]>> {
  return z.enum(words, { error: `expected one of ${words.join(', ')}` });
}

/** Text that passes `accept`. */
export function textThat(accept: (text: string) => boolean, error: string): z.ZodString {
  return z.string({ error }).refine(accept, { error });
}

const share = { error: 'expected a number from 0 to 1' };

/** A share of a whole. */
export const rate = z.number(share).min(0, share).max(1, share);

/** true or false. */
export const flag = z.boolean({ error: 'expected true or false' });

/** Text that is not empty and has no space at its ends. */
export const text = textThat(
  (value) => value !== '' && value === value.trim(),
  'expected text without space at its ends, in quotes when it looks like a number',
);

/** Texts in an order, frozen; `example` shows one list. */
export function listOf(item: z.ZodString, example: string): z.ZodReadonly<z.ZodArray<z.ZodString>> {
  return z.array(item, { error: `expected a list such as ${example}` }).readonly();
}

/** Texts in an order, frozen. */
export const texts = listOf(text, '[session_start, session_end]');

/** Text that is masked wherever the configuration is shown; null when not set. */
export const secret = text.nullable().register(secrets, { masked: true });

/** A day of the calendar. */
export const day = z.custom<Day>((value) => typeof value === 'string' && isDay(value), {
  error: 'expected a day of the calendar, YYYY-MM-DD',
});

/** A TCP port; 0 asks for any free one. */
export const port = wholeNumber(0, 65535);

/** Frontend of a Temporal cluster. */
export const temporalAddress = textThat(
  (value) => value === 'embedded' || isHostAndPort(value),
  'expected embedded, or host:port such as temporal.example.com:7233',
);

/** Address of an S3 service. */
export const s3Endpoint = textThat(
  (value) => value === 'embedded' || value === 'aws' || isS3Endpoint(value),
  'expected embedded, aws, or a URL without user, path or query such as https://s3.example.com',
);

/** Name of an S3 bucket. */
export const bucketName = textThat(
  isBucketName,
  'expected a bucket name: 3 to 63 characters, a-z, 0-9, single dots and hyphens, first and last a letter or digit, no IP address',
);

/** Address that a browser opens. */
export const webAddress = textThat(isWebAddress, 'expected a URL such as https://cloud.temporal.io');

/** Address that a server of this process listens on. */
export const listenAddress = textThat(
  isListenAddress,
  'expected an IP address and a port such as 127.0.0.1:9464',
);

/** Address of an interface of this machine. */
export const ipAddress = textThat(
  (value) => isIP(value) !== 0,
  'expected an IP address such as 127.0.0.1, or 0.0.0.0 for all interfaces',
);

/** What who asks has to know; long enough that nobody guesses it. */
export const token = textThat(
  (value) => /^[\x21-\x7e]{16,}$/.test(value),
  'expected at least 16 printable ASCII characters without space',
);

/** Currency by the form of ISO 4217. */
export const currency = textThat(
  (value) => /^[A-Z]{3}$/.test(value),
  'expected an ISO 4217 code such as USD',
);

/** Time of a day in UTC. */
export const timeOfDay = textThat(
  (value) => /^([01]\d|2[0-3]):[0-5]\d$/.test(value),
  'expected HH:MM from 00:00 to 23:59, in UTC',
);
