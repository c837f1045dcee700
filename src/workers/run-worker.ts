import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client, Connection } from '@temporalio/client';
import { NativeConnection, Runtime, Worker, type WorkerOptions } from '@temporalio/worker';
import type { Logger } from 'pino';
import { createComputeActivities, createOrchestrationActivities } from '../activities/create-activities.ts';
import type { Dependencies } from '../activities/dependencies.ts';
import { StageMetrics } from '../activities/stage-metrics.ts';
import type { Config } from '../config/schema.ts';
import { dataFolderOf } from '../stack/data-folder.ts';
import { type Endpoints, resolveEndpoints } from '../stack/endpoints.ts';
import { isRunning } from '../stack/stack-state.ts';
import { connectTemporal, ensureSearchAttributes } from '../stack/temporal-client.ts';
import { ObjectCache } from '../storage/object-cache.ts';
import { createS3Client, S3Store } from '../storage/s3-store.ts';
import { nameActivity } from './activity-interceptor.ts';
import { installRuntime } from './runtime.ts';
import { bundleWorkflows } from './workflow-bundle.ts';

/** A worker that polls both queues until it is told to stop. */
export interface RunningWorker {
  /** Resolves when every poller has ended; rejects when the worker failed. */
  readonly ended: Promise<void>;
  stop(): void;
}

const CACHE_BYTES = 2 * 1024 ** 3;

/** Starts a worker for the orchestration queue and the compute queue over one connection. */
export async function startWorker(config: Config, logger: Logger): Promise<RunningWorker> {
  installRuntime(logger, config.metrics.prometheusAddress);
  const endpoints = await resolveEndpoints(config);
  const folder = dataFolderOf(config);
  const bundling = bundleWorkflows(folder.cache, logger);
  bundling.catch(() => {});
  const client = await connectTemporal(endpoints.temporal);
  await ensureSearchAttributes(client);
  const { deps, close } = await createDependencies(config, endpoints, client, logger);
  const connection = await connectNative(endpoints);
  const shared = {
    connection,
    namespace: endpoints.temporal.namespace,
    shutdownGraceTime: `${config.worker.shutdownGraceSeconds}s`,
    interceptors: { activity: [nameActivity] },
    shutdownForceTime: `${config.worker.shutdownGraceSeconds + 10}s`,
    ...versioningOf(config),
  } as const satisfies Partial<WorkerOptions>;
  const slots = config.worker.computeSlots === 0 ? availableParallelism() : config.worker.computeSlots;
  const orchestration = await Worker.create({
    ...shared,
    taskQueue: config.worker.orchestrationQueue,
    workflowBundle: await bundling,
    activities: createOrchestrationActivities(deps),
    maxConcurrentActivityTaskExecutions: 50,
  } as WorkerOptions);
  const compute = await Worker.create({
    ...shared,
    taskQueue: config.worker.computeQueue,
    activities: createComputeActivities(deps),
    maxConcurrentActivityTaskExecutions: slots,
  });
  logger.info(
    { queues: [config.worker.orchestrationQueue, config.worker.computeQueue], slots },
    'worker is polling',
  );
  const ended = runAll([orchestration, compute], async () => {
    await connection.close();
    await close();
  });
  return { ended, stop: () => stopAll([orchestration, compute]) };
}

function versioningOf({ worker }: Config): Pick<WorkerOptions, 'workerDeploymentOptions'> {
  if (worker.buildId === null) return {};
  const version = { deploymentName: worker.deployment, buildId: worker.buildId };
  return {
    workerDeploymentOptions: { version, useWorkerVersioning: true, defaultVersioningBehavior: 'PINNED' },
  };
}

async function runAll(workers: readonly Worker[], close: () => Promise<void>): Promise<void> {
  try {
    await Promise.all(workers.map((worker) => worker.run()));
  } catch (error) {
    stopAll(workers);
    throw error;
  } finally {
    await close();
  }
}

function stopAll(workers: readonly Worker[]): void {
  for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
}

async function createDependencies(
  config: Config,
  endpoints: Endpoints,
  client: Client,
  logger: Logger,
): Promise<{ deps: Dependencies; close: () => Promise<void> }> {
  const s3 = createS3Client(endpoints.s3);
  const store = new S3Store(s3, endpoints.s3);
  const scratchRoot = await createScratchRoot(config.worker.scratchDir ?? tmpdir());
  const cache = new ObjectCache(join(dataFolderOf(config).cache, 'objects'), store);
  await cache.prune(CACHE_BYTES);
  const duckDb = { threads: 1, memoryMb: config.worker.memoryMb };
  const close = async () => {
    await (client.connection as Connection).close();
    s3.destroy();
    await rm(scratchRoot, { recursive: true, force: true });
  };
  const metrics = new StageMetrics(Runtime.instance().metricMeter);
  return { deps: { config, store, cache, client, scratchRoot, duckDb, logger, metrics }, close };
}

/** A folder named by this process, after removing those of workers that were killed on this machine. */
async function createScratchRoot(parent: string): Promise<string> {
  await mkdir(parent, { recursive: true });
  for (const name of await readdir(parent)) {
    const pid = /^questline-worker-(\d+)-/.exec(name)?.[1];
    if (pid === undefined || isRunning(Number(pid))) continue;
    await rm(join(parent, name), { recursive: true, force: true }).catch(() => {});
  }
  return mkdtemp(join(parent, `questline-worker-${process.pid}-`));
}

async function connectNative({ temporal }: Endpoints): Promise<NativeConnection> {
  const { address, tls, apiKey } = temporal;
  return NativeConnection.connect({ address, tls, ...(apiKey === null ? {} : { apiKey }) });
}
