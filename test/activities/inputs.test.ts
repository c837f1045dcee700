import { buffer } from 'node:stream/consumers';
import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openInputs, pinInputs } from '../../src/activities/inputs.ts';
import { createS3Client } from '../../src/storage/s3-store.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;

beforeAll(async () => {
  world = await createWorld('inputs');
});
afterAll(() => world.close());

it('opens the pinned version whatever came after it, and calls one that is gone unreadable', async () => {
  const { store, endpoints } = world;
  const key = 'raw/dt=2026-01-05/a.ndjson';
  await store.write(key, Buffer.from('first'));
  const pinned = await pinInputs(store, 'raw/dt=2026-01-05/');
  await store.write(key, Buffer.from('second'));
  const [object] = openInputs(store, pinned);
  expect(String(await buffer((await object?.open()) as NodeJS.ReadableStream))).toBe('first');
  const client = createS3Client(endpoints.s3);
  const VersionId = pinned[0]?.versionId ?? undefined;
  await client.send(new DeleteObjectCommand({ Bucket: endpoints.s3.bucket, Key: key, VersionId }));
  client.destroy();
  await expect(object?.open()).rejects.toMatchObject({
    name: 'UnreadableObject',
    message: expect.stringContaining(`${key} was removed`),
  });
});
