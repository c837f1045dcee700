import { makeEvent } from '../support/events.ts';

/** One hostile object, and what has to become of it. */
export interface HostileCase {
  readonly name: string;
  readonly bytes: Buffer;
  /** `ndjson` if not given. */
  readonly suffix?: string;
  /** Lines by what becomes of them; `accepted` or a reason. */
  readonly ledger: Readonly<Record<string, number>>;
  /** Parts of the details of the quarantined lines, in order. */
  readonly details?: readonly string[];
  /** Values of the accepted rows, in order. */
  readonly values?: readonly Readonly<Record<string, unknown>>[];
}

const MALFORMED = { malformed: 1 };
const ACCEPTED = { accepted: 1 };
const good = JSON.stringify(makeEvent());

/** A good line whose properties are this text. */
export function withProperties(type: string, properties: string): string {
  return `{"event_id":"e-1","player_id":"p-1","event_type":"${type}","timestamp":"2026-01-05T10:00:00Z","properties":${properties}}`;
}

/** A good line in which an unknown field has this text as its value. */
const withUnknown = (json: string) => good.replace('{', `{"extra":${json},`);
const withText = (json: string) => withProperties('ad_watched', `{"placement":${json}}`);
const withLevel = (json: string) => withProperties('level_start', `{"level":${json}}`);
const withAmount = (json: string) => withProperties('purchase', `{"amount":${json}}`);
const withSeconds = (json: string) =>
  withProperties('session_end', `{"session_id":"s","duration_s":${json}}`);
const at = (timestamp: string) => JSON.stringify(makeEvent({ timestamp }));

type Named = readonly (readonly [name: string, line: string | Buffer])[];

function each(group: string, lines: Named, rest: Omit<HostileCase, 'name' | 'bytes'>): HostileCase[] {
  return lines.map(([name, line]) => ({ name: `${group}: ${name}`, bytes: Buffer.from(line), ...rest }));
}

