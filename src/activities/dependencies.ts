import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import type { Config } from '../config/schema.ts';
import type { DuckDbLimits } from '../engine/duckdb.ts';
import type { ObjectCache } from '../storage/object-cache.ts';
import type { ObjectStore } from '../storage/object-store.ts';
import type { StageMetrics } from './stage-metrics.ts';

/** What activities work with; the worker makes them once. */
export interface Dependencies {
  readonly config: Config;
  readonly store: ObjectStore;
  readonly cache: ObjectCache;
  /** For waiting on other runs. */
  readonly client: Client;
  /** Folder for files of running activities. */
  readonly scratchRoot: string;
  readonly duckDb: DuckDbLimits;
  readonly logger: Logger;
  readonly metrics: StageMetrics;
}

/** Runs `use` with a fresh folder of its own and removes it whatever happens. */
export async function withScratch<T>(root: string, use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(root, 'stage-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
