import type { ArrivalRecord } from '../domain/arrival.ts';
import type { InputObject } from '../domain/object-ref.ts';
import { nameOf } from './sha256.ts';

/** An object by what decides about its content. */
export type LandedObject = Pick<InputObject, 'key' | 'bytes' | 'etag'>;

/** What has landed for an arrival day: its raw objects, and the keys of the replays that supersede lines of them; both in key order. */
export interface Landed {
  readonly objects: readonly LandedObject[];
  readonly replays: readonly string[];
}

/** What of an arrival's data decides about its reading: content, not version ids. */
export interface LandedIdentity {
  readonly objects: readonly [string, number, string][];
  readonly replays: readonly string[];
}

/** How data differs from other data: numbers of objects and replays. */
export interface DataChange {
  readonly added: number;
  readonly replaced: number;
  readonly removed: number;
  readonly replays: number;
}

/** What of objects decides about what is made from them. */
export function inputIdentity(objects: readonly LandedObject[]): readonly [string, number, string][] {
  return objects.map(({ key, bytes, etag }) => [key, bytes, etag]);
}

/** What of an arrival's data decides about its reading. */
export function identityOf({ objects, replays }: Landed): LandedIdentity {
  return { objects: inputIdentity(objects), replays };
}

/** The name of an arrival's data: other data has another name. */
export function nameData(landed: Landed): string {
  return nameOf(identityOf(landed));
}

/** The data that a record was made from. */
export function dataOf({ inputs, replays }: Pick<ArrivalRecord, 'inputs' | 'replays'>): Landed {
  return { objects: inputs, replays };
}

/** How what has landed differs from what was known, in whatever order; null when it does not. */
export function findChange(known: Landed, landed: Landed): DataChange | null {
  const before = new Map(known.objects.map((object) => [object.key, object]));
  const present = new Set(landed.objects.map(({ key }) => key));
  const change = {
    added: landed.objects.filter(({ key }) => !before.has(key)).length,
    replaced: landed.objects.filter(({ key, bytes, etag }) => {
      const old = before.get(key);
      return old !== undefined && (old.bytes !== bytes || old.etag !== etag);
    }).length,
    removed: known.objects.filter(({ key }) => !present.has(key)).length,
    replays: countOnlyIn(known.replays, landed.replays) + countOnlyIn(landed.replays, known.replays),
  };
  return Object.values(change).some((count) => count > 0) ? change : null;
}

/** Whether a record was made from just this data under just this configuration. */
export function isMadeFrom(
  record: Pick<ArrivalRecord, 'inputs' | 'replays' | 'configHash'>,
  landed: Landed,
  configHash: string,
): boolean {
  return record.configHash === configHash && findChange(dataOf(record), landed) === null;
}

function countOnlyIn(some: readonly string[], others: readonly string[]): number {
  const known = new Set(others);
  return some.filter((one) => !known.has(one)).length;
}
