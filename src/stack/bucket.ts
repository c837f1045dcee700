import { createMinioClient } from '../storage/minio-client.ts';
import type { S3Settings } from '../storage/s3-store.ts';

/** Days after which a version that another one took the place of is removed. */
const NONCURRENT_DAYS = 7;
/** What is written again and again, or cleaned up. Versions of raw data are what was counted: they stay. */
const prefixes = ['store/', 'catalog/', 'tables/'];

/** Makes the embedded MinIO's bucket unless it is there, turns versioning on, and has old versions of all but raw data expire. */
export async function ensureVersionedBucket(settings: S3Settings): Promise<void> {
  const client = createMinioClient(settings);
  if (!(await client.bucketExists(settings.bucket)))
    await client.makeBucket(settings.bucket, settings.region);
  await client.setBucketVersioning(settings.bucket, { Status: 'Enabled' });
  await client.setBucketLifecycle(settings.bucket, {
    Rule: prefixes.map((Prefix) => ({
      ID: `noncurrent-${Prefix.slice(0, -1)}`,
      Status: 'Enabled',
      Filter: { Prefix },
      NoncurrentVersionExpiration: { NoncurrentDays: NONCURRENT_DAYS },
    })),
  });
}
