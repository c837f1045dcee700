import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CsvRow } from '../../src/ingest/csv-row.ts';
import { CsvScanner } from '../../src/ingest/scan-csv.ts';
import { LineScanner } from '../../src/ingest/scan-lines.ts';
import {
  type AsideRecord,
  type Place,
  type RecordScanner,
  scanRecords,
} from '../../src/ingest/scan-records.ts';

const limits = { maxLineBytes: 40, keepBytes: 90, beginningBytes: 16 };

interface Taken extends Place {
  readonly what: string;
  readonly raw: string;
  readonly rawBytes: number;
  readonly fields?: readonly string[];
}

type Format = 'lines' | 'csv';

function makeScanner(format: Format, taken: Taken[]): RecordScanner {
  const setAside = ({ reason, detail, raw, rawBytes, lineNumber, byteOffset }: AsideRecord) =>
    void taken.push({
      what: `${reason}: ${detail}`,
      raw: raw.toString('latin1'),
      rawBytes,
      lineNumber,
      byteOffset,
    });
  const note = (bytes: Buffer, start: number, end: number, place: Readonly<Place>, fields?: string[]) => {
    const raw = bytes.toString('latin1', start, end);
    taken.push({
      what: 'read',
      raw,
      rawBytes: end - start,
      ...place,
      ...(fields === undefined ? {} : { fields }),
    });
  };
  if (format === 'lines') return new LineScanner({ line: note, setAside }, limits);
  const row = (fields: CsvRow, bytes: Buffer, start: number, end: number, place: Readonly<Place>) =>
    note(
      bytes,
      start,
      end,
      place,
      Array.from({ length: fields.count }, (_, n) => fields.textOf(n)),
    );
  return new CsvScanner({ header: () => {}, row, setAside }, limits);
}

async function scan(
  format: Format,
  whole: Buffer,
  pieces: readonly Buffer[],
  blockBytes?: number,
): Promise<Taken[]> {
  const taken: Taken[] = [];
  async function* source() {
    yield* pieces;
  }
  const scanner = makeScanner(format, taken);
  const count = await scanRecords(source(), scanner, async () => {}, blockBytes);
  expect(count).toEqual({ lines: taken.length, bytes: whole.length });
  return taken;
}

function cut(whole: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [...new Set([0, ...cuts.filter((at) => at < whole.length), whole.length])].sort(
    (a, b) => a - b,
  );
  return places.slice(1).map((to, n) => whole.subarray(places[n], to));
}

const lineEnd = fc.constantFrom('\n', '\r\n', '\n', '\r');
const piece = fc.oneof(
  fc.constantFrom(
    '{}',
    'a,b',
    '"a","b"',
    '"a\nb",c',
    '"a""b",c',
    '"',
    'x"y',
    ',',
    '',
    ' ',
    '\u00ff',
    'x'.repeat(45),
    'y'.repeat(100),
    '\u00e2\u0082',
  ),
  fc.string({ maxLength: 6 }),
);
const object = fc
  .array(fc.tuple(piece, lineEnd), { maxLength: 14 })
  .map((parts) => Buffer.from(`a,b\n${parts.map(([text, end]) => text + end).join('')}`, 'latin1'));
const sizes = fc.record({
  cuts: fc.array(fc.nat(200), { maxLength: 8 }),
  blockBytes: fc.integer({ min: 1, max: 64 }),
});

describe.each(['lines', 'csv'] as const)('scanning %s', (format) => {
  it('gives the same records however the bytes come', async () => {
    await fc.assert(
      fc.asyncProperty(object, sizes, async (whole, { cuts, blockBytes }) => {
        const atOnce = await scan(format, whole, [whole]);
        expect(await scan(format, whole, cut(whole, cuts), blockBytes)).toEqual(atOnce);
        expect(
          await scan(
            format,
            whole,
            [...whole].map((byte) => Buffer.of(byte)),
            1,
          ),
        ).toEqual(atOnce);
      }),
      { numRuns: 500 },
    );
  });

  it('leaves nothing out but line ends and blanks, and places each record where it stands', async () => {
    await fc.assert(
      fc.asyncProperty(object, async (whole) => {
        let at = format === 'csv' ? 4 : 0;
        for (const { byteOffset, raw, rawBytes, lineNumber } of await scan(format, whole, [whole])) {
          expect(whole.toString('latin1', at, byteOffset).trim()).toBe('');
          const stands = whole.toString('latin1', byteOffset, byteOffset + rawBytes);
          expect(raw).toBe(rawBytes > limits.keepBytes ? stands.slice(0, raw.length) : stands);
          const before = whole.toString('latin1', 0, byteOffset);
          const ends = before.match(format === 'csv' ? /\r\n|\n|\r/g : /\n/g) ?? [];
          expect(lineNumber).toBe(ends.length + 1);
          at = byteOffset + rawBytes;
        }
        expect(whole.toString('latin1', at).trim()).toBe('');
      }),
      { numRuns: 500 },
    );
  });
});

describe('CSV', () => {
  it('gives back the fields that were written', async () => {
    const field = fc.oneof(
      fc.string({ maxLength: 6 }),
      fc.constantFrom('"', ',', '\n', '\r\n', '""', 'a"b', 'é'),
    );
    const rows = fc.array(fc.tuple(field, field), { maxLength: 6 });
    const ends = fc.constantFrom('\n', '\r\n', '\r');
    await fc.assert(
      fc.asyncProperty(rows, ends, fc.boolean(), async (written, end, quotesAll) => {
        const quote = (text: string) =>
          quotesAll || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
        const lines = written.map((row) => row.map(quote).join(','));
        const whole = Buffer.from(['a,b', ...lines].map((line) => line + end).join(''));
        const taken = await scan('csv', whole, [whole], 7);
        const short = lines.map((line) => Buffer.byteLength(line) <= limits.maxLineBytes);
        expect(taken.filter(({ what }) => what === 'read').map(({ fields }) => fields)).toEqual(
          written.filter((_, n) => short[n]),
        );
      }),
      { numRuns: 300 },
    );
  });
});
