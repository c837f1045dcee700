import { isUtf8 } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { KeptLine } from '../../src/domain/kept-line.ts';
import { mendLine } from '../../src/ingest/mend-line.ts';
import { readEntry } from '../../src/ingest/mended-entry.ts';
import { offerLine } from '../../src/ingest/offer-line.ts';

const columns = ['event_id', 'player_id', 'event_type', 'timestamp', 'properties'];

function kept(bytes: Buffer | string, parts: Partial<KeptLine> = {}): KeptLine {
  const raw = Buffer.from(bytes);
  const isText = isUtf8(raw);
  return {
    object: 'raw/dt=2026-01-05/a.ndjson',
    line: 3,
    offset: 120,
    reason: 'wrong_type',
    detail: 'properties.level is "3"',
    raw: isText ? raw.toString('utf8') : null,
    rawBase64: isText ? null : raw.toString('base64'),
    rawBytes: raw.length,
    ...parts,
  };
}

/** What comes back when a person edits the text of a line that was taken out. */
function mend(
  line: KeptLine,
  edit: (text: string) => string = (text) => text,
  header: readonly string[] | null = null,
): string | null {
  const entry = readEntry(Buffer.from(edit(offerLine(line, header))), 1);
  return mendLine(entry, line, header)?.toString('utf8') ?? null;
}

const anyLine = fc
  .uint8Array({ minLength: 1, maxLength: 60 })
  .map((bytes) => Buffer.from(bytes.filter((byte) => byte !== 10)))
  .filter((bytes) => bytes.length > 0);

/** JSON numbers that a double does not hold as they are written. */
const oddNumbers = fc.constantFrom(
  '4.990',
  '9007199254740993',
  '1e400',
  '-0',
  '-0.0',
  '1E+2',
  '0.10000000000000001',
);

/** Objects as text, with odd numbers, blanks and escapes. */
const anyObject = fc
  .tuple(fc.dictionary(fc.string(), fc.json()), oddNumbers, fc.constantFrom('', ' ', '\t', '  '))
  .map(([members, number, blank]) => {
    const parts = Object.entries(members).map(
      ([name, json]) => `${JSON.stringify(name)}${blank}:${blank}${json}`,
    );
    return `{${blank}${[...parts, `"\\u0041 number"${blank}: ${number}`].join(`,${blank}`)}${blank}}`;
  });

describe('a line that is taken out and not edited', () => {
  it('is unchanged, whatever its bytes are', () => {
    fc.assert(
      fc.property(anyLine, fc.constantFrom(null, columns), (bytes, header) => {
        const entry = readEntry(Buffer.from(offerLine(kept(bytes), header)), 1);
        expect(entry.from).toEqual({ object: 'raw/dt=2026-01-05/a.ndjson', line: 3, offset: 120 });
        expect(mendLine(entry, kept(bytes), header)).toBeNull();
      }),
    );
  });

  it('holds every byte of the line', () => {
    fc.assert(
      fc.property(anyLine, (bytes) => {
        const taken = JSON.parse(offerLine(kept(bytes), null)) as {
          raw?: string;
          raw_base64?: string;
          event?: unknown;
        };
        if (taken.event !== undefined) expect(taken.event).toEqual(JSON.parse(bytes.toString('utf8')));
        else if (taken.raw_base64 !== undefined)
          expect(Buffer.from(taken.raw_base64, 'base64')).toEqual(bytes);
        else expect(Buffer.from(taken.raw ?? '')).toEqual(bytes);
      }),
    );
  });

  it('is one line of JSON with the very text of the event in it', () => {
    fc.assert(
      fc.property(anyObject, (text) => {
        const taken = offerLine(kept(text), null);
        expect(taken).not.toMatch(/[\n\r]/);
        expect(taken.endsWith(`"event":${text}}`)).toBe(true);
        expect(readEntry(Buffer.from(taken), 1).event).toBe(text);
      }),
    );
  });
});

