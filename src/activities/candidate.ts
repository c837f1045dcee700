import type { Day } from '../domain/day.ts';
import type { ObjectRef } from '../domain/object-ref.ts';
import { dayTables, wholeTables } from '../domain/tables.ts';
import { acceptedTypes } from '../ingest/accepted-rows.ts';
import { quarantineTypes } from '../ingest/quarantine.ts';
import { duckDbColumnsOf } from '../schema/tables.ts';
import type { CatalogState } from '../storage/catalog.ts';
import type { ArrivalEntry, EventDayEntry, Snapshot } from '../storage/catalog-format.ts';

/** What a snapshot would name, and what it is built on. */
export interface Candidate {
  /** Null before the first snapshot. */
  readonly base: CatalogState | null;
  readonly arrivals: ReadonlyMap<Day, ArrivalEntry>;
  readonly eventDays: ReadonlyMap<Day, EventDayEntry>;
  readonly tables: Snapshot['tables'];
  /** Event days that the run built or aggregated, or that are gone by it. */
  readonly touched: ReadonlySet<Day>;
}

/** An object that a snapshot names. */
export interface AuditedObject {
  /** What it is, such as `sessions of 2026-01-05`. */
  readonly name: string;
  readonly ref: ObjectRef;
  /** DuckDB types of its columns, in order. */
  readonly columns: Readonly<Record<string, string>>;
}

/** What a candidate's objects are to its audit. */
export interface CandidateObjects {
  /** Those that the base does not name. */
  readonly fresh: readonly AuditedObject[];
  /** Of the others, those that the touched event days and the tables over all days rest on. */
  readonly known: readonly AuditedObject[];
  /** The arrivals that bring fresh objects. */
  readonly arrivals: ReadonlyMap<Day, ArrivalEntry>;
}

/** The entries of the touched event days that are there. */
export function touchedEntries({ eventDays, touched }: Candidate): [Day, EventDayEntry][] {
  return [...eventDays].filter(([day]) => touched.has(day));
}

/** The objects by day that a candidate would name and its base does not. */
export function listFreshByDay({
  base,
  arrivals,
  eventDays,
}: Pick<Candidate, 'base' | 'arrivals' | 'eventDays'>): AuditedObject[] {
  return [...ofArrivals(arrivals), ...ofEventDays(eventDays)].filter(freshTo(base));
}

/** Sorts a candidate's objects by whether its base names them. */
export function sortObjects(candidate: Candidate): CandidateObjects {
  const { base, arrivals, eventDays, tables } = candidate;
  const isFresh = freshTo(base);
  const objects = [...ofArrivals(arrivals), ...ofEventDays(eventDays), ...ofWholeTables(tables)];
  const entries = touchedEntries(candidate);
  const merged = new Set(entries.flatMap(([, { pieces }]) => pieces.map(({ arrival }) => arrival)));
  const restedOn = [
    ...ofArrivals([...arrivals].filter(([day]) => merged.has(day))),
    ...ofEventDays(entries),
    ...ofWholeTables(tables),
  ];
  return {
    fresh: objects.filter(isFresh),
    known: restedOn.filter((object) => !isFresh(object)),
    arrivals: new Map([...arrivals].filter((arrival) => ofArrivals([arrival]).some(isFresh))),
  };
}

function freshTo(base: CatalogState | null): (object: AuditedObject) => boolean {
  if (base === null) return () => true;
  const { arrivals, eventDays, snapshot } = base;
  const named = [...ofArrivals(arrivals), ...ofEventDays(eventDays), ...ofWholeTables(snapshot.tables)];
  const before = new Map(named.map(({ ref }) => [ref.key, ref.sha256]));
  return ({ ref }) => before.get(ref.key) !== ref.sha256;
}

function ofArrivals(arrivals: Iterable<readonly [Day, ArrivalEntry]>): AuditedObject[] {
  return [...arrivals].flatMap(([day, { accepted, quarantine }]) => [
    ...accepted.map((ref) => ({ name: `accepted rows of arrival ${day}`, ref, columns: acceptedTypes })),
    { name: `quarantine of arrival ${day}`, ref: quarantine, columns: quarantineTypes },
  ]);
}

function ofEventDays(eventDays: Iterable<readonly [Day, EventDayEntry]>): AuditedObject[] {
  return [...eventDays].flatMap(([day, { tables }]) =>
    dayTables.map((table) => ({
      name: `${table} of ${day}`,
      ref: tables[table],
      columns: duckDbColumnsOf(table),
    })),
  );
}

function ofWholeTables(tables: Snapshot['tables']): AuditedObject[] {
  return wholeTables.map((table) => ({ name: table, ref: tables[table], columns: duckDbColumnsOf(table) }));
}
