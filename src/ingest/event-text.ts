import type { KeptLine } from '../domain/kept-line.ts';
import { propertyNames, topLevelFields } from '../schema/contract.ts';
import { CsvRow } from './csv-row.ts';
import { ObjectReader } from './object-reader.ts';

const CONTAINER = 'properties';
const eventReader = new ObjectReader({
  names: [...topLevelFields, CONTAINER],
  container: { name: CONTAINER, names: propertyNames },
});

/** The bytes that are kept of a quarantined line. */
export function keptBytes({ raw, rawBase64 }: KeptLine): Buffer {
  return rawBase64 === null ? Buffer.from(raw ?? '') : Buffer.from(rawBase64, 'base64');
}

/** Whether only the beginning of a line was kept. */
export function isIncomplete(line: KeptLine): boolean {
  return line.rawBytes > keptBytes(line).length;
}

/**
 * A quarantined line as the text of one JSON object, its values as they were written; null when it is none. `header` has the
 * columns of a CSV object, and is null for NDJSON.
 */
export function findEventText(line: KeptLine, header: readonly string[] | null): string | null {
  if (line.raw === null || isIncomplete(line)) return null;
  const text = header === null ? line.raw : findEventOfRow(line.raw, header);
  return text !== null && isObjectText(text) ? toOneLine(text) : null;
}

/**
 * A row of CSV as the text of one JSON object: each column as a text, `properties` as the JSON that it holds; null when it does
 * not have the header's columns.
 */
export function findEventOfRow(text: string, header: readonly string[]): string | null {
  const bytes = Buffer.from(text);
  const row = new CsvRow();
  const isRow = row.parse(bytes, 0, bytes.length, true, bytes.length);
  if (!isRow || row.next !== bytes.length || row.count !== header.length) return null;
  const members = header.map((name, n) => {
    const value = row.textOf(n);
    return `${JSON.stringify(name)}:${name === CONTAINER ? showProperties(value) : JSON.stringify(value)}`;
  });
  return `{${members.join(',')}}`;
}

/** Whether a text is one JSON object that the reader of events takes for one. */
export function isObjectText(text: string): boolean {
  const bytes = Buffer.from(text);
  return eventReader.read(bytes, 0, bytes.length);
}

/** Whether two JSON texts differ in nothing but blanks and escapes; numbers have to be written in the same way. */
export function isSameJson(a: string, b: string): boolean {
  return withoutStyle(a) === withoutStyle(b);
}

function withoutStyle(json: string): string {
  return json.replaceAll(/"[^"\\]*(?:\\.[^"\\]*)*"|\s+/g, (part) =>
    part.startsWith('"') ? JSON.stringify(JSON.parse(part)) : '',
  );
}

function showProperties(cell: string): string {
  if (cell === '') return 'null';
  try {
    JSON.parse(cell);
    return cell;
  } catch {
    return JSON.stringify(cell);
  }
}

/** Line ends in a JSON text stand between its tokens, where a blank means the same. */
function toOneLine(json: string): string {
  return json.replaceAll(/[\r\n]/g, ' ');
}
