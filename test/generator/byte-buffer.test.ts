import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ByteBuffer } from '../../src/generator/byte-buffer.ts';

function written(write: (out: ByteBuffer) => void): string {
  const out = new ByteBuffer();
  write(out);
  return out.toString();
}

it('writes numbers as JSON does', () => {
  fc.assert(
    fc.property(fc.nat(), fc.constantFrom(1, 10, 10_000), (value, unit) => {
      expect(written((out) => out.whole(value))).toBe(String(value));
      expect(written((out) => out.decimal(value, unit))).toBe(JSON.stringify(value / unit));
    }),
  );
  expect(written((out) => out.decimal(99_999_999_999_999, 10_000))).toBe('9999999999.9999');
});

it('writes times of day as ISO 8601 does', () => {
  fc.assert(
    fc.property(fc.nat(86_399_999), (at) => {
      const text = written((out) => {
        out.text('at HH:MM:SS.mmmZ');
        out.timeAt(3, at);
      });
      expect(text).toBe(`at ${new Date(at).toISOString().slice(11)}`);
    }),
  );
});

it('keeps what was written when it grows', () => {
  const text = written((out) => {
    for (let n = 0; n < 300_000; n += 1) {
      out.reserve(10);
      out.whole(n);
      out.put(Buffer.from(','));
    }
  });
  expect(text).toBe(Array.from({ length: 300_000 }, (_, n) => `${n},`).join(''));
});
