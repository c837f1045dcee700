import type { HostileCase } from './hostile-cases.ts';

const header = 'event_id,player_id,event_type,timestamp,properties';
const row = 'e-1,p-1,level_start,2026-01-05T10:00:00Z,"{""level"":3}"';
const withRow = (text: string) => `${header}\n${text}\n`;
const MALFORMED = { malformed: 1 };
const ACCEPTED = { accepted: 1 };

type Spec = readonly [
  name: string,
  text: string | Buffer,
  ledger: HostileCase['ledger'],
  rest?: Pick<HostileCase, 'details' | 'values'>,
];

const specs: readonly Spec[] = [
  ['a row', withRow(row), ACCEPTED, { values: [{ event_id: 'e-1', level: '3' }] }],
  ['no end of the last line', `${header}\n${row}`, ACCEPTED],
  ['CRLF', `${header}\r\n${row}\r\n${row}\r\n`, { accepted: 2 }],
  ['CR alone', `${header}\r${row}\r${row}`, { accepted: 2 }],
  ['a mixture of line ends', `${header}\r\n${row}\n${row}\r${row}\r\n`, { accepted: 3 }],
  ['a byte order mark', `\ufeff${withRow(row)}`, ACCEPTED],
  ['blank lines', `\n \n${header}\n\n${row}\r\n\t\n${row}\n\n`, { accepted: 2 }],
  ['a header alone', `${header}\n`, {}],
  [
    'columns in another order',
    `properties,timestamp,event_type,player_id,event_id\n"{""level"":3}",2026-01-05T10:00:00Z,level_start,p,e`,
    ACCEPTED,
    { values: [{ event_id: 'e', player_id: 'p', level: '3' }] },
  ],
  ['a quoted header', `"event_id","player_id","event_type","timestamp","properties"\n${row}`, ACCEPTED],
  ['an unknown column', `${header},device\n${row},ios\n${row},\n`, { accepted: 2 }],
  [
    'every field quoted',
    withRow('"e-1","p-1","level_start","2026-01-05T10:00:00Z","{""level"":3}"'),
    ACCEPTED,
  ],
  [
    'a comma in a field',
    withRow('"e,1",p,ad_watched,2026-01-05T10:00:00Z,'),
    ACCEPTED,
    { values: [{ event_id: 'e,1' }] },
  ],
  [
    'quotation marks in a field',
    withRow('"e ""1""",p,ad_watched,2026-01-05T10:00:00Z,'),
    ACCEPTED,
    { values: [{ event_id: 'e "1"' }] },
  ],
  [
    'line ends in a field',
    withRow('"e\n1\r\n2\r3",p,ad_watched,2026-01-05T10:00:00Z,'),
    ACCEPTED,
    { values: [{ event_id: 'e\n1\r\n2\r3' }] },
  ],
  [
    'a tab and a NUL in a field',
    withRow('e\t1\u0000,p,ad_watched,2026-01-05T10:00:00Z,'),
    ACCEPTED,
    { values: [{ event_id: 'e\t1\u0000' }] },
  ],
  [
    'blanks around a field',
    withRow(' e ,p,ad_watched,2026-01-05T10:00:00Z,'),
    ACCEPTED,
    { values: [{ event_id: ' e ' }] },
  ],
  [
    'a backslash',
    withRow('e\\,p,ad_watched,2026-01-05T10:00:00Z,'),
    ACCEPTED,
    { values: [{ event_id: 'e\\' }] },
  ],
  [
    'properties over several lines',
    withRow('e,p,level_start,2026-01-05T10:00:00Z,"{\n ""level"":\r\n3}"'),
    ACCEPTED,
    { values: [{ level: '3' }] },
  ],
  [
    'properties with an escape',
    withRow('e,p,ad_watched,2026-01-05T10:00:00Z,"{""placement"":""a\\n\\""b""}"'),
    ACCEPTED,
    { values: [{ placement: 'a\n"b' }] },
  ],
  [
    'properties with blanks around them',
    withRow('e,p,level_start,2026-01-05T10:00:00Z," {""level"":3} "'),
    ACCEPTED,
  ],
  [
    'no properties where none are needed',
    withRow('e,p,player_registered,2026-01-05T10:00:00Z,'),
    ACCEPTED,
    { values: [{ country: null }] },
  ],
  ['empty quoted properties', withRow('e,p,player_registered,2026-01-05T10:00:00Z,""'), ACCEPTED],
  ['properties null', withRow('e,p,player_registered,2026-01-05T10:00:00Z,null'), ACCEPTED],
  [
    'no properties where some are needed',
    withRow('e,p,level_start,2026-01-05T10:00:00Z,'),
    { missing_field: 1 },
    { details: ['properties.level'] },
  ],
  ['an empty id', withRow(',p,ad_watched,2026-01-05T10:00:00Z,'), { missing_field: 1 }],
  ['an empty quoted id', withRow('"",p,ad_watched,2026-01-05T10:00:00Z,'), { missing_field: 1 }],
  ['a row of commas', withRow(',,,,'), { missing_field: 1 }],
  ['properties that are an array', withRow('e,p,ad_watched,2026-01-05T10:00:00Z,[]'), { wrong_type: 1 }],
  ['properties that are a text', withRow('e,p,ad_watched,2026-01-05T10:00:00Z,"""x"""'), { wrong_type: 1 }],
  [
    'properties that are not JSON',
    withRow('e,p,ad_watched,2026-01-05T10:00:00Z,{x}'),
    MALFORMED,
    { details: ['properties is not JSON'] },
  ],
  [
    'properties with a trailing comma',
    withRow('e,p,level_start,2026-01-05T10:00:00Z,"{""level"":3,}"'),
    MALFORMED,
  ],
  [
    'a property twice',
    withRow('e,p,level_start,2026-01-05T10:00:00Z,"{""level"":3,""level"":4}"'),
    MALFORMED,
    { details: ['property level stands twice'] },
  ],
  ['an unknown type', withRow('e,p,chat,2026-01-05T10:00:00Z,'), { unknown_type: 1 }],
  ['a timestamp of no kind', withRow('e,p,ad_watched,yesterday,'), { wrong_type: 1 }],
  [
    'too few columns',
    withRow('e,p,ad_watched,2026-01-05T10:00:00Z'),
    MALFORMED,
    { details: ['the row has 4 columns; the header has 5'] },
  ],
  ['too many columns', withRow(`${row},x`), MALFORMED, { details: ['6 columns'] }],
  ['a single word', withRow('nope'), MALFORMED],
  [
    'a quotation mark within a field',
    withRow(`e"1,p,ad_watched,2026-01-05T10:00:00Z,`),
    MALFORMED,
    { details: ['a quotation mark'] },
  ],
  ['text after a closing quotation mark', withRow('"e"1,p,ad_watched,2026-01-05T10:00:00Z,'), MALFORMED],
  ['a blank before a quotation mark', withRow('e, "p",ad_watched,2026-01-05T10:00:00Z,'), MALFORMED],
  [
    'properties with quotation marks that are not doubled',
    withRow('e,p,level_start,2026-01-05T10:00:00Z,{"level":3}'),
    MALFORMED,
  ],
  [
    'an open quotation mark before good rows',
    withRow(`"e,p,ad_watched,2026-01-05T10:00:00Z,\n${row}\n${row}`),
    { malformed: 1, accepted: 2 },
  ],
  [
    'an open quotation mark before rows without any',
    withRow(
      `"e,p,ad_watched,2026-01-05T10:00:00Z,\ne,p,ad_watched,2026-01-05T10:00:00Z,\ne,p,ad_watched,2026-01-05T10:00:00Z,`,
    ),
    { malformed: 1, accepted: 2 },
    { details: ['not closed to the end'] },
  ],
  ['an open quotation mark on the last row', withRow(`${row}\n"e,p`), { malformed: 1, accepted: 1 }],
  [
    'an open quotation mark and more than a row may have',
    withRow(`"e,p\n${'e,p,ad_watched,2026-01-05T10:00:00Z,\n'.repeat(80)}`),
    { malformed: 1, accepted: 80 },
    { details: ['does not end within'] },
  ],
  [
    'two open quotation marks that seem to close each other',
    withRow(`e,p,ad_watched,2026-01-05T10:00:00Z,"{\n${row}\ne,p,ad_watched,2026-01-05T10:00:00Z,"{\n${row}`),
    { malformed: 2, accepted: 2 },
  ],
  [
    'a quoted row over lines with too few columns',
    withRow(`"a\nb",c\n${row}`),
    { malformed: 2, accepted: 1 },
  ],
  ['a single quotation mark', withRow(`"\n${row}`), { malformed: 1, accepted: 1 }],
  [
    'a row that is not UTF-8',
    Buffer.concat([
      Buffer.from(`${header}\n`),
      Buffer.from([0xe9]),
      Buffer.from(`,p,ad_watched,2026-01-05T10:00:00Z,\n${row}`),
    ]),
    { bad_encoding: 1, accepted: 1 },
  ],
  [
    'a row over lines that is not UTF-8',
    Buffer.concat([
      Buffer.from(`${header}\n"e\n`),
      Buffer.from([0xe9]),
      Buffer.from(`",p,ad_watched,2026-01-05T10:00:00Z,\n${row}`),
    ]),
    { bad_encoding: 1, accepted: 1 },
  ],
  [
    'the last byte alone not UTF-8',
    Buffer.concat([Buffer.from(withRow(row)), Buffer.from([0xff])]),
    { bad_encoding: 1, accepted: 1 },
  ],
  [
    'a row over the limit',
    withRow(`${'e'.repeat(3000)},p,ad_watched,2026-01-05T10:00:00Z,\n${row}`),
    { oversized: 1, accepted: 1 },
  ],
  [
    'a quoted row over the limit',
    withRow(`"${'e'.repeat(3000)}",p,ad_watched,2026-01-05T10:00:00Z,\n${row}`),
    { oversized: 1, accepted: 1 },
  ],
  [
    'a row over several lines over the limit',
    withRow(`"${'e\n'.repeat(1500)}",p,ad_watched,2026-01-05T10:00:00Z,\n${row}`),
    { malformed: 1501, accepted: 1 },
  ],
  ['a semicolon for a comma in a row', withRow(row.replaceAll(',', ';')), MALFORMED],
  ['the header once more', withRow(`${row}\n${header}\n${row}`), { accepted: 2, malformed: 1 }],
];

/** Every case in CSV that has a header. */
export const csvCases: readonly HostileCase[] = specs.map(([name, text, ledger, rest = {}]) => ({
  name,
  bytes: Buffer.from(text as Buffer),
  suffix: 'csv',
  ledger,
  ...rest,
}));

/** Objects in CSV that are not read at all, and what the error says. */
export const csvHeaderCases: readonly (readonly [name: string, text: string, said: string])[] = [
  ['no header', row, 'has no header'],
  ['NDJSON', '{"event_id":"e-1","player_id":"p-1"}\n', 'does not begin with a line of CSV'],
  ['a semicolon for a comma', header.replaceAll(',', ';'), 'has no header'],
  ['a missing column', `event_id,player_id,timestamp,properties\n`, 'has no column event_type'],
  ['two missing columns', `event_id,player_id,timestamp\n`, 'has no column event_type, properties'],
  ['a column twice', `${header},event_id\n`, '"event_id" twice'],
  ['an unknown column twice', `${header},x,x\n`, '"x" twice'],
  ['an open quotation mark', `"${header}\n${row}\n`, 'does not begin with a line of CSV'],
  ['names in capitals', header.toUpperCase(), 'has no header'],
];
