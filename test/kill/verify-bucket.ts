import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { ObjectCache } from '../../src/storage/object-cache.ts';
import { verifyPublished } from '../../src/upkeep/verify.ts';
import type { Bucket, Servers } from './servers.ts';

/** Verifies what is published as `questline verify` does: throws when it finds a fault, or could not compare something. */
export async function verifyBucket(
  { folder }: Servers,
  { config, store }: Bucket,
  isDeep: boolean,
): Promise<void> {
  const scratchRoot = await mkdtemp(join(folder.root, 'verify-'));
  const cache = new ObjectCache(join(scratchRoot, 'objects'), store);
  const deps = { config, store, cache, duckDb: { threads: 1, memoryMb: 512 }, scratchRoot };
  const { faults, skipped } = await verifyPublished(deps, { range: {}, isDeep }, new Date(), () => {});
  if (faults.length + skipped.length > 0)
    throw new Error(`verify found ${JSON.stringify([...faults, ...skipped])}`);
}
