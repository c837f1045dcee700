import { loadConfig } from '../../config/load.ts';
import { ensurePage } from '../../dashboard/page/ensure-page.ts';
import { startDashboard } from '../../dashboard/server/start-dashboard.ts';
import { dataFolderOf } from '../../stack/data-folder.ts';
import { resolveEndpoints } from '../../stack/endpoints.ts';
import { choosePort } from '../../stack/ports.ts';
import { createS3Client, S3Store } from '../../storage/s3-store.ts';
import { say } from '../output.ts';
import { runService } from '../run-service.ts';
import { openCache } from '../session.ts';

/** `questline dashboard`: serves the dashboard’s API over the configured bucket until SIGINT or SIGTERM; also until its supervisor is gone. */
export async function runDashboardCommand(options: { readonly port?: number }): Promise<void> {
  const { config } = loadConfig();
  const folder = dataFolderOf(config);
  const endpoints = await resolveEndpoints(config);
  const page = await ensurePage(say);
  const wanted = options.port ?? config.dashboard.port;
  const { port } = await choosePort(wanted);
  if (wanted !== 0 && port !== wanted)
    say(
      `! Port ${wanted} is taken by another program; the dashboard uses ${port} instead (dashboard.port sets it).`,
    );
  const { dashboardLog: logFile } = folder;
  const service = { name: 'dashboard', config, logFile, ending: 'closing' };
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
