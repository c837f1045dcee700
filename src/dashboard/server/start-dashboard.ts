import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client, Connection } from '@temporalio/client';
import type { Logger } from 'pino';
import type { Config } from '../../config/schema.ts';
import { dashboardUrl } from '../../stack/dashboard-url.ts';
import type { Endpoints } from '../../stack/endpoints.ts';
import { connectTemporal } from '../../stack/temporal-client.ts';
import type { ObjectCache } from '../../storage/object-cache.ts';
import { createApp } from './create-app.ts';
import type { DashboardDependencies } from './dependencies.ts';
import { Published } from './published.ts';

const CONNECT_MS = 2000;
/** After a vain try to reach Temporal, pages don't wait for it for so long. */
const RETRY_MS = 5000;

/** What a dashboard is started with. */
export interface DashboardOptions {
  readonly config: Config;
  readonly endpoints: Endpoints;
  readonly cache: ObjectCache;
  readonly logger: Logger;
  /** Folder with the built page. */
  readonly page: string;
  readonly port: number;
}

/** A dashboard that runs. */
export interface Dashboard {
  readonly url: string;
  /** Looks at once for a newer snapshot. */
  look(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts the dashboard's server over a bucket, and over Temporal when that answers. */
export async function startDashboard({
  config,
  endpoints,
  cache,
  logger,
  page,
  port,
}: DashboardOptions): Promise<Dashboard> {
  const scratchRoot = await mkdtemp(join(tmpdir(), 'questline-dashboard-'));
  const temporal = reachTemporal(endpoints);
  const deps: DashboardDependencies = {
    config,
    endpoints,
    store: cache.store,
    cache,
    logger,
    page,
    connect: temporal.connect,
    now: () => new Date(),
  };
  const published = new Published({ config, cache, scratchRoot }, logger);
  const app = await createApp(deps, published);
  const stop = async () => {
    await app.close();
    await published.stop();
    await temporal.close();
    await rm(scratchRoot, { recursive: true, force: true });
  };
  try {
    await published.start();
    const address = await app.listen({ host: config.dashboard.host, port });
    const url = dashboardUrl(config.dashboard, Number(new URL(address).port));
    return { url, look: () => published.look(), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A client that is connected when it is first asked for, and asked for again a while after a vain try. */
function reachTemporal({ temporal }: Endpoints) {
  let client: Client | null = null;
  let lastTry = Number.NEGATIVE_INFINITY;
  let trying: Promise<Client | null> | null = null;
  const attempt = async () => {
    lastTry = performance.now();
    client = await connectTemporal(temporal, CONNECT_MS).catch(() => null);
    trying = null;
    return client;
  };
  return {
    connect: async (): Promise<Client | null> => {
      if (client !== null) return client;
      if (trying === null && performance.now() - lastTry < RETRY_MS) return null;
      trying ??= attempt();
      return trying;
    },
    close: async () => {
      await trying;
      await (client?.connection as Connection | undefined)?.close();
    },
  };
}
