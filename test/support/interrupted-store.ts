import type { Readable } from 'node:stream';
import type { ListedObject, ObjectInfo, WriteCondition } from '../../src/storage/object-store.ts';
import { createS3Client, S3Store } from '../../src/storage/s3-store.ts';
import type { World } from './world.ts';

/** A world's bucket that does something before the first request that begins with a text, such as `write catalog/current`. */
export class InterruptedStore extends S3Store {
  hasActed = false;
  private readonly before: string;
  private readonly act: () => Promise<unknown>;

  constructor({ endpoints }: World, before: string, act: () => Promise<unknown>) {
    super(createS3Client(endpoints.s3), endpoints.s3);
    this.before = before;
    this.act = act;
  }

  private async interrupt(request: string): Promise<void> {
    if (this.hasActed || !request.startsWith(this.before)) return;
    this.hasActed = true;
    await this.act();
  }

  override async *list(prefix: string): AsyncIterable<ListedObject> {
    await this.interrupt(`list ${prefix}`);
    yield* super.list(prefix);
  }

  override async head(key: string, versionId?: string | null): Promise<ObjectInfo | null> {
    await this.interrupt(`head ${key}`);
    return super.head(key, versionId);
  }

  override async read(
    key: string,
    versionId?: string | null,
  ): Promise<{ readonly body: Readable; readonly etag: string }> {
    await this.interrupt(`read ${key}`);
    return super.read(key, versionId);
  }

  override async write(
    key: string,
    body: Uint8Array | Readable,
    condition?: WriteCondition,
  ): Promise<ObjectInfo> {
    await this.interrupt(`write ${key}`);
    return super.write(key, body, condition);
  }

  override async copy(from: string, to: string): Promise<void> {
    await this.interrupt(`copy ${to}`);
    return super.copy(from, to);
  }

  override async remove(key: string, versionId?: string): Promise<void> {
    await this.interrupt(`remove ${key}`);
    return super.remove(key, versionId);
  }
}
