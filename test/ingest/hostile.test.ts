import { beforeAll, describe, expect, it } from 'vitest';
import { makeEvent } from '../support/events.ts';
import { type HostileCase, lineCases } from './hostile-cases.ts';
import { csvCases, csvHeaderCases } from './hostile-csv-cases.ts';
import { type Read, readObjects } from './support.ts';

const TIMEOUT_MS = 60_000;

/** What one object of an arrival became. */
interface ReadCase {
  readonly ledger: Readonly<Record<string, number>>;
  readonly quarantined: Read['quarantined'];
  readonly accepted: Read['accepted'];
}

/** Reads all cases as the objects of one arrival, so that each also has to leave the others alone. */
async function readCases(cases: readonly HostileCase[], maxLineBytes: number): Promise<ReadCase[]> {
  const keyOf = (n: number) => `raw/${n}.${cases[n]?.suffix ?? 'ndjson'}`;
  const objects = Object.fromEntries(cases.map(({ bytes }, n) => [keyOf(n), bytes]));
  const read = await readObjects(objects, { maxLineBytes });
  const counts = Object.entries(read.ledger.rejected).sort();
  const wanted = read.quarantined.map(({ reason }) => reason);
  expect(counts).toEqual([...countEach(wanted)].sort());
  let taken = 0;
  return cases.map((_, n) => {
    const quarantined = read.quarantined.filter(({ object }) => object === keyOf(n));
    const accepted = (read.objects[n]?.lines ?? 0) - quarantined.length;
    taken += accepted;
    return {
      ledger: Object.fromEntries([
        ...(accepted === 0 ? [] : [['accepted', accepted] as const]),
        ...countEach(quarantined.map(({ reason }) => reason)),
      ]),
      quarantined,
      accepted: read.accepted.slice(taken - accepted, taken),
    };
  });
}

function countEach(texts: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}

it('is a corpus of hundreds', () => {
  expect(lineCases.length + csvCases.length + csvHeaderCases.length).toBeGreaterThan(300);
  const names = [...lineCases, ...csvCases].map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});

describe.each([
  ['a hostile object of NDJSON', lineCases, 4_000_000],
  ['a hostile object of CSV', csvCases, 2000],
])('%s', (_, cases, maxLineBytes) => {
  let read: readonly ReadCase[];
  beforeAll(async () => {
    read = await readCases(cases, maxLineBytes);
  }, TIMEOUT_MS);

  it.each(cases.map((one, n) => [one.name, one, n] as const))('%s', (__, one, n) => {
    const { ledger, quarantined, accepted } = read[n] as ReadCase;
    expect(ledger).toEqual(one.ledger);
    for (const row of quarantined) {
      expect(row.bytes.equals(one.bytes.subarray(row.offset, row.offset + row.rawBytes))).toBe(true);
    }
    for (const [at, detail] of (one.details ?? []).entries()) {
      expect(quarantined[at]?.detail).toContain(detail);
    }
    for (const [at, values] of (one.values ?? []).entries()) expect(accepted[at]).toMatchObject(values);
  });
});

it.each(csvHeaderCases)('CSV with %s is an error that says so', async (_, text, said) => {
  await expect(readObjects({ 'raw/a.csv': Buffer.from(text) })).rejects.toMatchObject({
    name: 'UnreadableObject',
    message: expect.stringContaining(said),
  });
});

describe('lines that are too long', () => {
  const good = Buffer.from(`${JSON.stringify(makeEvent())}\n`);
  const long = (bytes: number) => Buffer.from(`${'x'.repeat(bytes)}\n`);

  it.each(['ndjson', 'csv'])(
    'are kept whole up to 16 MiB, and then their beginning: .%s',
    { timeout: TIMEOUT_MS },
    async (suffix) => {
      const header = Buffer.from(
        suffix === 'csv' ? 'event_id,player_id,event_type,timestamp,properties\n' : '',
      );
      const [ten, more] = [10_000_000, 17 * 1024 ** 2];
      const most = 16 * 1024 ** 2;
      const all = [ten, more, 2001, most, most, most - 1, most - 2];
      const object = Buffer.concat([header, ...all.map(long)]);
      const found = await readObjects({ [`raw/a.${suffix}`]: object });
      expect(found.ledger).toMatchObject({ lines: 7, rejected: { oversized: 7 } });
      expect(found.quarantined.map(({ rawBytes, bytes }) => [rawBytes, bytes.length])).toEqual(
        all.map((bytes) => [bytes, bytes > most ? 65_536 : bytes]),
      );
      expect(found.quarantined[3]?.offset).toBe(header.length + ten + more + 2001 + 3);
    },
  );

  it('do not hide what comes after them', async () => {
    const found = await readObjects({ 'raw/a.ndjson': Buffer.concat([good, long(40_000_000), good]) });
    expect(found.ledger).toMatchObject({ lines: 3, accepted: 2, rejected: { oversized: 1 } });
    expect(found.quarantined[0]).toMatchObject({ line: 2, offset: good.length, rawBytes: 40_000_000 });
  });

  it('are cut between characters, and are not UTF-8 when their beginning is not', async () => {
    const euros = Buffer.from(`x${'€'.repeat(6_000_000)}\n`);
    const broken = Buffer.concat([Buffer.from([0xff]), long(17 * 1024 ** 2)]);
    const found = await readObjects({ 'raw/a.ndjson': Buffer.concat([euros, broken]) });
    expect(found.quarantined.map(({ reason, bytes }) => [reason, bytes.length])).toEqual([
      ['oversized', 65_536],
      ['bad_encoding', 65_536],
    ]);
    expect(found.quarantined[0]?.bytes.toString().endsWith('€')).toBe(true);
    expect(found.quarantined.map(({ isText }) => isText)).toEqual([true, false]);
  });
});
