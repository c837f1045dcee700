import { isDay } from '../../src/domain/day.ts';
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
export type ReadLine = 'malformed' | 'missing_field' | 'wrong_type' | 'outside_contract' | ReadEvent;

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

/** Reads one line by the contract's declaration, in the order of its reasons, without the pipeline's own code. */
export function readLine(line: string): ReadLine {
  const parsed = parseObject(line);
  if (parsed === null) return 'malformed';
  if (topLevelFields.some((field) => (parsed[field] ?? '') === '')) return 'missing_field';
  const { event_id, player_id, timestamp, properties } = parsed;
  if (typeof event_id !== 'string' || typeof player_id !== 'string') return 'wrong_type';
  if (!isTimestamp(timestamp) || !isRecord(properties)) return 'wrong_type';
  const event_type = eventTypeNames.find((name) => name === parsed['event_type']);
  if (event_type === undefined || !hasItsProperties(event_type, properties)) return 'outside_contract';
  if (Object.keys(parsed).join() !== [...topLevelFields, 'properties'].join()) return 'outside_contract';
  return { event_id, player_id, event_type, timestamp, properties };
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

function hasItsProperties(type: EventTypeName, given: Readonly<Record<string, unknown>>): boolean {
  const carried = carriedBy[type] ?? [];
  if (Object.keys(given).length !== carried.length) return false;
  return carried.every((name) => {
    const value = given[name];
    const { kind, min } = propertyOf(name);
    return fits[kind](value) && (min === undefined || Number(value) >= min);
  });
}
