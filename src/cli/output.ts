import Table from 'cli-table3';

/** A column of a printed table. */
export interface Column<Row> {
  readonly head: string;
  readonly align?: 'left' | 'right';
  value(row: Row): string;
}

/** Prints a value as indented JSON on standard output. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

/** Prints rows as a table on standard output. */
export function printTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): void {
  const table = new Table({
    head: columns.map(({ head }) => head),
    colAligns: columns.map(({ align = 'left' }) => align),
    style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': 0 },
    chars: plainBorders,
  });
  table.push(...rows.map((row) => columns.map(({ value }) => value(row))));
  process.stdout.write(`${table.toString()}\n`);
}

/** Prints a line of what was asked for, on standard output. */
export function printLine(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Says something to the person at the terminal, on standard error, so that standard output stays data. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** A text of unknown origin on one line of at most `most` characters; what could steer a terminal is shown as an escape. */
export function showText(text: string, most: number): string {
  const shown = text
    .slice(0, most + 1)
    .replaceAll(
      /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
      (one) => `\\u${one.codePointAt(0)?.toString(16).padStart(4, '0')}`,
    );
  return shown.length > most ? `${shown.slice(0, most - 1)}…` : shown;
}

/** A whole number with a comma at each thousand. */
export function formatCount(n: number): string {
  return n.toLocaleString('en-US');
}

/** How many there are of something: `1 line`, `2,000 lines`. */
export function countOf(n: number, what: string): string {
  return `${formatCount(n)} ${what}${n === 1 ? '' : 's'}`;
}

/** Bytes in the unit that reads best. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const units = ['kB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length, Math.floor(Math.log10(bytes) / 3));
  return `${(bytes / 1000 ** power).toFixed(1)} ${units[power - 1]}`;
}

const plainBorders = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  right: '',
  'right-mid': '',
  mid: '─',
  'mid-mid': '──',
  middle: '  ',
};
