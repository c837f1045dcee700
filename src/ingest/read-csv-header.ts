import { CsvScanner } from './scan-csv.ts';

const MOST_BYTES = 1_048_576;
const limits = { maxLineBytes: MOST_BYTES, keepBytes: MOST_BYTES, beginningBytes: MOST_BYTES };

/** The columns of a CSV object by its first row; none when that can't be read. */
export async function readCsvHeader(source: AsyncIterable<Uint8Array>): Promise<readonly string[]> {
  let held = Buffer.alloc(0);
  for await (const chunk of source) {
    held = Buffer.concat([held, chunk]);
    const names = findHeader(held, held.length >= MOST_BYTES);
    if (names !== null) return names;
  }
  return findHeader(held, true) ?? [];
}

function findHeader(bytes: Buffer, isLast: boolean): readonly string[] | null {
  let found: readonly string[] | null = isLast ? [] : null;
  const sink = {
    header: (names: readonly string[] | null) => {
      found = names ?? [];
    },
    row: () => {},
    setAside: () => {},
  };
  const scanner = new CsvScanner(sink, limits);
  scanner.scan(bytes, 0, bytes.length, isLast);
  return found;
}