describe('a mended line', () => {
  it('is the text of its event, every number as it is written', () => {
    fc.assert(
      fc.property(anyObject, anyLine, (text, original) => {
        const taken = { from: { object: 'x', line: 1 } };
        const edited = `${JSON.stringify(taken).slice(0, -1)}, "event" : ${text} }`;
        const line = mendLine(readEntry(Buffer.from(edited), 1), kept(original), null);
        fc.pre(line !== null);
        expect(line?.toString('utf8')).toBe(text);
      }),
    );
  });

  it('keeps the numbers of the other properties when one is edited', () => {
    const text =
      '{"event_id":"e","properties":{"amount":4.990,"id":9007199254740993,"big":1e400,"level":"3"}}';
    const mended = mend(kept(text), (taken) => taken.replace('"level":"3"', '"level":3'));
    expect(mended).toBe(text.replace('"level":"3"', '"level":3'));
  });

  it('is unchanged when only blanks and escapes differ, and changed when a number is written in another way', () => {
    const line = kept('{"a":"ü\\u0041","b":[1.0, 2]}');
    expect(mend(line, (taken) => taken.replace('{"a":"ü\\u0041"', '{ "a" : "\\u00fcA"'))).toBeNull();
    expect(mend(line, (taken) => taken.replace('1.0', '1'))).toBe('{"a":"ü\\u0041","b":[1, 2]}');
  });

  it('is the event when one is written beside or instead of the raw text', () => {
    const line = kept('ERROR nothing', { reason: 'malformed' });
    expect(mend(line, (taken) => taken.replace(/}$/, ',"event":{"a":1}}'))).toBe('{"a":1}');
    expect(mend(line, (taken) => taken.replace(/"raw":.*$/, '"event":{"a":1}}'))).toBe('{"a":1}');
    expect(mend(line, (taken) => taken.replace('ERROR nothing', '{\\"a\\":2}'))).toBe('{"a":2}');
  });

  it('takes bytes that are no UTF-8 as text with a � for each, to be written over', () => {
    const line = kept(Buffer.from('{"name":"M\xfcller"}', 'latin1'), { reason: 'bad_encoding' });
    const taken = offerLine(line, null);
    expect(JSON.parse(taken)).toMatchObject({ raw: '{"name":"M�ller"}', raw_base64: line.rawBase64 });
    expect(mend(line, (text) => text.replace('�', 'ü'))).toBe('{"name":"Müller"}');
    expect(() => mend(line, (text) => text.replace('name', 'nick'))).toThrow(/"raw" still has a �/);
    const base64 = Buffer.from('{"name":"Muller"}').toString('base64');
    expect(mend(line, (text) => text.replace(line.rawBase64 ?? '', base64))).toBe('{"name":"Muller"}');
  });

  it('takes a row of CSV as an event, and a mended one back as one', () => {
    const row = 'e-1,p-1,purchase,2026-01-05T10:00:00Z,"{""amount"": 4.990,\n ""currency"":""USD""}"';
    const line = kept(row, { object: 'raw/dt=2026-01-05/a.csv' });
    const event =
      '{"event_id":"e-1","player_id":"p-1","event_type":"purchase","timestamp":"2026-01-05T10:00:00Z","properties":{"amount": 4.990,  "currency":"USD"}}';
    expect(offerLine(line, columns)).toContain(`"event":${event}}`);
    expect(mend(line, undefined, columns)).toBeNull();
    expect(mend(line, (taken) => taken.replace('4.990', '4.5'), columns)).toBe(event.replace('4.990', '4.5'));
  });

  it('takes a row of CSV without the right columns as raw text', () => {
    const line = kept('e-1,p-1,purchase', { reason: 'malformed' });
    expect(JSON.parse(offerLine(line, columns))).toMatchObject({ raw: 'e-1,p-1,purchase' });
    const whole = 'e-1,p-1,session_start,2026-01-05T10:00:00Z,';
    expect(mend(line, (taken) => taken.replace('e-1,p-1,purchase', whole), columns)).toBe(
      '{"event_id":"e-1","player_id":"p-1","event_type":"session_start","timestamp":"2026-01-05T10:00:00Z","properties":null}',
    );
    expect(() => mend(line, (taken) => taken.replace('purchase', 'x'), columns)).toThrow(
      /not a row of CSV with the columns event_id, player_id/,
    );
  });

  it('whose original was not kept whole has to be an event', () => {
    const line = kept('{"event_id":"aaaa', { reason: 'oversized', rawBytes: 2_000_000 });
    expect(JSON.parse(offerLine(line, null))).toMatchObject({ incomplete: true, raw_bytes: 2_000_000 });
    expect(mend(line)).toBeNull();
    expect(() => mend(line, (taken) => taken.replace('aaaa', 'bbbb'))).toThrow(
      /only the first 17 of its 2000000 bytes are kept.*write the whole event as "event"/,
    );
    expect(mend(line, (taken) => taken.replace(/}$/, ',"event":{"event_id":"a"}}'))).toBe('{"event_id":"a"}');
  });

  it.each([
    ['two lines', 'a\\nb', /a line end in it/],
    ['nothing', ' \\t', /"raw" is blank/],
  ])('can’t be %s', (_, raw, message) => {
    const line = kept('nope', { reason: 'malformed' });
    expect(() => mend(line, (taken) => taken.replace('nope', raw))).toThrow(message);
  });

  it('of a very long event is read in a moment', () => {
    const long = JSON.stringify({ event_id: 'x'.repeat(20_000_000) });
    const line = kept(long, { reason: 'oversized' });
    expect(mend(line, (taken) => taken.replace('{"event_id"', '{ "event_id"'))).toBeNull();
  });
});