const notJson = each(
  'not JSON',
  [
    ['a trailing comma in an object', `${good.slice(0, -1)},}`],
    ['a trailing comma in an array', withUnknown('[1,]')],
    ['a comma before the first member', good.replace('{', '{,')],
    ['two commas', good.replace(',', ',,')],
    ['a lone comma in an array', withUnknown('[,]')],
    ['a missing comma', good.replace('","player_id', '" "player_id')],
    ['a missing colon', good.replace(':', ' ')],
    ['two colons', good.replace(':', '::')],
    ['a semicolon for a colon', good.replace(':', ';')],
    ['NaN', withUnknown('NaN')],
    ['nan', withUnknown('nan')],
    ['-NaN', withUnknown('-NaN')],
    ['Infinity', withUnknown('Infinity')],
    ['-Infinity', withUnknown('-Infinity')],
    ['inf', withUnknown('inf')],
    ['NaN where a number is wanted', withSeconds('NaN')],
    ['undefined', withUnknown('undefined')],
    ['True', withUnknown('True')],
    ['nul', withUnknown('nul')],
    ['nulll', withUnknown('nulll')],
    ['a number with a plus', withUnknown('+1')],
    ['a number with a leading zero', withUnknown('01')],
    ['a negative number with a leading zero', withUnknown('-012')],
    ['a number that begins with its point', withUnknown('.5')],
    ['a number that ends with its point', withUnknown('5.')],
    ['a point before the exponent', withUnknown('1.e3')],
    ['an exponent without digits', withUnknown('1e')],
    ['an exponent with a sign alone', withUnknown('1e+')],
    ['a minus alone', withUnknown('-')],
    ['two minuses', withUnknown('--1')],
    ['a hexadecimal number', withUnknown('0x1F')],
    ['a number with a separator', withUnknown('1_000')],
    ['two points', withUnknown('1.2.3')],
    ['digits of another script', withUnknown('１')],
    ['single quotation marks', good.replaceAll('"', "'")],
    ['a name without quotation marks', good.replace('"event_id"', 'event_id')],
    ['a number for a name', good.replace('"event_id"', '1')],
    ['null for a name', good.replace('"event_id"', 'null')],
    ['a comment', good.replace('{', '{/* */')],
    ['a comment to the end', `${good} // why`],
    ['an unknown escape', withText('"\\x41"')],
    ['an escaped apostrophe', withText(`"\\'"`)],
    ['an escape of capital U', withText('"\\U0041"')],
    ['a short unicode escape', withText('"\\u004"')],
    ['a unicode escape with a letter', withText('"\\u00g0"')],
    ['a backslash before the end of a text', withText('"\\"')],
    ['a text that is not closed', withText('"open')],
    ['a tab in a text', withText('"a\tb"')],
    ['a NUL in a text', withText('"a\u0000b"')],
    ['a unit separator in a text', withText('"a\u001fb"')],
    ['a carriage return in a text', withText('"a\rb"')],
    ['an escape character in a text', withText('"\u001b[31m"')],
    ['a control character as the text of a name', good.replace('event_id', 'event\u0001id')],
    ['a NUL between tokens', good.replace(',', '\u0000,')],
    ['a NUL behind the object', `${good}\u0000`],
    ['a form feed between tokens', good.replace(',', '\f,')],
    ['a vertical tab between tokens', good.replace(',', '\v,')],
    ['a no-break space between tokens', good.replace(',', '\u00a0,')],
    ['a line separator between tokens', good.replace(',', '\u2028,')],
    ['a byte order mark in the middle', good.replace(',', ',\ufeff')],
    ['a brace too few', good.slice(0, -1)],
    ['a brace too many', `${good}}`],
    ['a bracket for a brace', `${good.slice(0, -1)}]`],
    ['a brace for a bracket', withUnknown('[1}')],
    ['two objects on a line', good + good],
    ['two objects on a line, with a comma', `${good},${good}`],
    ['an object and a word', `${good} x`],
    ['the beginning of a line', good.slice(0, 40)],
    ['an opening brace', '{'],
    ['an opening bracket', '['],
    ['a quotation mark', '"'],
    ['a closing brace', '}'],
    ['a text of a log', 'ERROR connection reset by peer'],
    ['a line of CSV', 'e-1,p-1,level_start,2026-01-05T10:00:00Z,{}'],
    ['YAML', 'event_id: e-1'],
    ['an HTML page', '<html><body>502 Bad Gateway</body></html>'],
    ['200,000 open brackets', '['.repeat(200_000)],
    ['200,000 open objects', '{"a":'.repeat(200_000)],
  ],
  { ledger: MALFORMED, details: ['not JSON'] },
);

const surrogates = each(
  'half a surrogate pair',
  [
    ['the first alone', withText('"\\ud800"')],
    ['the second alone', withText('"\\udc00"')],
    ['the wrong way round', withText('"\\udc00\\ud800"')],
    ['two first ones', withText('"\\ud83d\\ud83d"')],
    ['the first before a letter', withText('"\\ud83dx"')],
    ['the first before another escape', withText('"\\ud83d\\n"')],
    ['in an unknown field', withUnknown('"\\ud800"')],
    ['in a name', good.replace('{', '{"\\udfff":1,')],
  ],
  { ledger: MALFORMED, details: ['half of a surrogate pair'] },
);

const noObject = each(
  'JSON, but not an object',
  [
    ['an array', '[1]'],
    ['an array of the event', `[${good}]`],
    ['an empty array', '[]'],
    ['a text', '"text"'],
    ['a number', '-1.5e3'],
    ['null', 'null'],
    ['true', ' true '],
    ['200,000 arrays in each other', '['.repeat(200_000) + ']'.repeat(200_000)],
  ],
  { ledger: MALFORMED, details: ['JSON, but not an object'] },
);

