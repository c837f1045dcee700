import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FolderSink } from '../../src/storage/folder-sink.ts';
import type { ObjectSink } from '../../src/storage/object-store.ts';
import { createS3Client, S3Store } from '../../src/storage/s3-store.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;
let folder: string;

beforeAll(async () => {
  world = await createWorld('object-store');
  folder = await mkdtemp(join(tmpdir(), 'questline-sink-'));
});
afterAll(async () => {
  await world.close();
  await rm(folder, { recursive: true });
});

const readFromBucket = async (key: string) => buffer((await world.store.read(key)).body);

const sinks: readonly [string, () => ObjectSink, (key: string) => Promise<Buffer>][] = [
  ['a bucket', () => world.store, readFromBucket],
  ['a folder', () => new FolderSink(folder), (key) => readFile(join(folder, key))],
];

describe.each(sinks)('%s as a sink', (_, open, read) => {
  it('takes bytes and streams', async () => {
    await open().write('a/bytes', Buffer.from('one'));
    await open().write('a/stream', Readable.from([Buffer.from('two '), Buffer.from('parts')]));
    expect((await read('a/bytes')).toString()).toBe('one');
    expect((await read('a/stream')).toString()).toBe('two parts');
  });

  it('takes a stream of several parts', async () => {
    const part = Buffer.alloc(5 * 1024 * 1024, 7);
    const written = await open().write(
      'a/large',
      Readable.from([part, part, part, part, Buffer.from('end')]),
    );
    expect(written.bytes).toBe(4 * part.length + 3);
    expect((await read('a/large')).length).toBe(written.bytes);
  });

  it('does not replace what has to be absent', async () => {
    await open().write('b/once', Buffer.from('first'), { ifAbsent: true });
    await expect(open().write('b/once', Buffer.from('second'), { ifAbsent: true })).rejects.toMatchObject({
      kind: 'conflict',
    });
    expect((await read('b/once')).toString()).toBe('first');
  });

  it('keeps nothing of a stream that broke off', async () => {
    async function* broken() {
      yield Buffer.from('half');
      throw new Error('cut');
    }
    await expect(open().write('b/broken', Readable.from(broken()))).rejects.toThrow();
    await expect(read('b/broken')).rejects.toThrow();
  });
});

describe('S3Store', () => {
  it('lists by prefix in order, beyond one page', async () => {
    const keys = Array.from({ length: 1005 }, (_, n) => `list/${String(n).padStart(4, '0')}`);
    for (let n = 0; n < keys.length; n += 50) {
      await Promise.all(keys.slice(n, n + 50).map((key) => world.store.write(key, Buffer.from('x'))));
    }
    const listed: string[] = [];
    for await (const { key } of world.store.list('list/')) listed.push(key);
    expect(listed).toEqual(keys);
  });

  it('moves an object only from the version that was read, and lets one of two win', async () => {
    const first = await world.store.write('pointer', Buffer.from('0'));
    const race = await Promise.allSettled(
      Array.from({ length: 8 }, (_, n) =>
        world.store.write('pointer', Buffer.from(`${n + 1}`), { ifMatch: first.etag }),
      ),
    );
    expect(race.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of race)
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ kind: 'conflict' });
  });

  it('reads a pinned version after the object was replaced', async () => {
    const { versionId } = await world.store.write('versioned', Buffer.from('old'));
    await world.store.write('versioned', Buffer.from('new'));
    expect((await buffer((await world.store.read('versioned', versionId)).body)).toString()).toBe('old');
  });

  it('copies, removes, and says what is not there', async () => {
    await world.store.write('from here', Buffer.from('x'));
    await world.store.copy('from here', 'dir/to +ü');
    expect((await readFromBucket('dir/to +ü')).toString()).toBe('x');
    await world.store.remove('dir/to +ü');
    expect(await world.store.head('dir/to +ü')).toBeNull();
    await expect(world.store.read('dir/to +ü')).rejects.toMatchObject({ kind: 'not-found' });
  });

  it.each([
    [
      'denied',
      { credentials: { accessKeyId: 'nobody', secretAccessKey: 'wrong-secret' } },
      /access key id is not known/,
    ],
    ['no-bucket', { bucket: 'no-such-bucket' }, /does not exist\. Create the bucket/],
    ['unreachable', { endpoint: 'http://127.0.0.1:9' }, /no S3 service answers at http:\/\/127\.0\.0\.1:9/],
  ])('explains what is %s', async (kind, change, message) => {
    const settings = { ...world.endpoints.s3, ...change };
    const client = createS3Client(settings);
    const asked = new S3Store(client, settings).write('x', Buffer.from('x'));
    await expect(asked).rejects.toMatchObject({ kind });
    await expect(asked).rejects.toThrow(message);
    client.destroy();
  });

  it('explains a secret that does not belong to the key', async () => {
    const { credentials } = world.endpoints.s3;
    const settings = {
      ...world.endpoints.s3,
      credentials: { accessKeyId: credentials?.accessKeyId ?? '', secretAccessKey: 'wrong-secret' },
    };
    const client = createS3Client(settings);
    await expect(new S3Store(client, settings).head('x')).rejects.toMatchObject({ kind: 'denied' });
    await expect(new S3Store(client, settings).write('x', Buffer.from('x'))).rejects.toThrow(
      'secret does not belong',
    );
    client.destroy();
  });
});
