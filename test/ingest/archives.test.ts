import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { constants, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { decompress } from '../../src/ingest/decompress.ts';
import { makeEvent, toLines } from '../support/events.ts';
import { readObjects } from './support.ts';

const TIMEOUT_MS = 60_000;
const CUT_EVERY = 1000;
const lines = toLines(
  Array.from({ length: 2000 }, (_, n) =>
    makeEvent({ event_id: createHash('sha256').update(String(n)).digest('hex') }),
  ),
);
const some = toLines([makeEvent(), makeEvent({ event_id: 'e-2' })]);
const formats = [
  ['gz', gzipSync],
  ['zst', (bytes: Buffer) => zstdCompressSync(bytes, { params: { [constants.ZSTD_c_checksumFlag]: 1 } })],
] as const;
const inPieces = (bytes: Buffer, size: number) =>
  Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) => bytes.subarray(n * size, (n + 1) * size));

describe.each(formats)('a .%s archive', (suffix, compress) => {
  const key = `raw/a.ndjson.${suffix}`;
  const archive = compress(lines);

  it('cut off after every 1,000th byte is unreadable', { timeout: TIMEOUT_MS }, async () => {
    expect(archive.length).toBeGreaterThan(20 * CUT_EVERY);
    for (let length = CUT_EVERY; length < archive.length; length += CUT_EVERY) {
      const cut = inPieces(archive.subarray(0, length), 65_536);
      await expect(readObjects({ [key]: cut }), `${length} bytes`).rejects.toMatchObject({
        name: 'UnreadableObject',
      });
    }
  });

  it('cut off at any of its last bytes is unreadable', async () => {
    const short = compress(some);
    for (let length = 1; length < short.length; length += 1) {
      const reading = Readable.from(decompress(key, Readable.from([short.subarray(0, length)]))).toArray();
      await expect(reading, `${length} bytes`).rejects.toMatchObject({ name: 'UnreadableObject' });
    }
  });

  it.each([1, 10, 4096, 1_000_000])(
    'of several archives in a row is read to its end, in pieces of %i bytes',
    async (size) => {
      const empty = compress(Buffer.alloc(0));
      const joined = Buffer.concat([compress(some), empty, compress(some), compress(some.subarray(0, -1))]);
      const { ledger, objects } = await readObjects({ [key]: inPieces(joined, size) });
      expect(ledger).toEqual({ lines: 6, accepted: 6, rejected: {}, superseded: 0 });
      expect(objects).toEqual([{ key, lines: 6, bytes: 3 * some.length - 1 }]);
    },
  );

  it.each([
    ['text', Buffer.from('garbage')],
    ['zeros', Buffer.alloc(512)],
    ['zeros and text', Buffer.concat([Buffer.alloc(512), Buffer.from('x')])],
    ['lines', some],
    ['the beginning of another', compress(some).subarray(0, 3)],
  ])('followed by %s is unreadable', async (_, rest) => {
    for (const pieces of [[Buffer.concat([compress(some), rest])], [compress(some), rest]]) {
      await expect(readObjects({ [key]: pieces })).rejects.toMatchObject({ name: 'UnreadableObject' });
    }
  });

  it('with a byte changed is unreadable, or read as it was', async () => {
    const short = compress(some);
    for (let at = 0; at < short.length; at += 1) {
      const changed = Buffer.from(short);
      changed[at] = (changed[at] as number) ^ 0x10;
      const read = await Readable.from(decompress(key, Readable.from([changed])))
        .toArray()
        .catch((error: unknown) => error);
      if (Array.isArray(read)) expect([suffix, Buffer.concat(read).equals(some)]).toEqual([suffix, true]);
      else expect(read).toMatchObject({ name: 'UnreadableObject' });
    }
  });
});

describe('an object that is not what its suffix says', () => {
  it.each([
    ['a.ndjson.gz', some, 'expected gzip, but its first bytes are those of no archive'],
    ['a.ndjson.gz', zstdCompressSync(some), 'expected gzip, but its first bytes are those of zstd'],
    ['a.csv.zst', gzipSync(some), 'expected zstd, but its first bytes are those of gzip'],
    ['a.ndjson', gzipSync(some), 'expected plain text, but its first bytes are those of gzip'],
    ['a.csv', zstdCompressSync(some), 'those of zstd'],
    ['a.ndjson', Buffer.from('PK\u0003\u0004rest'), 'those of zip'],
    ['a.jsonl', Buffer.from('PAR1rest'), 'those of Parquet'],
    ['a.ndjson', Buffer.from('BZh9rest'), 'those of bzip2'],
    ['a.ndjson.zst', Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 1]), 'those of xz'],
  ])('%s', async (name, bytes, said) => {
    await expect(readObjects({ [`raw/${name}`]: bytes })).rejects.toMatchObject({
      name: 'UnreadableObject',
      message: expect.stringContaining(said),
    });
  });
});

describe('an object without lines', () => {
  it.each([
    ['a.ndjson', Buffer.alloc(0)],
    ['a.csv', Buffer.alloc(0)],
    ['a.ndjson.gz', Buffer.alloc(0)],
    ['a.ndjson.gz', gzipSync('')],
    ['a.ndjson.zst', zstdCompressSync('')],
  ])('and without a byte is unreadable: %s', async (name, bytes) => {
    await expect(readObjects({ [`raw/${name}`]: bytes })).rejects.toThrow(`raw/${name} is empty`);
  });

  it('but with blank ones is counted', async () => {
    const { objects, ledger } = await readObjects({
      'raw/a.ndjson': Buffer.from('\n\n'),
      'raw/b.ndjson': some,
    });
    expect(objects).toEqual([
      { key: 'raw/a.ndjson', lines: 0, bytes: 2 },
      { key: 'raw/b.ndjson', lines: 2, bytes: some.length },
    ]);
    expect(ledger.accepted).toBe(2);
  });
});

describe('a source that fails', () => {
  const failure = Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
  const broken = (bytes: Buffer) => async () =>
    Readable.from(
      (async function* () {
        yield bytes;
        throw failure;
      })(),
    );

  it.each(['raw/a.ndjson', 'raw/a.csv', 'raw/a.ndjson.gz', 'raw/a.ndjson.zst'])(
    'while it is read is not the fault of %s',
    async (key) => {
      const body = key.endsWith('gz')
        ? gzipSync(lines)
        : key.endsWith('zst')
          ? zstdCompressSync(lines)
          : some;
      const head = Buffer.from(
        key.endsWith('csv') ? 'event_id,player_id,event_type,timestamp,properties\n' : '',
      );
      const half = Buffer.concat([head, body.subarray(0, body.length >> 1)]);
      await expect(readObjects([{ key, open: broken(half) }])).rejects.toBe(failure);
      await expect(readObjects([{ key, open: broken(Buffer.alloc(0)) }])).rejects.toBe(failure);
    },
  );

  it.runIf(existsSync('/proc/self/fd'))('leaves no file open', async () => {
    const open = async () => Readable.from([some, Buffer.from('not a gzip archive')]);
    const before = await readdir('/proc/self/fd');
    for (let n = 0; n < 5; n += 1) {
      await expect(readObjects([{ key: 'raw/a.ndjson.gz', open }])).rejects.toMatchObject({
        name: 'UnreadableObject',
      });
    }
    expect((await readdir('/proc/self/fd')).length).toBeLessThan(before.length + 5);
  });

  it('to open is thrown as it is', async () => {
    const open = async (): Promise<Readable> => {
      throw failure;
    };
    await expect(readObjects([{ key: 'raw/a.ndjson', open }])).rejects.toBe(failure);
  });
});
