import type { Day } from '../domain/day.ts';
import type { ObjectRef } from '../domain/object-ref.ts';
import { acceptedTypes } from '../ingest/accepted-rows.ts';
import { quarantineTypes } from '../ingest/quarantine.ts';
import { duckDbColumnsOf } from '../schema/tables.ts';
import type { CatalogState } from '../storage/catalog.ts';
import type { ArrivalEntry, EventDayEntry, Snapshot } from '../storage/catalog-format.ts';
import {
  type NamedObject,
  type ObjectKind,
  objectsOfArrivals,
  objectsOfEventDays,
  objectsOfWholeTables,
} from '../storage/named-objects.ts';

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

const ofArrivals = (arrivals: Parameters<typeof objectsOfArrivals>[0]) =>
  toAudited(objectsOfArrivals(arrivals));
const ofEventDays = (days: Parameters<typeof objectsOfEventDays>[0]) => toAudited(objectsOfEventDays(days));
const ofWholeTables = (tables: Snapshot['tables']) => toAudited(objectsOfWholeTables(tables));

/** Objects of rows with their columns; reports have none. */
function toAudited(named: readonly NamedObject[]): AuditedObject[] {
  return named.flatMap(({ kind, what, ref }) => {
    if (ref === null || kind === 'report' || kind === 'restatements') return [];
    return [{ name: what, ref, columns: typesOf(kind) }];
  });
}

function typesOf(kind: Exclude<ObjectKind, 'report' | 'restatements'>): Readonly<Record<string, string>> {
  if (kind === 'accepted rows') return acceptedTypes;
  return kind === 'quarantine' ? quarantineTypes : duckDbColumnsOf(kind);
}
