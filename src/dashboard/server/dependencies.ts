import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import type { Config } from '../../config/schema.ts';
import type { Endpoints } from '../../stack/endpoints.ts';
import type { ObjectCache } from '../../storage/object-cache.ts';
import type { ObjectStore } from '../../storage/object-store.ts';

/** What the dashboard's server works with. */
export interface DashboardDependencies {
  readonly config: Config;
  readonly endpoints: Endpoints;
  readonly store: ObjectStore;
  readonly cache: ObjectCache;
  readonly logger: Logger;
  /** Folder with the built page. */
  readonly page: string;
  /** A client of Temporal; null while it does not answer. */
  readonly connect: () => Promise<Client | null>;
  readonly now: () => Date;
}
