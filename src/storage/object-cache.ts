import { randomUUID } from 'node:crypto';
import { copyFile, mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { ObjectRef } from '../domain/object-ref.ts';
import { downloadObject } from './bytes.ts';
import type { ObjectStore } from './object-store.ts';

const DOWNLOADS_AT_ONCE = 16;

/** Local copies of objects that the catalog names, by sha256, so that none is downloaded twice. */
export class ObjectCache {
  private readonly folder: string;
  /** Where the objects are copied from. */
  readonly store: ObjectStore;
  private readonly underWay = new Map<string, Promise<string>>();

  constructor(folder: string, store: ObjectStore) {
    this.folder = folder;
    this.store = store;
  }

  /** Path of a local copy whose hash has been checked. */
  async fetch(ref: Pick<ObjectRef, 'key' | 'sha256'>): Promise<string> {
    const running = this.underWay.get(ref.sha256);
    if (running !== undefined) return running;
    return this.track(ref, this.download(ref));
  }

  /** Keeps a copy of a file that was just uploaded as an object, so that who works on with it need not download it. */
  async keep(ref: Pick<ObjectRef, 'sha256'>, file: string): Promise<void> {
    await this.place(ref, (partial) => copyFile(file, partial));
  }

  /**
   * Downloads objects whether there are copies or not: what the store has, not what it had. Who fetches one of them meanwhile waits for
   * that. Answers with one result each, in order.
   */
  renewAll(refs: readonly Pick<ObjectRef, 'key' | 'sha256'>[]): Promise<PromiseSettledResult<string>[]> {
    const lanes: Promise<unknown>[] = [];
    const renewals = refs.map((ref, n) => {
      const before = lanes[n % DOWNLOADS_AT_ONCE] ?? Promise.resolve();
      const renewal = before.then(() => this.renew(ref));
      lanes[n % DOWNLOADS_AT_ONCE] = renewal.catch(() => {});
      return this.track(ref, renewal);
    });
    return Promise.allSettled(renewals);
  }

  /**
   * Removes the copies that were used least recently until at most `maxBytes` are left. Others may work in the folder at the same time: what
   * goes while it looks is passed over.
   */
  async prune(maxBytes: number): Promise<void> {
    const names = await readdir(this.folder).catch(() => []);
    const found = await Promise.all(
      names.map(async (name) => {
        const path = join(this.folder, name);
        const info = await stat(path).catch(() => null);
        return info === null ? [] : [{ path, info }];
      }),
    );
    const files = found.flat().sort((a, b) => b.info.mtimeMs - a.info.mtimeMs);
    let total = 0;
    for (const { path, info } of files) {
      total += info.size;
      if (total > maxBytes) await rm(path, { force: true });
    }
  }

  private async download(ref: Pick<ObjectRef, 'key' | 'sha256'>): Promise<string> {
    const path = this.pathOf(ref);
    const now = new Date();
    const present = await utimes(path, now, now).then(
      () => true,
      () => false,
    );
    return present ? path : this.renew(ref);
  }

  private renew(ref: Pick<ObjectRef, 'key' | 'sha256'>): Promise<string> {
    return this.place(ref, (partial) => downloadObject(this.store, ref, partial));
  }

  private async place(
    ref: Pick<ObjectRef, 'sha256'>,
    fill: (partial: string) => Promise<void>,
  ): Promise<string> {
    const path = this.pathOf(ref);
    await mkdir(this.folder, { recursive: true });
    const partial = join(this.folder, `${ref.sha256}.partial-${randomUUID()}`);
    try {
      await fill(partial);
      await rename(partial, path);
      return path;
    } catch (error) {
      await rm(partial, { force: true });
      throw error;
    }
  }

  private track({ sha256 }: Pick<ObjectRef, 'sha256'>, copying: Promise<string>): Promise<string> {
    const tracked = copying.finally(() => {
      if (this.underWay.get(sha256) === tracked) this.underWay.delete(sha256);
    });
    this.underWay.set(sha256, tracked);
    return tracked;
  }

  private pathOf({ sha256 }: Pick<ObjectRef, 'sha256'>): string {
    return join(this.folder, `${sha256}.parquet`);
  }
}
