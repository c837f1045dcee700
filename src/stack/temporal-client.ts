import { Client, Connection } from '@temporalio/client';
import proto from '@temporalio/proto';
import { searchAttributes } from '../domain/pipeline.ts';
import type { TemporalEndpoint } from './endpoints.ts';

const KEYWORD = proto.temporal.api.enums.v1.IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD;

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

/** Registers Questline's search attributes in the namespace unless they are there. Returns those that were added. */
export async function ensureSearchAttributes(client: Client): Promise<string[]> {
  const { namespace } = client.options;
  const connection = client.connection as Connection;
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  const missing = Object.values(searchAttributes).filter((name) => !(name in (customAttributes ?? {})));
  if (missing.length > 0) {
    await connection.operatorService.addSearchAttributes({
      namespace,
      searchAttributes: Object.fromEntries(missing.map((name) => [name, KEYWORD])),
    });
  }
  return missing;
}

/** Sets how long the namespace keeps finished runs, in days. */
export async function setHistoryRetention(client: Client, days: number): Promise<void> {
  const { namespace } = client.options;
  const connection = client.connection as Connection;
  const workflowExecutionRetentionTtl = { seconds: (days * 86_400) as never };
  await connection.workflowService.updateNamespace({ namespace, config: { workflowExecutionRetentionTtl } });
}