const twice = [
  ['a field', good.replace('{', '{"event_id":"e-0",'), 'field event_id'],
  ['a field with the same value', good.replace('{', '{"event_id":"e-1",'), 'field event_id'],
  ['a field, once with an escape', good.replace('{', '{"event\\u005fid":"e-0",'), 'field event_id'],
  ['properties', good.replace('{', '{"properties":{},'), 'field properties'],
  ['a property', withLevel('1,"level":2'), 'property level'],
  ['an unknown field', good.replace('{', '{"x":1,"x":1,'), 'field x'],
  ['an unknown field, once with an escape', good.replace('{', '{"x":1,"\\u0078":1,'), 'field x'],
  ['an unknown property', withLevel('1,"y":2,"y":2'), 'property y'],
  ['a name that is empty', good.replace('{', '{"":1,"":1,'), 'field '],
].map(([name, line, what]) => ({
  name: `twice: ${name}`,
  bytes: Buffer.from(line as string),
  ledger: MALFORMED,
  details: [`the ${what} stands twice`],
}));

const takenJson: HostileCase[] = (
  [
    ['blanks around all tokens', good.replaceAll(/[{}:,](?=["{}])/g, ' $& '), {}],
    ['tabs and carriage returns between tokens', good.replaceAll(',', ',\t\r'), {}],
    ['a field in nested objects twice', withUnknown('{"a":1,"a":2}'), {}],
    ['a known property name as a field', good.replace('{', '{"level":"x",'), { level: '3' }],
    ['a field name as a property', withLevel('3,"event_id":"x"'), { event_id: 'e-1', level: '3' }],
    ['200,000 arrays in an unknown field', withUnknown('['.repeat(200_000) + ']'.repeat(200_000)), {}],
    [
      '200,000 objects in an unknown field',
      withUnknown(`${'{"a":'.repeat(200_000)}1${'}'.repeat(200_000)}`),
      {},
    ],
    ['an escaped field name', good.replace('"level"', '"\\u006c\\u0065vel"'), { level: '3' }],
    [
      'an escaped event type',
      good.replace('level_start', 'level\\u005fstart'),
      { event_type: 'level_start' },
    ],
    ['an escaped timestamp', good.replace('T10', '\\u005410'), { timestamp: '2026-01-05 10:00:00' }],
    ['a huge number in an unknown field', withUnknown('1e400'), {}],
    ['an empty name', good.replace('{', '{"":1,'), {}],
    ['__proto__', good.replace('{', '{"__proto__":{"event_id":"x"},"constructor":1,'), { event_id: 'e-1' }],
    ['all short escapes', withText('"\\"\\\\\\/\\b\\f\\n\\r\\t"'), { placement: '"\\/\b\f\n\r\t' }],
    ['an escaped NUL', withText('"a\\u0000b"'), { placement: 'a\u0000b' }],
    ['an escaped NUL alone', withText('"\\u0000"'), { placement: '\u0000' }],
    [
      'all control characters escaped',
      withText('"\\u0001\\u0002\\u0009\\u000a\\u000d\\u001f"'),
      { placement: '\u0001\u0002\t\n\r\u001f' },
    ],
    ['a surrogate pair', withText('"\\ud83d\\ude00"'), { placement: '😀' }],
    ['a surrogate pair in capitals', withText('"\\uD83D\\uDE00"'), { placement: '😀' }],
    ['letters of four bytes', withText('"𝄞é漢"'), { placement: '𝄞é漢' }],
    ['a non-character', withText('"\uffff\ufffe"'), { placement: '\uffff\ufffe' }],
    ['DEL and C1 controls', withText('"\u007f\u0080\u009f"'), { placement: '\u007f\u0080\u009f' }],
    ['line separators in a text', withText('"\u2028\u2029"'), { placement: '\u2028\u2029' }],
    ['a byte order mark in a text', withText('"x\ufeff"'), { placement: 'x\ufeff' }],
    ['decomposed and composed letters apart', withText('"e\u0301"'), { placement: 'e\u0301' }],
    ['a text that looks like null', withText('"NULL"'), { placement: 'NULL' }],
    ['a text that looks like null to a database', withText('"\\\\N"'), { placement: '\\N' }],
    ['a text of quotation marks', withText('"\\"\\""'), { placement: '""' }],
    ['a text with blanks around it', withText('"  x  "'), { placement: '  x  ' }],
    ['a text that is a tab', withText('"\\t"'), { placement: '\t' }],
    ['an optional text that is empty', withText('""'), { placement: '' }],
    ['an optional text that is null', withText('null'), { placement: null }],
    ['a text that looks like a number', withText('"007"'), { placement: '007' }],
    ['a text that looks like SQL', withText(`"'; DROP TABLE x; --"`), { placement: `'; DROP TABLE x; --` }],
    ['level 5.0', withLevel('5.0'), { level: '5' }],
    ['level 5e0', withLevel('5e0'), { level: '5' }],
    ['level 1e2', withLevel('1e2'), { level: '100' }],
    ['level 1E+2', withLevel('1E+2'), { level: '100' }],
    ['level 1200e-2', withLevel('1200e-2'), { level: '12' }],
    ['level -0', withLevel('-0'), { level: '0' }],
    ['level 0e999999999999', withLevel('0e999999999999'), { level: '0' }],
    ['level 2^63 - 1', withLevel('9223372036854775807'), { level: '9223372036854775807' }],
    ['level 2^53 + 1', withLevel('9007199254740993'), { level: '9007199254740993' }],
    ['amount of 14 digits', withAmount('99999999999999.9999'), { amount: '99999999999999.9999' }],
    ['amount that no double holds', withAmount('12345678901234.5678'), { amount: '12345678901234.5678' }],
    ['amount, a tie to even below', withAmount('1.00005'), { amount: '1.0000' }],
    ['amount, a tie to even above', withAmount('1.00015'), { amount: '1.0002' }],
    ['amount, just above a tie', withAmount('1.00005000000000000000000000001'), { amount: '1.0001' }],
    ['amount, just below a tie', withAmount('1.00014999999999999999999999999'), { amount: '1.0001' }],
    ['amount with an exponent', withAmount('12.5e-1'), { amount: '1.2500' }],
    ['amount 1e-400', withAmount('1e-400'), { amount: '0.0000' }],
    ['amount -0', withAmount('-0.0'), { amount: '0.0000' }],
    ['seconds with 17 digits', withSeconds('0.30000000000000004'), { duration_s: 0.30000000000000004 }],
    [
      'seconds, the largest double',
      withSeconds('1.7976931348623157e308'),
      { duration_s: 1.7976931348623157e308 },
    ],
    ['seconds, the smallest double', withSeconds('5e-324'), { duration_s: 5e-324 }],
    ['seconds, smaller than any double', withSeconds('1e-400'), { duration_s: 0 }],
    [
      'seconds, more digits than a double',
      withSeconds('0.123456789012345678901234'),
      { duration_s: 0.12345678901234568 },
    ],
    ['the first microsecond of the window', at('2025-12-29T00:00:00.000000Z'), { event_day: '2025-12-29' }],
    [
      'the last microsecond of the window',
      at('2026-01-06T23:59:59.999999999Z'),
      { timestamp: '2026-01-06 23:59:59.999999' },
    ],
    ['an offset of 14 hours', at('2026-01-07T13:59:59+14:00'), { event_day: '2026-01-06' }],
    ['an offset of minus 12 hours', at('2026-01-05T23:00:00-12:00'), { timestamp: '2026-01-06 11:00:00' }],
    ['an offset of hours', at('2026-01-05T10:00:00+02'), { timestamp: '2026-01-05 08:00:00' }],
    ['a decimal comma', at('2026-01-05T10:00:00,25Z'), { timestamp: '2026-01-05 10:00:00.25' }],
    ['an offset of zero', at('2026-01-05T10:00:00-00:00'), { timestamp: '2026-01-05 10:00:00' }],
  ] as const
).map(([name, line, values]) => ({
  name: `taken: ${name}`,
  bytes: Buffer.from(line),
  ledger: ACCEPTED,
  values: [values],
}));

const wrongValues = each(
  'a value that does not fit',
  [
    ['level 2^63', withLevel('9223372036854775808')],
    ['level 1e400', withLevel('1e400')],
    ['level 1e19', withLevel('1e19')],
    ['level 5.5', withLevel('5.5')],
    ['level 5.00000000000000000000000001', withLevel('5.00000000000000000000000001')],
    ['level 1e-400', withLevel('1e-400')],
    ['level as text', withLevel('"5"')],
    ['level in an array', withLevel('[5]')],
    ['amount of 15 digits', withAmount('100000000000000')],
    ['amount that rounds up to 15 digits', withAmount('99999999999999.99995')],
    ['amount 1e400', withAmount('1e400')],
    ['amount as text', withAmount('"4.99"')],
    ['seconds 1e400', withSeconds('1e400')],
    ['seconds true', withSeconds('true')],
    ['success 1', withProperties('level_complete', '{"level":1,"success":1}')],
    ['placement 1', withText('1')],
    ['properties as JSON text', withProperties('ad_watched', '"{}"')],
    ['properties false', withProperties('ad_watched', 'false')],
    ['a timestamp with a blank for T', at('2026-01-05 10:00:00Z')],
    ['a timestamp with a small z', at('2026-01-05T10:00:00z')],
    ['a timestamp with blanks around it', at(' 2026-01-05T10:00:00Z')],
    ['a timestamp at 24:00', at('2026-01-05T24:00:00Z')],
    ['a timestamp with second 60', at('2026-01-05T23:59:60Z')],
    ['a timestamp in month 13', at('2026-13-05T10:00:00Z')],
    ['a timestamp on day 0', at('2026-01-00T10:00:00Z')],
    ['a timestamp on February 29 of a common year', at('2026-02-29T10:00:00Z')],
    ['a timestamp with an offset of 24 hours', at('2026-01-05T10:00:00+24:00')],
    ['a timestamp with half an offset', at('2026-01-05T10:00:00+2')],
    ['a timestamp with a point and no fraction', at('2026-01-05T10:00:00.Z')],
    ['a timestamp in basic format', at('20260105T100000Z')],
    ['a timestamp of a year with five digits', at('+12026-01-05T10:00:00Z')],
    ['a timestamp with other digits', at('２０２６-01-05T10:00:00Z')],
    ['a timestamp of Unix', at('1767607200')],
    ['an id that is an object', JSON.stringify(makeEvent({ event_id: {} }))],
  ],
  { ledger: { wrong_type: 1 } },
);

const otherReasons: HostileCase[] = [
  ...each(
    'missing',
    [
      ['an empty object', '{}'],
      ['a required number as an empty text', withLevel('""')],
      ['names in capitals', good.replace('event_id', 'EVENT_ID')],
      ['a name with a blank', good.replace('"event_id"', '"event_id "')],
      ['a name with a NUL', good.replace('event_id', 'event_id\\u0000')],
    ],
    { ledger: { missing_field: 1 } },
  ),
  ...each(
    'out of range',
    [
      ['amount -0.0001', withAmount('-0.0001')],
      ['seconds -5e-324', withSeconds('-5e-324')],
      ['level -1e0', withLevel('-1e0')],
    ],
    { ledger: { out_of_range: 1 } },
  ),
  ...each(
    'unknown type',
    [
      ['in capitals', good.replace('level_start', 'LEVEL_START')],
      ['with a blank', good.replace('level_start', 'level_start ')],
      ['with a NUL', good.replace('level_start', 'level_start\\u0000')],
    ],
    { ledger: { unknown_type: 1 } },
  ),
  ...each('too late', [['the year 0', at('0000-01-01T00:00:00Z')]], { ledger: { too_late: 1 } }),
  ...each('future', [['the last second of 9999, behind UTC', at('9999-12-31T23:59:59-12:00')]], {
    ledger: { future: 1 },
  }),
];

const bytes = (...parts: readonly (string | readonly number[])[]) =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))));
const around = (inner: readonly number[]) => bytes(withText('"a').slice(0, -2), inner, '"}}');

