import { dayTables, wholeTables } from '../../src/domain/tables.ts';
import { type CatalogState, readCurrent } from '../../src/storage/catalog.ts';
import type { ObjectStore } from '../../src/storage/object-store.ts';

/** SHA-256 of every published file by table and day: what has to be the same however it came about. */
export async function publishedHashes(store: ObjectStore): Promise<Record<string, string>> {
  const { state } = await readCurrent(store);
  return state === null ? {} : hashesOf(state);
}

/** The same of one state of the catalog. */
export function hashesOf({ eventDays, snapshot }: CatalogState): Record<string, string> {
  const perDay = [...eventDays].flatMap(([day, { tables }]) =>
    dayTables.map((table) => [`${table} ${day}`, tables[table].sha256] as const),
  );
  const whole = wholeTables.map((table) => [table, snapshot.tables[table].sha256] as const);
  return Object.fromEntries([...perDay, ...whole]);
}
