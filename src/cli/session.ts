import { join } from 'node:path';
import type { Client, Connection } from '@temporalio/client';
import { loadConfig } from '../config/load.ts';
import type { Config } from '../config/schema.ts';
import { once } from '../domain/once.ts';
import { dataFolderOf } from '../stack/data-folder.ts';
import { type Endpoints, resolveEndpoints } from '../stack/endpoints.ts';
import { connectTemporal } from '../stack/temporal-client.ts';
import { ObjectCache } from '../storage/object-cache.ts';
import type { ObjectStore } from '../storage/object-store.ts';
import { createS3Client, S3Store } from '../storage/s3-store.ts';

/** What commands work with, each part made when it is first asked for. */
export interface Session {
  readonly config: Config;
  endpoints(): Promise<Endpoints>;
  store(): Promise<S3Store>;
  temporal(): Promise<Client>;
}

/** The local copies of a bucket's objects, which commands and workers of the data folder share. */
export function openCache(config: Config, store: ObjectStore): ObjectCache {
  return new ObjectCache(join(dataFolderOf(config).cache, 'objects'), store);
}

/** Runs a command's body with a session and closes what it opened. */
export async function withSession<T>(use: (session: Session) => Promise<T>): Promise<T> {
  const { config } = loadConfig();
  const closers: (() => Promise<void> | void)[] = [];
  const endpoints = once(() => resolveEndpoints(config));
  const store = once(async () => {
    const { s3 } = await endpoints();
    const client = createS3Client(s3);
    closers.push(() => client.destroy());
    return new S3Store(client, s3);
  });
  const temporal = once(async () => {
    const client = await connectTemporal((await endpoints()).temporal);
    closers.push(() => (client.connection as Connection).close());
    return client;
  });
  try {
    return await use({ config, endpoints, store, temporal });
  } finally {
    for (const close of closers) await close();
  }
}
