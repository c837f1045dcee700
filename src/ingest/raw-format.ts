/** How an object's name says that it is to be read. */
export interface RawFormat {
  readonly records: 'ndjson' | 'csv';
  readonly compression: Compression | null;
}

/** A way of compression, named as its suffix is. */
export type Compression = 'gz' | 'zst';

const records = { '.ndjson': 'ndjson', '.jsonl': 'ndjson', '.csv': 'csv' } as const;
const compressions = { '': null, '.gz': 'gz', '.zst': 'zst' } as const;

const formats = new Map<string, RawFormat>(
  Object.entries(records).flatMap(([suffix, kind]) =>
    Object.entries(compressions).map(([end, compression]) => [
      `${suffix}${end}`,
      { records: kind, compression },
    ]),
  ),
);

/** Suffixes under `raw/dt=` that are read. */
export const rawSuffixes = [...formats.keys()];

/** The format that an object's name tells, or null when it tells none. */
export function formatOf(key: string): RawFormat | null {
  const suffix = rawSuffixes.find((end) => key.endsWith(end));
  return suffix === undefined ? null : (formats.get(suffix) ?? null);
}

/** Whether an object's name says that it holds events that can be read. */
export function hasRawSuffix(key: string): boolean {
  return formatOf(key) !== null;
}

const magics: readonly (readonly [string, readonly number[]])[] = [
  ['gzip', [0x1f, 0x8b]],
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
  ['zip', [0x50, 0x4b, 0x03, 0x04]],
  ['bzip2', [0x42, 0x5a, 0x68]],
  ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a]],
  ['Parquet', [0x50, 0x41, 0x52, 0x31]],
];

/** What an object is by its first bytes, where these are no text: `gzip`, `zstd`, `zip`, `bzip2`, `xz` or `Parquet`. */
export function sniffFormat(head: Uint8Array): string | null {
  const isMagic = (magic: readonly number[]) => magic.every((byte, n) => head[n] === byte);
  return magics.find(([, magic]) => isMagic(magic))?.[0] ?? null;
}
