import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { DayError } from '../../domain/day.ts';
import { Refused } from '../../operations/refused.ts';
import { StorageError } from '../../storage/object-store.ts';
import type { problemSchema } from '../api/routes.ts';
import { describeInvalid } from './describe-invalid.ts';

/** What went wrong with a request, as it is answered. */
export type Problem = z.output<typeof problemSchema> & { readonly status: number };

/** What was asked for does not exist. */
export class NotFound extends Error {
  override readonly name = 'NotFound';
}

const denials = { 400: 'invalid', 401: 'unauthorized', 403: 'forbidden' } as const;

/** A request that is refused before it is looked at. */
export class Denied extends Error {
  override readonly name = 'Denied';
  readonly status: keyof typeof denials;

  constructor(status: keyof typeof denials, message: string) {
    super(message);
    this.status = status;
  }
}

/** Nothing has been published yet. */
export class NothingPublished extends Error {
  override readonly name = 'NothingPublished';

  constructor() {
    super(
      'Nothing is published yet. Land events and run their days: npx questline land FILE, then npx questline backfill --from DAY --to DAY.',
    );
  }
}

/** How an error is answered; what is a fault of Questline is told without its inside, which is in the log. */
export function toProblem(error: unknown, request: FastifyRequest): Problem {
  const { message } = error as Error;
  const invalid = describeInvalid(error, request);
  if (invalid !== null) return { status: 400, code: 'invalid', error: invalid };
  if (error instanceof Denied) return { status: error.status, code: denials[error.status], error: message };
  if (error instanceof NotFound || error instanceof NothingPublished)
    return { status: 404, code: 'not-found', error: message };
  if (error instanceof Refused) return { status: 409, code: 'conflict', error: message };
  if (error instanceof DayError) return { status: 400, code: 'invalid', error: message };
  if (error instanceof StorageError) return { status: 503, code: 'unavailable', error: message };
  if ((error as Error).name === 'TemporalUnreachableError')
    return { status: 503, code: 'unavailable', error: message };
  if ((error as Error).name === 'InvalidRequest') return { status: 400, code: 'invalid', error: message };
  const status = (error as { readonly statusCode?: number }).statusCode ?? 500;
  if (status === 413)
    return {
      status,
      code: 'invalid',
      error:
        'The request is larger than 64 KiB, which is the most. More lines are replayed by the command line: npx questline quarantine replay DAY --edited FILE.',
    };
  if (status >= 400 && status < 500) return { status, code: 'invalid', error: message };
  return {
    status: 500,
    code: 'failed',
    error: 'The dashboard failed at this; its log says why. Try again, and report it if it stays.',
  };
}
