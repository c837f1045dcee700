import { mkdtemp, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { FolderSink } from '../../src/storage/folder-sink.ts';
import { ObjectCache } from '../../src/storage/object-cache.ts';
import type { ObjectStore } from '../../src/storage/object-store.ts';

it('prunes the copies used least recently, though a file goes while it looks', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'questline-cache-'));
  try {
    for (const [n, name] of ['oldest', 'older', 'newest'].entries()) {
      await writeFile(join(folder, name), Buffer.alloc(100));
      await utimes(join(folder, name), 1000 + n, 1000 + n);
    }
    // A link to nothing is listed, and is not there when it is looked at.
    await symlink(join(folder, 'nothing'), join(folder, 'gone'));
    const store = new FolderSink(folder) as unknown as ObjectStore;
    await new ObjectCache(folder, store).prune(250);
    expect((await readdir(folder)).sort()).toEqual(['gone', 'newest', 'older']);
  } finally {
    await rm(folder, { recursive: true });
  }
});
