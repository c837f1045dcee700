import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readDouble, readMoney, readWhole } from '../../src/ingest/exact-number.ts';
import { kinds } from '../../src/ingest/json-scanner.ts';
import { ObjectReader } from '../../src/ingest/object-reader.ts';
import { dateOf, TimestampReader } from '../../src/ingest/timestamp-reader.ts';

const reader = new ObjectReader({ names: ['a', 'b', 'c'], container: { name: 'c', names: ['a', 'd'] } });

/** Reads a text that other bytes stand around, as a line within a block does. */
function read(text: string): boolean {
  const bytes = Buffer.from(`"}]${text}"}]0`);
  return reader.read(bytes, 3, bytes.length - 4);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

const name = fc.constantFrom('a', 'b', 'c', 'd', 'e', '', '\u0061', 'é');
const anyValue = fc.oneof(
  fc.constantFrom(
    'null',
    'true',
    'false',
    '0',
    '-0',
    '1.5e3',
    '1e400',
    '""',
    '"\\u0061\\n"',
    '"\\ud83d\\ude00"',
    '[]',
    '{}',
    '[1,{"a":[]}]',
  ),
  fc.json(),
  fc.string().map((text) => JSON.stringify(text)),
  fc.double().map(String),
);
const space = fc.constantFrom('', '', '', ' ', '\t', '\r', ' \r ');
const members = (inner: fc.Arbitrary<string>) =>
  fc
    .array(fc.tuple(space, name, space, inner, space), { maxLength: 5 })
    .map(
      (all) =>
        `{${all.map(([s, key, t, json, u]) => `${s}${JSON.stringify(key)}${t}:${json}${u}`).join(',')}}`,
    );
const text = members(
  fc.oneof({ weight: 3, arbitrary: anyValue }, { weight: 1, arbitrary: members(anyValue) }),
);
const spoiled = fc
  .tuple(
    text,
    fc.nat(200),
    fc.constantFrom(
      '',
      '"',
      '\\',
      ',',
      ':',
      '{',
      '}',
      '[',
      ']',
      '0',
      '-',
      '.',
      'e',
      ' ',
      'x',
      '\u0000',
      '\u001f',
    ),
  )
  .map(
    ([whole, at, put]) =>
      whole.slice(0, at % (whole.length + 1)) + put + whole.slice((at % (whole.length + 1)) + 1),
  );

describe('ObjectReader', () => {
  it('takes what JSON.parse takes as an object, but for names that stand twice and halves of surrogate pairs', () => {
    let [taken, refused] = [0, 0];
    fc.assert(
      fc.property(fc.oneof(text, spoiled), (json) => {
        if (!json.isWellFormed()) return;
        const parsed = parse(json);
        const isTaken = read(json);
        if (isTaken) taken += 1;
        else refused += 1;
        const isObject = typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
        if (isTaken) expect(isObject).toBe(true);
        else if (parsed === undefined) expect(reader.fault).toMatch(/^not JSON|stands twice/);
        else if (isObject) expect(reader.fault).toMatch(/stands twice|half of a surrogate pair/);
        else expect(reader.fault).toMatch(/not an object|half of a surrogate pair/);
      }),
      { numRuns: 6000 },
    );
    expect(Math.min(taken, refused)).toBeGreaterThan(1000);
  });

  it('finds the values that JSON.parse finds', () => {
    const slots = [
      ['a', 0],
      ['b', 1],
    ] as const;
    fc.assert(
      fc.property(text, (json) => {
        if (!read(json)) return;
        const parsed = parse(json) as Record<string, unknown>;
        for (const [key, slot] of slots)
          expect(valueOf(slot)).toEqual(Object.hasOwn(parsed, key) ? parsed[key] : undefined);
        const inner = parsed['c'];
        const isObject = typeof inner === 'object' && inner !== null && !Array.isArray(inner);
        const own = (key: string) =>
          isObject && Object.hasOwn(inner, key) ? Reflect.get(inner, key) : undefined;
        expect([valueOf(3), valueOf(4)]).toEqual([own('a'), own('d')]);
        const strange = Object.keys(parsed).filter((key) => !['a', 'b', 'c'].includes(key));
        const strangeInside = isObject ? Object.keys(inner).filter((key) => !['a', 'd'].includes(key)) : [];
        expect([...reader.unknown].sort()).toEqual(
          [...strange.map((key) => `field ${key}`), ...strangeInside.map((key) => `property ${key}`)].sort(),
        );
      }),
      { numRuns: 3000 },
    );
  });
});

function valueOf(slot: number): unknown {
  const kind = reader.kinds[slot];
  if (kind === kinds.absent) return undefined;
  if (kind === kinds.text) return reader.textOf(slot);
  return JSON.parse(reader.textOf(slot));
}

describe('numbers from their own digits', () => {
  const digits = fc.tuple(
    fc.constantFrom('', '-'),
    fc.bigInt({ min: 0n, max: 10n ** 24n }),
    fc.integer({ min: -12, max: 12 }),
    fc.boolean(),
  );
  /** The same value, with a point or with an exponent. */
  const write = ([sign, units, exponent, pointed]: [string, bigint, number, boolean]) => {
    if (!pointed || exponent >= 0) return `${sign}${units}e${exponent}`;
    const padded = String(units).padStart(1 - exponent, '0');
    return `${sign}${padded.slice(0, exponent)}.${padded.slice(exponent)}`;
  };

  it('are rounded half to even, to four decimals', () => {
    fc.assert(
      fc.property(digits, (parts) => {
        const [sign, units, exponent] = parts;
        const [scaled, divisor] = [
          units * 10n ** BigInt(Math.max(0, exponent + 4)),
          10n ** BigInt(Math.max(0, -exponent - 4)),
        ];
        const [whole, rest] = [scaled / divisor, (scaled % divisor) * 2n];
        const rounded = rest > divisor || (rest === divisor && whole % 2n === 1n) ? whole + 1n : whole;
        const found = readMoney(write(parts));
        const fits = rounded < 10n ** 18n;
        const signed = sign === '-' ? -rounded : rounded;
        expect(found === null ? null : BigInt(found.replace('.', ''))).toBe(fits ? signed : null);
      }),
      { numRuns: 2000 },
    );
  });

  it('are whole when nothing is left behind the point, and fit 64 bits', () => {
    fc.assert(
      fc.property(digits, (parts) => {
        const [sign, units, exponent] = parts;
        const divisor = 10n ** BigInt(Math.max(0, -exponent));
        const magnitude = units * 10n ** BigInt(Math.max(0, exponent));
        const value = (sign === '-' ? -magnitude : magnitude) / divisor;
        const fits = magnitude % divisor === 0n && BigInt.asIntN(64, value) === value;
        expect(readWhole(write(parts))).toBe(fits ? String(value) : null);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['1e999999999999999999999', null, null, null],
    ['-1e999999999999999999999', null, null, null],
    ['1e-999999999999999999999', null, '0.0000', '0'],
    ['0e999999999999999999999', '0', '0.0000', '0'],
    ['-0', '0', '0.0000', '0'],
    [`1${'0'.repeat(100_000)}`, null, null, null],
    [`0.${'9'.repeat(100_000)}`, null, '1.0000', '1'],
  ])('%.30s has its limits', (json, whole, money, double) => {
    expect([readWhole(json), readMoney(json), readDouble(json)]).toEqual([whole, money, double]);
  });
});

describe('TimestampReader', () => {
  const timestamps = new TimestampReader('reject');
  const instant = fc.date({
    min: new Date('0001-01-02T00:00:00Z'),
    max: new Date('9998-12-30T00:00:00Z'),
    noInvalidDate: true,
  });

  it('reads every instant in every offset as what Date says', () => {
    fc.assert(
      fc.property(
        instant,
        fc.integer({ min: -1439, max: 1439 }),
        fc.boolean(),
        fc.nat(999),
        (at, offset, colon, micros) => {
          const sign = offset < 0 ? '-' : '+';
          const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60].map((n) =>
            String(n).padStart(2, '0'),
          );
          const local = new Date(at.getTime() + offset * 60_000).toISOString().slice(0, -1);
          const bytes = Buffer.from(
            `${local}${String(micros).padStart(3, '0')}${sign}${hours}${colon ? ':' : ''}${minutes}`,
          );
          expect(timestamps.read(bytes, 0, bytes.length)).toBe(true);
          expect(timestamps.text).toBe(`${at.toISOString().slice(0, -1)}${String(micros).padStart(3, '0')}`);
          expect(dateOf(timestamps.day)).toBe(at.toISOString().slice(0, 10));
          const zulu = Buffer.from(at.toISOString());
          expect([timestamps.read(zulu, 0, zulu.length), timestamps.text]).toEqual([true, '']);
          expect(dateOf(timestamps.day)).toBe(at.toISOString().slice(0, 10));
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('takes a time without an offset only where that is UTC', () => {
    const bytes = Buffer.from('2026-01-05T10:00:00.5');
    const naive = new TimestampReader('utc');
    expect(timestamps.read(bytes, 0, bytes.length)).toBe(false);
    expect([naive.read(bytes, 0, bytes.length), naive.text]).toEqual([true, '2026-01-05T10:00:00.500000']);
  });
});
