import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { ObjectRef } from '../domain/object-ref.ts';
import { downloadObject } from './bytes.ts';
import type { ObjectStore } from './object-store.ts';

/** Local copies of objects that the catalog names, by sha256, so that none is downloaded twice. */
export class ObjectCache {
  private readonly folder: string;
  private readonly store: ObjectStore;
  private readonly underWay = new Map<string, Promise<string>>();

  constructor(folder: string, store: ObjectStore) {
    this.folder = folder;
    this.store = store;
  }

  /** Path of a local copy whose hash has been checked. */
  async fetch(ref: Pick<ObjectRef, 'key' | 'sha256'>): Promise<string> {
    const running = this.underWay.get(ref.sha256);
    if (running !== undefined) return running;
    const fetching = this.download(ref).finally(() => this.underWay.delete(ref.sha256));
    this.underWay.set(ref.sha256, fetching);
    return fetching;
  }

  /** Removes the copies that were used least recently until at most `maxBytes` are left. */
  async prune(maxBytes: number): Promise<void> {
    const names = await readdir(this.folder).catch(() => []);
    const files = await Promise.all(
      names.map(async (name) => ({
        path: join(this.folder, name),
        info: await stat(join(this.folder, name)),
      })),
    );
    files.sort((a, b) => b.info.mtimeMs - a.info.mtimeMs);
    let total = 0;
    for (const { path, info } of files) {
      total += info.size;
      if (total > maxBytes) await rm(path, { force: true });
    }
  }

  private async download(ref: Pick<ObjectRef, 'key' | 'sha256'>): Promise<string> {
    const path = join(this.folder, `${ref.sha256}.parquet`);
    const now = new Date();
    const present = await utimes(path, now, now).then(
      () => true,
      () => false,
    );
    if (present) return path;
    await mkdir(this.folder, { recursive: true });
    const partial = join(this.folder, `${ref.sha256}.partial-${randomUUID()}`);
    try {
      await downloadObject(this.store, ref, partial);
      await rename(partial, path);
    } finally {
      await rm(partial, { force: true });
    }
    return path;
  }
}
