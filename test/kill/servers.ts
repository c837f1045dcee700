import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client, Connection } from '@temporalio/client';
import { loadConfig, projectRoot } from '../../src/config/load.ts';
import type { Config } from '../../src/config/schema.ts';
import { ensureVersionedBucket } from '../../src/stack/bucket.ts';
import { type DataFolder, dataFolderOf } from '../../src/stack/data-folder.ts';
import { resolveEndpoints } from '../../src/stack/endpoints.ts';
import type { ProcessDeclaration } from '../../src/stack/managed-process.ts';
import { choosePort } from '../../src/stack/ports.ts';
import { type Credentials, ensureCredentials } from '../../src/stack/private-file.ts';
import { minioProcess, temporalProcess } from '../../src/stack/server-processes.ts';
import { minioServer, temporalServer } from '../../src/stack/servers/declarations.ts';
import { ensureServers } from '../../src/stack/servers/ensure-server.ts';
import { connectTemporal, ensureSearchAttributes } from '../../src/stack/temporal-client.ts';
import { createS3Client, S3Store } from '../../src/storage/s3-store.ts';
import { S3Proxy } from './s3-proxy.ts';
import { Victim } from './victim.ts';

/** Below the ports that systems give to outgoing connections, one of which might else sit on the port of a server that is down. */
const PORTS_FROM = 20_000;
const PORTS = 10_000;

/** A bucket as the campaign sees it: straight, not through the proxy. */
export interface Bucket {
  readonly name: string;
  readonly config: Config;
  /** Environment of commands about it. */
  readonly env: NodeJS.ProcessEnv;
  readonly store: S3Store;
}

/** Temporal, MinIO behind a proxy, and up to two workers: processes of this campaign alone, each known by its id. */
export class Servers {
  readonly folder: DataFolder;
  readonly proxy: S3Proxy;
  readonly temporal: Victim;
  readonly minio: Victim;
  readonly worker: Victim;
  readonly otherWorker: Victim;
  private readonly shared: NodeJS.ProcessEnv;
  private readonly proxyUrl: string;
  private connected: Client | null = null;
  private workerEnv: NodeJS.ProcessEnv = {};

  private constructor(parts: {
    readonly folder: DataFolder;
    readonly proxy: S3Proxy;
    readonly proxyUrl: string;
    readonly shared: NodeJS.ProcessEnv;
    readonly temporal: ProcessDeclaration;
    readonly minio: ProcessDeclaration;
  }) {
    this.folder = parts.folder;
    this.proxy = parts.proxy;
    this.proxyUrl = parts.proxyUrl;
    this.shared = parts.shared;
    this.temporal = new Victim('Temporal', () => parts.temporal);
    this.minio = new Victim('MinIO', () => parts.minio);
    this.worker = new Victim('worker', () => this.declareWorker('worker'));
    this.otherWorker = new Victim('other worker', () => this.declareWorker('other-worker'));
  }

  /** Starts Temporal and MinIO in a folder of their own, on free ports; `settings` are environment variables of the configuration. */
  static async start(settings: Readonly<Record<string, string>>): Promise<Servers> {
    const root = await mkdtemp(join(tmpdir(), 'questline-kill-'));
    const own = { ...process.env, ...settings, QUESTLINE_ENV: 'test', QUESTLINE_EMBEDDED_DATA_DIR: root };
    const { config } = loadConfig(own);
    const folder = dataFolderOf(config);
    const binaries = await ensureServers([minioServer, temporalServer], folder.logs);
    const credentials = await ensureCredentials(folder.credentials);
    const [temporal, temporalUi, minio, minioConsole] = await choosePorts();
    const proxy = new S3Proxy(minio);
    const servers = new Servers({
      folder,
      proxy,
      proxyUrl: await proxy.listen(),
      shared: sharedEnv(own, { temporal, minio }, credentials),
      temporal: temporalProcess(
        binaries.get('temporal')?.path ?? '',
        folder,
        { temporal, temporalUi },
        'default',
      ),
      minio: minioProcess(binaries.get('minio')?.path ?? '', folder, { minio, minioConsole }, credentials),
    });
    process.once('exit', () => servers.abandon());
    servers.temporal.start();
    servers.minio.start();
    await Promise.all([servers.temporal.untilReady(), servers.minio.untilReady()]);
    const client = await servers.client();
    await ensureSearchAttributes(client);
    return servers;
  }