const encodings: HostileCase[] = [
  ...each(
    'not UTF-8',
    [
      ['a lone continuation byte', around([0x80])],
      ['Latin-1', around([0xe9])],
      ['a character cut short', around([0xe2, 0x82])],
      ['an overlong slash', around([0xc0, 0xaf])],
      ['an overlong NUL', around([0xc0, 0x80])],
      ['a surrogate in UTF-8', around([0xed, 0xa0, 0x80])],
      ['beyond Unicode', around([0xf4, 0x90, 0x80, 0x80])],
      ['FF', around([0xff])],
      ['a line that would not be JSON either', bytes('{', [0xff])],
      ['bytes that are no text', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x1a, 0xff, 0x00])],
    ],
    { ledger: { bad_encoding: 1 }, details: ['not UTF-8'] },
  ),
  {
    name: 'UTF-16 with its mark, two lines',
    bytes: Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(`${good}\n${good}\n`, 'utf16le')]),
    ledger: { bad_encoding: 1, malformed: 2 },
  },
  { name: 'UTF-16 without a mark', bytes: Buffer.from(`${good}\n`, 'utf16le'), ledger: { malformed: 2 } },
  {
    name: 'all 256 bytes',
    bytes: Buffer.from(Array.from({ length: 256 }, (_, n) => n)),
    ledger: { malformed: 1, bad_encoding: 1 },
  },
];

