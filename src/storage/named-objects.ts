import type { Day } from '../domain/day.ts';
import type { ObjectRef } from '../domain/object-ref.ts';
import { dayTables, type PublishedTable, wholeTables } from '../domain/tables.ts';
import type { CatalogState } from './catalog.ts';
import type { ArrivalEntry, EventDayEntry, Snapshot } from './catalog-format.ts';
import { nameOfReportTwin } from './reports.ts';

/** What an object that a snapshot names is. */
export type ObjectKind = PublishedTable | 'accepted rows' | 'quarantine' | 'report' | 'restatements';

/** An object that a snapshot names: what it is, and what of it the snapshot says. */
export interface NamedObject {
  readonly key: string;
  readonly kind: ObjectKind;
  /** Such as `events_cleaned of 2026-01-05`. */
  readonly what: string;
  /** Its bytes, rows and sha256; null for a report, whose name is the beginning of its sha256. */
  readonly ref: ObjectRef | null;
}

/** Every object of data and every report that a snapshot names, arrivals first, each once. */
export function listNamedObjects({ snapshot, arrivals, eventDays }: CatalogState): NamedObject[] {
  const { tables, restatements } = snapshot;
  return [
    ...objectsOfArrivals(arrivals),
    ...objectsOfEventDays(eventDays),
    ...objectsOfWholeTables(tables),
    ...(restatements === null ? [] : [toNamed('restatements', 'restatements', restatements)]),
  ];
}

/** What arrivals have in the store. */
export function objectsOfArrivals(arrivals: Iterable<readonly [Day, ArrivalEntry]>): NamedObject[] {
  return [...arrivals].flatMap(([day, { accepted, quarantine, report }]) => {
    const of = `of arrival ${day}`;
    const reports = [report, nameOfReportTwin(report)];
    return [
      ...accepted.map((ref) => toNamed('accepted rows', `accepted rows ${of}`, ref)),
      toNamed('quarantine', `quarantine ${of}`, quarantine),
      ...reports.map((key) => ({ key, kind: 'report' as const, what: `report ${of}`, ref: null })),
    ];
  });
}

/** The tables of event days. */
export function objectsOfEventDays(eventDays: Iterable<readonly [Day, EventDayEntry]>): NamedObject[] {
  return [...eventDays].flatMap(([day, { tables }]) =>
    dayTables.map((table) => toNamed(table, `${table} of ${day}`, tables[table])),
  );
}

/** The tables that span all days. */
export function objectsOfWholeTables(tables: Snapshot['tables']): NamedObject[] {
  return wholeTables.map((table) => toNamed(table, table, tables[table]));
}

function toNamed(kind: ObjectKind, what: string, ref: ObjectRef): NamedObject {
  return { key: ref.key, kind, what, ref };
}

/** Every key of the store or the catalog that stands anywhere in a stored document, whatever its format. */
export function keysIn(document: unknown): string[] {
  if (typeof document === 'string') return /^(store|catalog)\//.test(document) ? [document] : [];
  if (document === null || typeof document !== 'object') return [];
  return Object.values(document).flatMap(keysIn);
}
