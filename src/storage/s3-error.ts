import { S3ServiceException } from '@aws-sdk/client-s3';
import { StorageError } from './object-store.ts';

/** Where a request went, for messages. */
export interface S3Place {
  readonly bucket: string;
  readonly endpoint: string;
}

const deniedAdvice: Record<string, string> = {
  InvalidAccessKeyId:
    'The access key id is not known there. Set s3.accessKeyId and s3.secretAccessKey to a valid pair.',
  SignatureDoesNotMatch: 'The secret does not belong to the access key id. Check s3.secretAccessKey.',
  ExpiredToken: 'The session token has expired. Renew the credentials.',
};

/** What Node calls it when a service is not there, or went away. */
export const unreachableCodes: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EHOSTUNREACH',
  'ETIMEDOUT',
  'EAI_AGAIN',
  'EPIPE',
]);

/** Says in one sentence what an S3 client's error means for the request that met it. */
export function explainS3Error(error: unknown, place: S3Place, action: string): StorageError {
  if (error instanceof StorageError) return error;
  const { name, status, code, text } = describe(error);
  const where = `s3://${place.bucket} at ${place.endpoint}`;
  if (status === 412 || status === 409) {
    return new StorageError('conflict', `${action}: the object was changed by another writer.`, error);
  }
  if (name === 'NoSuchBucket') {
    return new StorageError(
      'no-bucket',
      `${where} does not exist. Create the bucket, or set s3.bucket.`,
      error,
    );
  }
  if (status === 404)
    return new StorageError('not-found', `${action}: there is no such object in ${where}.`, error);
  if (status === 403 || status === 401 || name === 'CredentialsProviderError') {
    const advice =
      deniedAdvice[name] ?? 'The credentials have no right to it: check the bucket’s owner and policy.';
    const answer = status !== undefined && name.startsWith('Unknown') ? `HTTP ${status}` : name;
    return new StorageError('denied', `${action}: ${where} refused (${answer}). ${advice}`, error);
  }
  if (unreachableCodes.has(code) || name === 'TimeoutError') {
    const message = `${action}: no S3 service answers at ${place.endpoint} (${code || name}). Start it, or set s3.endpoint.`;
    return new StorageError('unreachable', message, error);
  }
  return new StorageError('other', `${action}: ${where} answered ${name}${text ? `: ${text}` : ''}.`, error);
}

function describe(error: unknown): { name: string; status: number | undefined; code: string; text: string } {
  if (!(error instanceof Error)) return { name: String(error), status: undefined, code: '', text: '' };
  const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const name = error.name === 'Error' || error.name === 'AggregateError' ? code || error.name : error.name;
  return { name, status, code, text: error.message === 'UnknownError' ? '' : error.message };
}
