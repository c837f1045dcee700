import { isDay } from '../../src/domain/day.ts';
import type { ReasonCode } from '../../src/domain/reason.ts';
import {
  type EventTypeDeclaration,
  type EventTypeName,
  eventTypeNames,
  eventTypes,
  type PropertyKind,
  type PropertyName,
  propertyNames,
  propertyOf,
  topLevelFields,
} from '../../src/schema/contract.ts';

/** An event that satisfies the contract. */
export interface ReadEvent {
  readonly event_id: string;
  readonly player_id: string;
  readonly event_type: EventTypeName;
  readonly timestamp: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** What is wrong with a line by the contract, or its event. */
export type ReadLine = ReasonCode | 'outside_contract' | ReadEvent;

const TIMESTAMP = /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/;

const fits: Record<PropertyKind, (value: unknown) => boolean> = {
  text: (value) => typeof value === 'string' && value !== '',
  integer: Number.isInteger,
  number: Number.isFinite,
  money: Number.isFinite,
  boolean: (value) => typeof value === 'boolean',
};

const carriedBy: Record<string, readonly PropertyName[]> = Object.fromEntries(
  eventTypeNames.map((type) => {
    const declaration: EventTypeDeclaration = eventTypes[type];
    return [type, propertyNames.filter((name) => declaration[name] !== undefined)];
  }),
);

/**
 * Reads one line by the contract's declaration, in the order of its reasons, without the pipeline's own code. A line with
 * something that the contract does not know is outside it; dates are not looked at.
 */
export function readLine(line: string): ReadLine {
  const parsed = parseObject(line);
  if (parsed === null) return 'malformed';
  const { event_id, player_id, timestamp, properties } = parsed;
  const event_type = eventTypeNames.find((name) => name === parsed['event_type']);
  const given = isRecord(properties) ? properties : null;
  if (topLevelFields.some((name) => isMissing(parsed[name]))) return 'missing_field';
  if (
    event_type !== undefined &&
    given !== null &&
    requiredBy(event_type).some((name) => isMissing(given[name]))
  ) {
    return 'missing_field';
  }
  if (typeof event_id !== 'string' || typeof player_id !== 'string') return 'wrong_type';
  if (!isTimestamp(timestamp) || given === null) return 'wrong_type';
  if (event_type === undefined) return 'unknown_type';
  const problem = judgeProperties(event_type, given);
  if (problem !== null) return problem;
  if (Object.keys(parsed).join() !== [...topLevelFields, 'properties'].join()) return 'outside_contract';
  return { event_id, player_id, event_type, timestamp, properties: given };
}

function isMissing(value: unknown): boolean {
  return (value ?? '') === '';
}

function requiredBy(type: EventTypeName): PropertyName[] {
  const declaration: EventTypeDeclaration = eventTypes[type];
  return propertyNames.filter((name) => declaration[name] === 'required');
}

function judgeProperties(
  type: EventTypeName,
  given: Readonly<Record<string, unknown>>,
): 'wrong_type' | 'out_of_range' | 'outside_contract' | null {
  const carried = carriedBy[type] ?? [];
  const present = carried.filter((name) => name in given);
  if (present.some((name) => !fits[propertyOf(name).kind](given[name]))) return 'wrong_type';
  const isBelow = (name: PropertyName) => Number(given[name]) < (propertyOf(name).min ?? -Infinity);
  if (present.some(isBelow)) return 'out_of_range';
  const isWhole = present.length === carried.length && Object.keys(given).length === carried.length;
  return isWhole ? null : 'outside_contract';
}

/** Reads lines of which each has to satisfy the contract. */
export function readEvents(lines: readonly string[]): ReadEvent[] {
  return lines.map((line) => {
    const event = readLine(line);
    if (typeof event === 'string') throw new Error(`${event}: ${line}`);
    return event;
  });
}

/** A line as an object, or null when it is none. */
export function parseObject(line: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(line);
    return isRecord(value) ? value : null;
  } catch {
    return null;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTimestamp(value: unknown): value is string {
  const date = typeof value === 'string' ? TIMESTAMP.exec(value)?.[1] : undefined;
  return date !== undefined && isDay(date);
}
