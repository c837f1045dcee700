import type { FastifyError, FastifyRequest } from 'fastify';

const MOST_SHOWN = 100;

/** What is wrong with the parts of a request that its schema refuses, each with the value that was given; null for any other error. */
export function describeInvalid(error: unknown, { query, params, body }: FastifyRequest): string | null {
  const { validation, validationContext } = error as Partial<FastifyError>;
  if (validation === undefined) return null;
  const given = { querystring: query, params, body, headers: {} }[validationContext ?? 'querystring'];
  return validation
    .map(({ instancePath, message = 'not valid' }) => {
      const path = instancePath.split('/').filter((part) => part !== '');
      const value = path.reduce(
        (inner: unknown, part) => (inner as Record<string, unknown> | undefined)?.[part],
        given,
      );
      const shown = value === undefined ? 'not given' : JSON.stringify(value).slice(0, MOST_SHOWN);
      const isTold = path.length === 0 || message.includes(shown);
      return isTold ? message : `${path.join('.')} is ${shown}: ${message}`;
    })
    .join('; ');
}
