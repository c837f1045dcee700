import { join, resolve } from 'node:path';
import { projectRoot } from '../config/load.ts';
import type { Config } from '../config/schema.ts';

/** Where the embedded stack keeps everything: one folder that git ignores. */
export interface DataFolder {
  readonly root: string;
  readonly temporalDb: string;
  readonly minioData: string;
  readonly minioCerts: string;
  readonly logs: string;
  /** JSON lines of the worker, when the configuration names no other file. */
  readonly workerLog: string;
  /** JSON lines of the dashboard, in the same way. */
  readonly dashboardLog: string;
  readonly cache: string;
  /** Credentials of the embedded MinIO, readable by the owner alone. */
  readonly credentials: string;
  /** What the dashboard asks for to change something, when the configuration sets nothing, readable by the owner alone. */
  readonly writeToken: string;
  /** What runs, on which ports. */
  readonly state: string;
  readonly lock: string;
}

/** The data folder of a configuration; nothing is created. */
export function dataFolderOf(config: Config): DataFolder {
  const root = resolve(projectRoot, config.embedded.dataDir);
  return {
    root,
    temporalDb: join(root, 'temporal', 'temporal.db'),
    minioData: join(root, 'minio'),
    minioCerts: join(root, 'minio-certs'),
    logs: join(root, 'logs'),
    workerLog: join(root, 'logs', 'worker.jsonl'),
    dashboardLog: join(root, 'logs', 'dashboard.jsonl'),
    cache: join(root, 'cache'),
    credentials: join(root, 'credentials.json'),
    writeToken: join(root, 'dashboard-write-token'),
    state: join(root, 'stack.json'),
    lock: join(root, 'stack.lock'),
  };
}
