import { dayTables, wholeTables } from '../../src/domain/tables.ts';
import { readCurrent } from '../../src/storage/catalog.ts';
import type { ObjectStore } from '../../src/storage/object-store.ts';

/** SHA-256 of every published file by table and day: what has to be the same however it came about. */
export async function publishedHashes(store: ObjectStore): Promise<Record<string, string>> {
  const { state } = await readCurrent(store);
  if (state === null) return {};
  const perDay = [...state.eventDays].flatMap(([day, { tables }]) =>
    dayTables.map((table) => [`${table} ${day}`, tables[table].sha256] as const),
  );
  const whole = wholeTables.map((table) => [table, state.snapshot.tables[table].sha256] as const);
  return Object.fromEntries([...perDay, ...whole]);
}
