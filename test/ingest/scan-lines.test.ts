import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AsideLine, scanLines } from '../../src/ingest/scan-lines.ts';

const limits = { maxLineBytes: 64, keepBytes: 16 };

interface Scanned {
  readonly lines: number;
  readonly bytes: number;
  readonly written: string[];
  readonly places: [number, number][];
  readonly aside: AsideLine[];
}

async function scan(chunks: readonly Uint8Array[]): Promise<Scanned> {
  const places: [number, number][] = [];
  const aside: AsideLine[] = [];
  let text = '';
  const sink = {
    write: (bytes: Uint8Array) => void (text += Buffer.from(bytes).toString('utf8')),
    locate: (line: number, offset: number) => void places.push([line, offset]),
    setAside: (line: AsideLine) => void aside.push(line),
  };
  async function* source() {
    yield* chunks;
  }
  const count = await scanLines(source(), sink, limits);
  return { ...count, written: text.split('\n').slice(0, -1), places, aside };
}

const scanText = (text: string) => scan([Buffer.from(text)]);

describe('scanLines', () => {
  it('takes a last line without an end, CRLF, blank lines and a byte order mark', async () => {
    const found = await scanText('\ufeff{"a":1}\r\n\n  \t\r\n{"b":2}\n{"c":3}');
    expect(found.written).toEqual(['{"a":1}', '{"b":2}', '{"c":3}']);
    expect(found.places).toEqual([
      [1, 3],
      [4, 18],
      [5, 26],
    ]);
    expect([found.lines, found.bytes]).toEqual([3, 33]);
  });

  it('sets aside bytes that are not UTF-8, with the bytes themselves', async () => {
    const found = await scan([
      Buffer.concat([Buffer.from('{}\n'), Buffer.from([0x22, 0xff, 0xfe, 0x22]), Buffer.from('\n{}\n')]),
    ]);
    expect(found.written).toEqual(['{}', '{}']);
    expect(found.aside).toMatchObject([
      { reason: 'bad_encoding', lineNumber: 2, byteOffset: 3, rawBytes: 4 },
    ]);
    expect(found.aside[0]?.raw).toEqual(Buffer.from([0x22, 0xff, 0xfe, 0x22]));
  });

  it('sets aside lines over the limit, keeps their beginning and tells their length', async () => {
    const found = await scanText(`${'x'.repeat(64)}\n${'y'.repeat(65)}\n${'z'.repeat(5000)}`);
    expect(found.written).toEqual(['x'.repeat(64)]);
    expect(found.aside).toMatchObject([
      { reason: 'oversized', lineNumber: 2, byteOffset: 65, rawBytes: 65 },
      { reason: 'oversized', lineNumber: 3, byteOffset: 131, rawBytes: 5000 },
    ]);
    expect(found.aside[1]?.raw.toString()).toBe('z'.repeat(16));
  });

  it.each(['\u0000', '\u0001', '\u0002'])(
    'sets aside a line with the control character %j',
    async (character) => {
      const found = await scanText(`{}\n{"a":"${character}"}\n{}\n`);
      expect(found.aside).toMatchObject([{ reason: 'malformed', lineNumber: 2 }]);
      expect(found.written).toHaveLength(2);
    },
  );

  it('reads a carriage return between tokens as the blank that it is in JSON, and refuses it inside a text', async () => {
    const found = await scanText('{"a":\r1}\n{"a":"\r"}\n');
    expect(found.written).toEqual(['{"a": 1}']);
    expect(found.aside).toMatchObject([{ reason: 'malformed', lineNumber: 2 }]);
  });

  it('counts each line that is not blank once, however the bytes are cut, and places it where it stands', async () => {
    const piece = fc.oneof(
      fc.constantFrom('{}', '{"a":"é"}', '', ' ', '\u0001', 'x'.repeat(70), '{"k":\r1}'),
      fc.string({ maxLength: 12 }).map((text) => text.replaceAll(/[\n\r]/g, '')),
    );
    const end = fc.constantFrom('\n', '\r\n');
    const lines = fc.array(fc.tuple(piece, end), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(lines, fc.array(fc.nat(200), { maxLength: 6 }), async (parts, cuts) => {
        const whole = Buffer.from(parts.map(([text, ending]) => text + ending).join(''));
        const places = [...new Set([0, ...cuts.filter((cut) => cut < whole.length), whole.length])].sort(
          (a, b) => a - b,
        );
        const chunks = places.slice(1).map((to, n) => whole.subarray(places[n], to));
        const [inPieces, atOnce] = [await scan(chunks), await scan([whole])];
        expect(inPieces).toEqual(atOnce);
        const wanted = parts.filter(([text]) => /[^ \t\r]/.test(text)).length;
        expect(atOnce.lines).toBe(wanted);
        expect(atOnce.places.length + atOnce.aside.length).toBe(wanted);
        expect(atOnce.written).toHaveLength(atOnce.places.length);
        for (const { byteOffset, raw } of atOnce.aside) {
          expect(whole.subarray(byteOffset, byteOffset + raw.length)).toEqual(raw);
        }
      }),
      { numRuns: 300 },
    );
  });
});
