import {
  Client,
  Connection,
  defaultGrpcRetryOptions,
  isGrpcServiceError,
  makeGrpcRetryInterceptor,
} from '@temporalio/client';
import proto from '@temporalio/proto';
import { searchAttributes } from '../domain/pipeline.ts';
import { endAttemptWhenClosed } from './closed-connection.ts';
import type { TemporalEndpoint } from './endpoints.ts';

const KEYWORD = proto.temporal.api.enums.v1.IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD;
/** gRPC's PERMISSION_DENIED, UNIMPLEMENTED and UNAUTHENTICATED. */
const refusals = new Set<number>([7, 12, 16]);

/** No Temporal server answers, or it refuses; the message says where and what to do. */
export class TemporalUnreachableError extends Error {
  override readonly name = 'TemporalUnreachableError';
}

/** Connects to the frontend; the caller closes the client's connection. */
export async function connectTemporal(endpoint: TemporalEndpoint, timeoutMs = 5000): Promise<Client> {
  const { address, namespace, tls, apiKey } = endpoint;
  try {
    const connection = await Connection.connect({
      address,
      tls,
      connectTimeout: timeoutMs,
      interceptors: [makeGrpcRetryInterceptor(defaultGrpcRetryOptions()), endAttemptWhenClosed],
      ...(apiKey === null ? {} : { apiKey }),
    });
    return new Client({ connection, namespace });
  } catch (error) {
    const reason = (error as Error).message.split('\n')[0];
    throw new TemporalUnreachableError(
      `No Temporal server answers at ${address} (${reason}). Start it (npm start runs one), or set temporal.address.`,
      { cause: error },
    );
  }
}

/** Questline's search attributes that the namespace lacks; null when the server does not let one ask, as Temporal Cloud. */
export async function findMissingSearchAttributes(client: Client): Promise<string[] | null> {
  const { operatorService } = client.connection as Connection;
  try {
    const { customAttributes } = await operatorService.listSearchAttributes({
      namespace: client.options.namespace,
    });
    return Object.values(searchAttributes).filter((name) => !(name in (customAttributes ?? {})));
  } catch (error) {
    if (isGrpcServiceError(error) && refusals.has(error.code)) return null;
    throw error;
  }
}

/** Registers Questline's search attributes in the namespace unless they are there, where the server lets one. */
export async function ensureSearchAttributes(client: Client): Promise<void> {
  const missing = (await findMissingSearchAttributes(client)) ?? [];
  if (missing.length === 0) return;
  await (client.connection as Connection).operatorService.addSearchAttributes({
    namespace: client.options.namespace,
    searchAttributes: Object.fromEntries(missing.map((name) => [name, KEYWORD])),
  });
}

/** Sets how long the namespace keeps finished runs, in days. */
export async function setHistoryRetention(client: Client, days: number): Promise<void> {
  const { namespace } = client.options;
  const connection = client.connection as Connection;
  const workflowExecutionRetentionTtl = { seconds: (days * 86_400) as never };
  await connection.workflowService.updateNamespace({ namespace, config: { workflowExecutionRetentionTtl } });
}