const lineEnds: HostileCase[] = (
  [
    ['no end of the last line', `${good}\n${good}`, { accepted: 2 }],
    ['CRLF', `${good}\r\n${good}\r\n`, { accepted: 2 }],
    ['CRLF and LF', `${good}\r\n${good}\n${good}\r\n`, { accepted: 3 }],
    ['a CR at the very end', `${good}\r`, ACCEPTED],
    ['two CRs before the LF', `${good}\r\r\n`, ACCEPTED],
    ['CR alone between two objects', `${good}\r${good}`, MALFORMED],
    ['LF then CR', `${good}\n\r${good}\n\r`, { accepted: 2 }],
    ['blank lines', `\n\n${good}\n  \n\t\r\n${good}\n\n`, { accepted: 2 }],
    ['blank lines alone', '\n \r\n\t\n', {}],
    ['a byte order mark', `\ufeff${good}\n${good}`, { accepted: 2 }],
    ['a byte order mark alone', '\ufeff', {}],
    ['two byte order marks', `\ufeff\ufeff${good}`, MALFORMED],
    ['a byte order mark on the second line', `${good}\n\ufeff${good}`, { accepted: 1, malformed: 1 }],
    ['a next-line character', `${good}\u0085${good}`, MALFORMED],
    ['bad lines between good ones', `${good}\nnope\n${good}\n[]\n${good}`, { accepted: 3, malformed: 2 }],
    ['LF within a text', withText('"a\nb"'), { malformed: 2 }],
    ['an object over several lines', good.replaceAll(',', ',\n'), { malformed: 5 }],
  ] as const
).map(([name, text, ledger]) => ({ name: `line ends: ${name}`, bytes: Buffer.from(text), ledger }));

/** Every case in NDJSON. */
export const lineCases: readonly HostileCase[] = [
  ...notJson,
  ...surrogates,
  ...noObject,
  ...twice,
  ...takenJson,
  ...wrongValues,
  ...otherReasons,
  ...encodings,
  ...lineEnds,
];
