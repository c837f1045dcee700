import { type EventTypeName, eventTypes, type PropertyName, topLevelFields } from '../schema/contract.ts';
import { boundedProperties } from './fate.ts';

/** An event as an object that can be spoilt before it is written; a field that is undefined is left out. */
export interface EventRecord {
  event_id: unknown;
  player_id: unknown;
  event_type: unknown;
  timestamp: unknown;
  properties: unknown;
}

type Properties = Record<string, unknown>;

/** A value of a wrong type for each property that is no text. */
const wrongValues: Partial<Record<PropertyName, string>> = {
  level: 'five',
  success: 'yes',
  time_spent: 'long',
  amount: '4,99',
  revenue: 'some',
  duration_s: 'long',
};

/** One of the four fields or of the type's required properties. */
export function chooseField(type: EventTypeName, dice: number): string {
  const needed = Object.entries(eventTypes[type]).filter(([, need]) => need === 'required');
  return pick([...topLevelFields, ...needed.map(([property]) => property)], dice);
}

/** Sets a field or property to null, or leaves it out. */
export function takeField(record: EventRecord, name: string, value: null | undefined): void {
  const owner = (name in record ? record : record.properties) as Properties;
  owner[name] = value;
}

/** Gives the timestamp, the properties or one of them a wrong type. */
export function spoilType(record: EventRecord, dice: number): void {
  const properties = record.properties as Properties;
  const able = (Object.keys(wrongValues) as PropertyName[]).find((name) => name in properties);
  const variant = Math.floor(dice * 3);
  if (variant === 0) record.timestamp = String(record.timestamp).replace('T', ' at ');
  else if (variant === 1 || able === undefined) record.properties = ['none'];
  else properties[able] = wrongValues[able];
}

/** Gives the record an event type that the contract does not know. */
export function renameType(record: EventRecord, dice: number): void {
  record.event_type = pick(['app_crash', 'chat_message', 'guild_joined'], dice);
}

/** Makes a number of the record negative. */
export function negate(record: EventRecord, type: EventTypeName): void {
  const properties = record.properties as Properties;
  const name = boundedProperties(type).find((one) => one in properties);
  if (name !== undefined) properties[name] = -1 - Number(properties[name]);
}

/** Adds a property that the contract does not know. */
export function addUnknownProperty(record: EventRecord, dice: number): void {
  (record.properties as Properties)['device_model'] = pick(['a52', 'x11', 's9'], dice);
}

/** Adds a property of so many characters. */
export function addPadding(record: EventRecord, characters: number): void {
  (record.properties as Properties)['padding'] = 'x'.repeat(characters);
}

function pick<T>(items: readonly T[], dice: number): T {
  return items[Math.floor(dice * items.length)] as T;
}
