import { GetBucketLifecycleConfigurationCommand } from '@aws-sdk/client-s3';
import { expect, it } from 'vitest';
import { createS3Client } from '../../src/storage/s3-store.ts';
import { createWorld } from '../support/world.ts';

it('the embedded bucket lets old versions expire of what is written again and again, and of no raw data', async () => {
  const { endpoints, close } = await createWorld('bucket');
  const client = createS3Client(endpoints.s3);
  const command = new GetBucketLifecycleConfigurationCommand({ Bucket: endpoints.s3.bucket });
  const { Rules = [] } = await client.send(command);
  const told = Rules.map(({ Filter, Status, Expiration, NoncurrentVersionExpiration: old }) => [
    Filter?.Prefix,
    Status,
    Expiration,
    old?.NoncurrentDays,
  ]);
  expect(told).toEqual(['store/', 'catalog/', 'tables/'].map((prefix) => [prefix, 'Enabled', undefined, 7]));
  client.destroy();
  await close();
});
