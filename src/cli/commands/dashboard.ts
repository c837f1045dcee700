import { loadConfig } from '../../config/load.ts';
import type { Config } from '../../config/schema.ts';
import { ensurePage } from '../../dashboard/page/ensure-page.ts';
import { startDashboard } from '../../dashboard/server/start-dashboard.ts';
import { type DataFolder, dataFolderOf } from '../../stack/data-folder.ts';
import { resolveEndpoints } from '../../stack/endpoints.ts';
import { chooseNamedPort, choosePort } from '../../stack/ports.ts';
import { readWriteToken } from '../../stack/write-token.ts';
import { createS3Client, S3Store } from '../../storage/s3-store.ts';
import { say } from '../output.ts';
import { runService } from '../run-service.ts';
import { openCache } from '../session.ts';
import { CommandFailed } from '../usage-error.ts';

interface DashboardCommandOptions {
  readonly port?: number;
  readonly readyFile?: string;
}

/** `questline dashboard`: serves the dashboard over the configured bucket until SIGINT or SIGTERM; also until its supervisor is gone. */
export async function runDashboardCommand({
  port: asked,
  readyFile,
}: DashboardCommandOptions): Promise<void> {
  const loaded = loadConfig().config;
  const folder = dataFolderOf(loaded);
  const endpoints = await resolveEndpoints(loaded);
  const config = await withWriteToken(loaded, folder);
  const page = await ensurePage(say);
  const port = await portFor(config, asked);
  const service = { name: 'dashboard', config, logFile: folder.dashboardLog, readyFile, ending: 'closing' };
  await runService(service, async (logger) => {
    const client = createS3Client(endpoints.s3);
    const cache = openCache(config, new S3Store(client, endpoints.s3));
    const dashboard = await startDashboard({ config, endpoints, cache, logger, page, port });
    say(`The dashboard: ${dashboard.url}`);
    const ended = Promise.withResolvers<void>();
    const stop = () => {
      dashboard.stop().then(ended.resolve, ended.reject);
    };
    return { stop, ended: ended.promise.finally(() => client.destroy()) };
  });
}

/** The configuration with the write token that `npm start` made for this data folder, unless it sets one. */
async function withWriteToken(config: Config, folder: DataFolder): Promise<Config> {
  const writeToken = config.dashboard.writeToken ?? (await readWriteToken(folder.writeToken));
  return { ...config, dashboard: { ...config.dashboard, writeToken } };
}

/** The port of the configuration or another one; one that was asked for has to be free. */
async function portFor({ dashboard: { host, port: wanted } }: Config, asked?: number): Promise<number> {
  const named = { what: 'the dashboard', key: 'dashboard.port', wanted, host };
  if (asked === undefined) return chooseNamedPort(named, (text) => say(`! ${text}`));
  const { port } = await choosePort(asked, undefined, host);
  if (asked === 0 || port === asked) return port;
  throw new CommandFailed(
    `Port ${asked} is taken by another program. Give another one with --port, or 0 for any that is free.`,
  );
}
