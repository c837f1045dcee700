import type { RawPlace } from '../domain/kept-line.ts';
import { type Kind, kinds } from './json-scanner.ts';
import { ObjectReader } from './object-reader.ts';

/** One line of an edited file, as it was read: which line it is for, and what is to stand in its place. */
export interface MendedEntry {
  /** 1-based line of the edited file. */
  readonly at: number;
  readonly from: RawPlace & { readonly offset: number | null };
  /** The object's text as it is written there. */
  readonly event: string | null;
  readonly raw: string | null;
  readonly rawBase64: string | null;
}

/** An entry of an edited file can't be taken; the message says what is wrong, and not where. */
export class MendError extends Error {
  override readonly name = 'MendError';
}

const names = ['from', 'reason', 'detail', 'event', 'raw', 'raw_base64', 'incomplete', 'raw_bytes'] as const;
const placeNames = ['object', 'line', 'offset'] as const;
type Name = (typeof names)[number] | (typeof placeNames)[number];
type ValueKind = 'object' | 'text' | 'number';

const reader = new ObjectReader({ names, container: { name: 'from', names: placeNames } });

const ORIGIN =
  'expected lines of questline quarantine show DAY --format ndjson. To land new events: questline land';

const slots = Object.fromEntries([...names, ...placeNames].map((name, n) => [name, n])) as Record<
  Name,
  number
>;

/** Reads one line of an edited file; what is not an entry is a `MendError`. A value of null counts as absent. */
export function readEntry(line: Buffer, at: number): MendedEntry {
  if (!reader.read(line, 0, line.length)) throw new MendError(`${reader.fault}; expected one entry a line`);
  if (findValue('from', 'object') === null) throw new MendError(`there is no "from"; ${ORIGIN}`);
  const [unknown] = reader.unknown;
  if (unknown !== undefined)
    throw new MendError(`"${unknown.replace(/^\w+ /, '')}" is not known; expected ${names.join(', ')}`);
  const [object, number, offset] = [
    findValue('object', 'text'),
    findValue('line', 'number'),
    findValue('offset', 'number'),
  ];
  if (object === null) throw new MendError('"from" has no "object"');
  if (number === null || !/^[1-9]\d{0,14}$/.test(number))
    throw new MendError(
      `"from" has ${number === null ? 'no "line"' : `the line ${number}`}; expected a number from 1`,
    );
  return {
    at,
    from: { object, line: Number(number), offset: offset === null ? null : Number(offset) },
    event: findValue('event', 'object'),
    raw: findValue('raw', 'text'),
    rawBase64: findValue('raw_base64', 'text'),
  };
}

/** The value of a name, a text without its escapes and anything else as it is written; null when it is absent. */
function findValue(name: Name, kind: ValueKind): string | null {
  const found = reader.kinds[slots[name]] as Kind;
  if (found === kinds.absent || found === kinds.null) return null;
  const value = reader.textOf(slots[name]);
  if (found === kinds[kind]) return value;
  throw new MendError(
    `"${name}" is ${value.slice(0, 80)}; expected ${kind === 'object' ? 'an' : 'a'} ${kind}`,
  );
}
