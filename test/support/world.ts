import { type Client, type Connection, isGrpcServiceError } from '@temporalio/client';
import { pino } from 'pino';
import { loadConfig } from '../../src/config/load.ts';
import type { Config } from '../../src/config/schema.ts';
import { ensureVersionedBucket } from '../../src/stack/bucket.ts';
import { type Endpoints, resolveEndpoints } from '../../src/stack/endpoints.ts';
import { connectTemporal, ensureSearchAttributes } from '../../src/stack/temporal-client.ts';
import { createS3Client, S3Store } from '../../src/storage/s3-store.ts';
import { startWorker } from '../../src/workers/run-worker.ts';

const SECONDS_A_DAY = 86_400;
/** gRPC's ALREADY_EXISTS. */
const benign = new Set<number>([6]);

/** A bucket, a namespace and task queues of a test file's own on the servers that all tests share. */
export interface World {
  readonly config: Config;
  /** Environment for commands that are run as processes in this world. */
  readonly env: NodeJS.ProcessEnv;
  readonly endpoints: Endpoints;
  readonly store: S3Store;
  readonly client: Client;
  /** Starts a worker in this process; the world's close ends it. */
  startWorker(): Promise<void>;
  close(): Promise<void>;
}

/** Makes a world; `name` has to be a test file's own, since bucket, namespace and queues are named by it. */
export async function createWorld(
  name: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<World> {
  const env = {
    ...process.env,
    QUESTLINE_TEMPORAL_NAMESPACE: `test-${name}`,
    QUESTLINE_S3_BUCKET: `test-${name}`,
    QUESTLINE_WORKER_ORCHESTRATION_QUEUE: `test-${name}`,
    QUESTLINE_WORKER_COMPUTE_QUEUE: `test-${name}-compute`,
    ...settings,
  };
  const { config } = loadConfig(env);
  const endpoints = await resolveEndpoints(config);
  await ensureVersionedBucket(endpoints.s3);
  const s3 = createS3Client(endpoints.s3);
  const client = await connectTemporal(endpoints.temporal);
  await ensureNamespace(client);
  await ensureSearchAttributes(client);
  const workers: { stop(): void; readonly ended: Promise<void> }[] = [];
  return {
    config,
    env,
    endpoints,
    store: new S3Store(s3, endpoints.s3),
    client,
    startWorker: async () => {
      workers.push(await startWorker(config, pino({ level: 'silent' })));
    },
    close: async () => {
      for (const worker of workers) worker.stop();
      await Promise.all(workers.map(({ ended }) => ended));
      await (client.connection as Connection).close();
      s3.destroy();
    },
  };
}

async function ensureNamespace({ connection, options }: Client): Promise<void> {
  try {
    await (connection as Connection).workflowService.registerNamespace({
      namespace: options.namespace,
      workflowExecutionRetentionPeriod: { seconds: SECONDS_A_DAY as never },
    });
  } catch (error) {
    if (!isGrpcServiceError(error) || !benign.has(error.code)) throw error;
  }
}