  /** The same client through all of Temporal's deaths. */
  async client(): Promise<Client> {
    if (this.connected !== null) return this.connected;
    const { config } = loadConfig(this.shared);
    const { temporal } = await resolveEndpoints(config);
    this.connected = await connectTemporal(temporal, 20_000);
    return this.connected;
  }

  /** Makes a bucket. */
  async openBucket(name: string): Promise<Bucket> {
    const env = { ...this.shared, QUESTLINE_S3_BUCKET: name };
    const { config } = loadConfig(env);
    const { s3 } = await resolveEndpoints(config);
    await ensureVersionedBucket(s3);
    return { name, config, env, store: new S3Store(createS3Client(s3), s3) };
  }

  /** Starts the worker anew over a bucket, behind the proxy; and the other one too, or ends it. */
  async work({ env }: Bucket, { slots, both }: { slots: number; both: boolean }): Promise<void> {
    const own = { QUESTLINE_S3_ENDPOINT: this.proxyUrl, QUESTLINE_WORKER_COMPUTE_SLOTS: String(slots) };
    this.workerEnv = { ...env, ...own };
    await this.worker.restart();
    if (both) await this.otherWorker.restart();
  }

  async untilReady(): Promise<void> {
    await Promise.all([this.temporal, this.minio, this.worker].map((victim) => victim.untilReady()));
  }

  async close(): Promise<void> {
    await (this.connected?.connection as Connection | undefined)?.close();
    for (const victim of [this.worker, this.otherWorker, this.temporal, this.minio]) await victim.close();
    this.proxy.close();
  }

  /** Removes everything that the campaign has written; after `close`. */
  async remove(): Promise<void> {
    await rm(this.folder.root, { recursive: true, force: true, maxRetries: 5 });
  }

  /** What is left to do when this process ends too early. */
  private abandon(): void {
    for (const victim of [this.worker, this.otherWorker, this.temporal, this.minio]) void victim.close();
  }

  private declareWorker(name: string): ProcessDeclaration {
    const ready = join(this.folder.root, `${name}-${Date.now()}.ready`);
    return {
      name,
      command: process.execPath,
      args: [
        '--disable-warning=ExperimentalWarning',
        join(projectRoot, 'src', 'cli', 'main.ts'),
        'worker',
        '--ready-file',
        ready,
      ],
      env: this.workerEnv,
      log: join(this.folder.logs, `${name}.log`),
      isReady: async () => existsSync(ready),
      readyMs: 60_000,
      stopMs: 0,
    };
  }
}

async function choosePorts(): Promise<[number, number, number, number]> {
  const taken = new Set<number>();
  while (taken.size < 4) {
    const wanted = PORTS_FROM + Math.floor(Math.random() * PORTS);
    const { port } = await choosePort(wanted, taken);
    if (port === wanted) taken.add(port);
  }
  return [...taken] as [number, number, number, number];
}

function sharedEnv(
  own: NodeJS.ProcessEnv,
  ports: { readonly temporal: number; readonly minio: number },
  { accessKeyId, secretAccessKey }: Credentials,
): NodeJS.ProcessEnv {
  return {
    ...own,
    QUESTLINE_TEMPORAL_ADDRESS: `127.0.0.1:${ports.temporal}`,
    QUESTLINE_S3_ENDPOINT: `http://127.0.0.1:${ports.minio}`,
    QUESTLINE_S3_PATH_STYLE: 'true',
    QUESTLINE_S3_ACCESS_KEY_ID: accessKeyId,
    QUESTLINE_S3_SECRET_ACCESS_KEY: secretAccessKey,
    QUESTLINE_WORKER_SCRATCH_DIR: join(own['QUESTLINE_EMBEDDED_DATA_DIR'] ?? '', 'scratch'),
  };
}