describe('a line of an edited file', () => {
  const from = '"from":{"object":"raw/dt=2026-01-05/a.ndjson","line":3}';
  it.each([
    ['nothing of ours', '{"event_id":"e-1"}', /there is no "from".*To land new events: questline land/],
    ['the beginning of an array', '[', /not JSON.*one entry a line/],
    ['a text', '"x"', /JSON, but not an object/],
    ['two objects', `{${from}}{${from}}`, /not JSON/],
    ['a slip', `{${from},"evnt":{}}`, /"evnt" is not known; expected from, reason, detail, event/],
    ['a slip in from', '{"from":{"object":"x","lin":3}}', /"lin" is not known/],
    ['an event twice', `{${from},"event":{},"event":{}}`, /the field event stands twice/],
    ['an event as text', `{${from},"event":"{}"}`, /"event" is {}; expected an object/],
    ['an event as a list', `{${from},"event":[1]}`, /"event" is \[1\]; expected an object/],
    ['a line of 0', '{"from":{"object":"x","line":0}}', /the line 0; expected a number from 1/],
    ['no line', '{"from":{"object":"x"}}', /no "line"/],
    ['no object', '{"from":{"line":1}}', /"from" has no "object"/],
    ['a place as text', '{"from":"x:1","event":{}}', /"from" is x:1; expected an object/],
    ['half a surrogate pair', `{${from},"event":{"a":"\\ud800"}}`, /half of a surrogate pair/],
  ])('is refused: %s', (_, text, message) => {
    expect(() => readEntry(Buffer.from(text), 1)).toThrow(message);
  });

  it('says neither event nor raw: refused', () => {
    const entry = readEntry(Buffer.from(`{${from},"event":null}`), 1);
    expect(() => mendLine(entry, kept('x'), null)).toThrow(/neither "event" nor "raw"/);
  });

  it('is not base64: refused', () => {
    const entry = readEntry(Buffer.from(`{${from},"raw_base64":"?"}`), 1);
    expect(() => mendLine(entry, kept('x'), null)).toThrow(/not base64/);
  });
});
