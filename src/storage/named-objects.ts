import type { Day } from '../domain/day.ts';
import type { ObjectRef } from '../domain/object-ref.ts';
import { dayTables, type PublishedTable, wholeTables } from '../domain/tables.ts';
import type { CatalogState } from './catalog.ts';
import { nameOfReportTwin } from './reports.ts';

/** An object that a snapshot names: what it is, and what of it the snapshot says. */
export interface NamedObject {
  readonly key: string;
  /** Such as `events_cleaned of 2026-01-05`. */
  readonly what: string;
  /** The arrival day or event day that it belongs to; null for what spans all days. */
  readonly day: Day | null;
  /** The published table that it is; null for what belongs to an arrival. */
  readonly table: PublishedTable | null;
  /** Its bytes, rows and sha256; null for a report, whose name is the beginning of its sha256. */
  readonly ref: ObjectRef | null;
}

/** Every object of data and every report that a snapshot names, arrivals first, each once. */
export function listNamedObjects({ snapshot, arrivals, eventDays }: CatalogState): NamedObject[] {
  const named: NamedObject[] = [];
  for (const [day, { accepted, quarantine, report }] of arrivals) {
    const add = (what: string, key: string, ref: ObjectRef | null) =>
      named.push({ key, what: `${what} of arrival ${day}`, day, table: null, ref });
    for (const ref of accepted) add('accepted rows', ref.key, ref);
    add('quarantine', quarantine.key, quarantine);
    add('report', report, null);
    add('report', nameOfReportTwin(report), null);
  }
  for (const [day, { tables }] of eventDays) {
    for (const table of dayTables)
      named.push({ key: tables[table].key, what: `${table} of ${day}`, day, table, ref: tables[table] });
  }
  for (const table of wholeTables) {
    const ref = snapshot.tables[table];
    named.push({ key: ref.key, what: table, day: null, table, ref });
  }
  const { restatements } = snapshot;
  if (restatements !== null)
    named.push({ key: restatements.key, what: 'restatements', day: null, table: null, ref: restatements });
  return named;
}

/** Every key of the store or the catalog that stands anywhere in a stored document, whatever its format. */
export function keysIn(document: unknown): string[] {
  if (typeof document === 'string') return /^(store|catalog)\//.test(document) ? [document] : [];
  if (document === null || typeof document !== 'object') return [];
  return Object.values(document).flatMap(keysIn);
}
