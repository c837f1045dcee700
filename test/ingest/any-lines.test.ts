import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readArrival } from '../../src/ingest/read-arrival.ts';
import { makeEvent } from '../support/events.ts';
import { recount } from './recount.ts';
import { type Objects, readObjects, rules, toRawObjects } from './support.ts';

const TIMEOUT_MS = 120_000;

interface Line {
  readonly bytes: Buffer;
  /** `accepted`, or the reason. */
  readonly outcome: string;
}

const line = (outcome: string, content: unknown): Line => ({
  outcome,
  bytes: Buffer.isBuffer(content)
    ? content
    : Buffer.from(typeof content === 'string' ? content : JSON.stringify(content)),
});
const purchase = (amount: number, more: object = {}) =>
  makeEvent({ event_id: `p-${amount}`, event_type: 'purchase', properties: { amount, ...more } });

const lines: readonly Line[] = [
  line('accepted', makeEvent()),
  line('accepted', makeEvent({ event_id: 'e-2' })),
  line('accepted', makeEvent({ event_id: 'e-2', player_id: 'other' })),
  line('accepted', makeEvent({ event_id: 'e-2', timestamp: '2026-01-04T10:00:00Z' })),
  line('accepted', JSON.stringify(makeEvent()).replaceAll(',', ' ,\r ')),
  line('accepted', makeEvent({ properties: { level: 3, session_id: 'a"b\n\u0000é😀' } })),
  line('accepted', makeEvent({ properties: { level: 3, session_id: '' } })),
  line(
    'accepted',
    makeEvent({ timestamp: '2026-01-05T10:00:00+00:00', device: 'x', properties: { level: 3, model: {} } }),
  ),
  line('accepted', makeEvent({ event_type: 'session_end', properties: { session_id: 's', duration_s: -0 } })),
  line('accepted', purchase(1000)),
  line('accepted', purchase(1000.01)),
  line('accepted', purchase(5000, { currency: 'EUR' })),
  line('accepted', purchase(6000, { currency: 'USD' })),
  line('malformed', 'nope'),
  line('malformed', '{"a":1,}'),
  line('malformed', '{"a":NaN}'),
  line('malformed', ' \ufeff{}'),
  line('malformed', '{"a":\u0000}'),
  line('malformed', '"\r"'),
  line('malformed', '{"event_id":"a","event_id":"b"}'),
  line('bad_encoding', Buffer.from([0x7b, 0xff, 0x7d])),
  line('bad_encoding', Buffer.from([0xe2, 0x82])),
  line('oversized', `{"a":"${'x'.repeat(2000)}"}`),
  line('missing_field', makeEvent({ player_id: '' })),
  line('missing_field', makeEvent({ properties: {} })),
  line('wrong_type', makeEvent({ properties: { level: '3' } })),
  line('wrong_type', makeEvent({ event_type: 7 })),
  line('unknown_type', makeEvent({ event_type: 'chat_message' })),
  line('unknown_type', makeEvent({ event_type: 'chat_message', device: 'x' })),
  line('out_of_range', makeEvent({ properties: { level: -1 } })),
  line('future', makeEvent({ timestamp: '2026-02-05T10:00:00Z' })),
  line('too_late', makeEvent({ timestamp: '2025-02-05T10:00:00Z' })),
];

const compressions = { '': (bytes: Buffer) => bytes, '.gz': gzipSync, '.zst': zstdCompressSync };
const object = fc.record({
  lines: fc.array(fc.tuple(fc.constantFrom(...lines), fc.constantFrom('\n', '\r\n', '\n\n', '\n \t\r\n')), {
    minLength: 1,
    maxLength: 25,
  }),
  hasMark: fc.boolean(),
  endsOpen: fc.boolean(),
  compression: fc.constantFrom('', '.gz', '.zst' as const),
  pieceBytes: fc.integer({ min: 1, max: 3000 }),
  superseded: fc.subarray([1, 2, 3, 5]),
});

type MadeObject = typeof object extends fc.Arbitrary<infer T> ? T : never;

function toBytes({ lines: parts, hasMark, endsOpen, compression, pieceBytes }: MadeObject): Buffer[] {
  const whole = Buffer.concat([
    Buffer.from(hasMark ? '\ufeff' : ''),
    ...parts.flatMap(([{ bytes }, end], n) =>
      endsOpen && n === parts.length - 1 ? [bytes] : [bytes, Buffer.from(end)],
    ),
  ]);
  const stored = compressions[compression](whole);
  return Array.from({ length: Math.ceil(stored.length / pieceBytes) }, (_, n) =>
    stored.subarray(n * pieceBytes, (n + 1) * pieceBytes),
  );
}

