import { Client } from 'minio';
import type { S3Settings } from '../storage/s3-store.ts';

/** Makes the embedded MinIO's bucket, with versioning on, unless it is there. */
export async function ensureVersionedBucket(settings: S3Settings): Promise<void> {
  const { hostname, port } = new URL(settings.endpoint ?? '');
  const client = new Client({
    endPoint: hostname,
    port: Number(port),
    useSSL: false,
    accessKey: settings.credentials?.accessKeyId ?? '',
    secretKey: settings.credentials?.secretAccessKey ?? '',
    region: settings.region,
  });
  if (!(await client.bucketExists(settings.bucket)))
    await client.makeBucket(settings.bucket, settings.region);
  await client.setBucketVersioning(settings.bucket, { Status: 'Enabled' });
}
