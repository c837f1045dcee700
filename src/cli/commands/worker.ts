import { loadConfig } from '../../config/load.ts';
import { dataFolderOf } from '../../stack/data-folder.ts';
import { startWorker } from '../../workers/run-worker.ts';
import { runService } from '../run-service.ts';

/** `questline worker`: polls until SIGINT or SIGTERM, then lets running activities end; also when its supervisor is gone. */
export async function runWorkerCommand({ readyFile }: { readonly readyFile?: string }): Promise<void> {
  const { config } = loadConfig();
  const logFile = dataFolderOf(config).workerLog;
  const ending = 'letting running activities end';
  await runService({ name: 'worker', config, logFile, readyFile, ending }, (logger) =>
    startWorker(config, logger),
  );
}