/** The lines of an object with the number that each has in it. */
function numbered({ lines: parts }: MadeObject): (Line & { readonly number: number })[] {
  let number = 1;
  return parts.map(([one, end]) => {
    const at = number;
    number += end.split('\n').length - 1;
    return { ...one, number: at };
  });
}

it('any lines, in any objects, archives and pieces: the ledger adds up, and what is rejected is kept to the byte', {
  timeout: TIMEOUT_MS,
}, async () => {
  const some = fc.array(object, { minLength: 1, maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(some, async (made) => {
      const key = (n: number) => `raw/${n}.ndjson${made[n]?.compression}`;
      const objects: Objects = Object.fromEntries(made.map((one, n) => [key(n), toBytes(one)]));
      const replaced = made.map(
        ({ superseded }) => new Map(superseded.map((number) => [number, 'raw/new.ndjson'])),
      );
      const raw = toRawObjects(objects).map((one, n) => ({
        ...one,
        superseded: replaced[n] ?? new Map<number, string>(),
      }));
      const read = await readObjects(raw);
      const all = made.flatMap((one, n) =>
        numbered(one).map((each) => ({
          ...each,
          object: key(n),
          outcome: replaced[n]?.has(each.number) === true ? 'superseded' : each.outcome,
        })),
      );
      const count = (outcome: string) => all.filter((one) => one.outcome === outcome).length;
      const { ledger } = read;
      expect(ledger.lines).toBe(all.length);
      expect([ledger.accepted, ledger.superseded]).toEqual([count('accepted'), count('superseded')]);
      for (const [reason, rejected] of Object.entries(ledger.rejected))
        expect([reason, rejected]).toEqual([reason, count(reason)]);
      expect(
        ledger.accepted + ledger.superseded + Object.values(ledger.rejected).reduce((a, b) => a + b, 0),
      ).toBe(all.length);
      expect(
        read.quarantined.map(({ object: where, line: number, reason, bytes, rawBytes }) => ({
          where,
          number,
          reason,
          hex: bytes.toString('hex'),
          rawBytes,
        })),
      ).toEqual(
        all
          .filter(({ outcome }) => outcome !== 'accepted')
          .map(({ object: where, number, outcome, bytes }) => ({
            where,
            number,
            reason: outcome,
            hex: bytes.toString('hex'),
            rawBytes: bytes.length,
          })),
      );
      expect(read.accepted).toHaveLength(ledger.accepted);
      expect(read.objects.map(({ lines: n }) => n)).toEqual(made.map(({ lines: parts }) => parts.length));
      const isObject = ({ outcome }: Line) =>
        !['malformed', 'bad_encoding', 'oversized', 'superseded'].includes(outcome);
      const recounted = all.filter(isObject).map(({ bytes, outcome }) => ({
        object: JSON.parse(bytes.toString()) as Record<string, unknown>,
        isAccepted: outcome === 'accepted',
      }));
      expect(read.measures).toEqual(recount(recounted, read.accepted, rules));
      for (const row of read.quarantined.filter(({ reason }) => reason === 'superseded')) {
        expect(row.detail).toBe('replaced by raw/new.ndjson');
      }
    }),
    { numRuns: 40 },
  );
});

it('the accepted rows are the same bytes on each run, with any threads and memory', {
  timeout: TIMEOUT_MS,
}, async () => {
  const many = Array.from({ length: 300_000 }, (_, n) =>
    JSON.stringify(
      makeEvent({ event_id: `e-${n}`, properties: { level: n % 50, session_id: `s-${n >> 4}` } }),
    ),
  );
  const whole = Buffer.from(many.join('\n'));
  const objects = {
    'raw/a.ndjson': Array.from({ length: Math.ceil(whole.length / 65_536) }, (_, n) =>
      whole.subarray(n * 65_536, (n + 1) * 65_536),
    ),
  };
  const hashes: string[] = [];
  const variants = [
    { threads: 1, memoryMb: 512 },
    { threads: 1, memoryMb: 256 },
    { threads: 2, memoryMb: 512 },
    { threads: 2, memoryMb: 512 },
  ];
  for (const limits of variants) {
    const scratch = await mkdtemp(join(tmpdir(), 'questline-ingest-'));
    const raw = toRawObjects(objects);
    const { acceptedParts, ledger } = await readArrival(raw, rules, scratch, limits);
    expect(ledger.accepted).toBe(many.length);
    const hash = createHash('sha256');
    for (const { file } of acceptedParts) hash.update(await readFile(file));
    hashes.push(hash.digest('hex'));
    await rm(scratch, { recursive: true });
  }
  expect(hashes).toEqual(variants.map(() => hashes[0]));
});
