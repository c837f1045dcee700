import type { ArrivalReading } from '../domain/arrival.ts';
import { decompress } from '../ingest/decompress.ts';
import { formatOf } from '../ingest/raw-format.ts';
import { readCsvHeader } from '../ingest/read-csv-header.ts';
import type { ObjectStore } from '../storage/object-store.ts';

/** Tells the columns of one of a day's raw objects; null for NDJSON. */
export type HeaderReader = (object: string) => Promise<readonly string[] | null>;

/** Reads the header of each CSV object among a day's inputs once, in the version that was read. */
export function createHeaderReader(store: ObjectStore, { inputs }: ArrivalReading): HeaderReader {
  const known = new Map<string, Promise<readonly string[] | null>>();
  const read = async (object: string): Promise<readonly string[] | null> => {
    if (formatOf(object)?.records !== 'csv') return null;
    const versionId = inputs.find(({ key }) => key === object)?.versionId ?? null;
    const { body } = await store.read(object, versionId);
    return readCsvHeader(decompress(object, body));
  };
  return (object) => {
    const header = known.get(object) ?? read(object);
    known.set(object, header);
    return header;
  };
}
