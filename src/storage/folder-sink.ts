import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  type ListedObject,
  type ObjectInfo,
  type ObjectSink,
  StorageError,
  type WriteCondition,
} from './object-store.ts';

/**
 * A folder that takes objects under the same keys as the bucket; an object appears whole or not at all. What is being written
 * is a file of another name in the folder itself, where nobody takes it for an object.
 */
export class FolderSink implements ObjectSink {
  private readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  async write(key: string, body: Uint8Array | Readable, condition?: WriteCondition): Promise<ObjectInfo> {
    const path = join(this.folder, ...key.split('/'));
    if (condition !== undefined && 'ifAbsent' in condition && (await exists(path))) {
      throw new StorageError('conflict', `${path} is there already.`);
    }
    const partial = join(this.folder, `.partial-${randomUUID()}`);
    try {
      await makeFolder(dirname(path));
      await pipeline(body instanceof Readable ? body : Readable.from([body]), createWriteStream(partial));
      await rename(partial, path);
    } catch (error) {
      await rm(partial, { force: true }).catch(() => {});
      throw new StorageError('other', `${path} could not be written: ${(error as Error).message}.`, error);
    }
    return { key, bytes: (await stat(path)).size, etag: '', versionId: null };
  }

  async *list(prefix: string): AsyncIterable<ListedObject> {
    const parent = join(this.folder, ...prefix.split('/').slice(0, -1));
    const entries = (await exists(parent))
      ? await readdir(parent, { recursive: true, withFileTypes: true })
      : [];
    const paths = entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    for (const path of paths.sort()) {
      const key = relative(this.folder, path).split(sep).join('/');
      if (!key.startsWith(prefix)) continue;
      const { size, mtime } = await stat(path);
      yield { key, bytes: size, etag: '', versionId: null, modifiedAt: mtime };
    }
  }
}

/** Makes a folder and those above it, one by one: a recursive mkdir never ends where the file system has no folder to make. */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return;
    if (code !== 'ENOENT' || dirname(path) === path) throw error;
    await makeFolder(dirname(path));
    await mkdir(path).catch((again: NodeJS.ErrnoException) => {
      if (again.code !== 'EEXIST') throw again;
    });
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
