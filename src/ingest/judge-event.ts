import { addDays, type Day, daysBetween, parseDay } from '../domain/day.ts';
import type { ReasonCode } from '../domain/reason.ts';
import {
  type EventTypeDeclaration,
  eventTypeNames,
  eventTypes,
  type PropertyKind,
  type PropertyName,
  propertyNames,
  propertyOf,
  topLevelFields,
} from '../schema/contract.ts';
import { care } from './csv-row.ts';
import { readDouble, readMoney, readWhole } from './exact-number.ts';
import { type Kind, kinds } from './json-scanner.ts';
import { NameTable } from './name-table.ts';
import { ObjectReader, type ObjectShape } from './object-reader.ts';
import { dateOf, TimestampReader } from './timestamp-reader.ts';

/** What the reading of an arrival depends on beside its lines. */
export interface ClassifyRules {
  readonly day: Day;
  readonly lateWindowDays: number;
  readonly futureWindowDays: number;
  readonly naiveTimestamps: 'reject' | 'utc';
}

const CONTAINER = 'properties';
const EPOCH = parseDay('1970-01-01');
const shape: ObjectShape = {
  names: [...topLevelFields, CONTAINER],
  container: { name: CONTAINER, names: propertyNames },
};

/** Slots of an event: the four fields, `properties`, then each property of the contract in its order. */
export const slots = {
  eventId: 0,
  playerId: 1,
  eventType: 2,
  timestamp: 3,
  properties: 4,
  firstProperty: 5,
} as const;

/** What an event of a type may carry. */
export interface TypePlan {
  readonly name: string;
  readonly required: readonly CarriedProperty[];
  readonly carried: readonly CarriedProperty[];
}

/** A property in its slot. */
export interface CarriedProperty {
  readonly name: PropertyName;
  readonly slot: number;
  readonly kind: PropertyKind;
  readonly min: number;
}

const said: Record<PropertyKind, string> = {
  text: 'text',
  integer: 'a whole number',
  number: 'a number',
  money: 'a number',
  boolean: 'true or false',
};

const kindNames = ['absent', 'null', 'text', 'number', 'true', 'false', 'an object', 'an array'];

/** The event types in the contract's order. */
export const typePlans: readonly TypePlan[] = eventTypeNames.map((type) => {
  const declaration: EventTypeDeclaration = eventTypes[type];
  const carried = propertyNames
    .map((name, n) => ({ name, slot: slots.firstProperty + n, ...propertyOf(name) }))
    .map(({ name, slot, kind, min = Number.NEGATIVE_INFINITY }) => ({ name, slot, kind, min }))
    .filter(({ name }) => declaration[name] !== undefined);
  return { name: type, carried, required: carried.filter(({ name }) => declaration[name] === 'required') };
});

const typeTable = new NameTable(new Map(eventTypeNames.map((name, n) => [name, n])));

/** Judges events by the contract: what was read into `reader` is accepted, or has a reason, which is the first that applies. */
export class EventJudge {
  readonly reader = new ObjectReader(shape);
  /** Why the last event was not accepted. */
  reason: ReasonCode = 'malformed';
  detail = '';
  /** The event type of the last event, in the contract's order; -1 when the contract does not know it. */
  type = -1;
  /** By slot, what stands in the column where that is not the value's own text; otherwise empty. */
  readonly replaced: string[] = Array.from({ length: slots.firstProperty + propertyNames.length }, () => '');
  private readonly rules: ClassifyRules;
  private readonly timestamps: TimestampReader;
  private readonly today: number;

  constructor(rules: ClassifyRules) {
    this.rules = rules;
    this.timestamps = new TimestampReader(rules.naiveTimestamps);
    this.today = daysBetween(EPOCH, rules.day);
  }

  /** Judges what the reader holds; false when it is rejected. */
  judge(): boolean {
    this.type = this.findType();
    return this.hasFields() && this.hasTypes() && this.hasProperties() && this.isWithinWindow();
  }

  /** Whether a slot is absent, null or empty. */
  isMissing(slot: number): boolean {
    const { reader } = this;
    const kind = reader.kinds[slot];
    return kind === kinds.text ? reader.starts[slot] === reader.ends[slot] : (kind as Kind) <= kinds.null;
  }

  private findType(): number {
    const { reader } = this;
    if (reader.kinds[slots.eventType] !== kinds.text) return -1;
    if (reader.care[slots.eventType] !== care.none) return typeTable.findText(reader.textOf(slots.eventType));
    const start = reader.starts[slots.eventType] as number;
    return typeTable.find(reader.bytes, start, reader.ends[slots.eventType] as number);
  }

  private hasFields(): boolean {
    for (let slot = 0; slot < topLevelFields.length; slot += 1) {
      if (this.isMissing(slot))
        return this.reject('missing_field', `${topLevelFields[slot]} is absent, null or empty`);
    }
    const container = this.reader.kinds[slots.properties] as Kind;
    const plan = typePlans[this.type];
    if (plan === undefined || (container > kinds.null && container !== kinds.object)) return true;
    for (const { name, slot } of plan.required) {
      if (!this.isMissing(slot)) continue;
      return this.reject(
        'missing_field',
        `properties.${name} is absent, null or empty; ${plan.name} needs it`,
      );
    }
    return true;
  }

  private hasTypes(): boolean {
    const { reader } = this;
    for (let slot = 0; slot < topLevelFields.length; slot += 1) {
      const kind = reader.kinds[slot] as Kind;
      if (kind !== kinds.text)
        return this.reject('wrong_type', `${topLevelFields[slot]} is ${kindNames[kind]}; expected text`);
    }
    if (!this.readTimestamp()) {
      const example = this.rules.naiveTimestamps === 'utc' ? '' : ' with Z or an offset';
      return this.reject(
        'wrong_type',
        `timestamp is ${this.quoteValue(slots.timestamp)}; expected ISO 8601${example}`,
      );
    }
    const container = reader.kinds[slots.properties] as Kind;
    if (container > kinds.null && container !== kinds.object)
      return this.reject('wrong_type', `properties is ${kindNames[container]}; expected an object`);
    if (this.type >= 0) return true;
    return this.reject(
      'unknown_type',
      `event_type ${this.quoteValue(slots.eventType)} is not in the contract`,
    );
  }

  private readTimestamp(): boolean {
    const { reader, timestamps } = this;
    let isRead: boolean;
    if (reader.care[slots.timestamp] === care.none) {
      const start = reader.starts[slots.timestamp] as number;
      isRead = timestamps.read(reader.bytes, start, reader.ends[slots.timestamp] as number);
      this.replaced[slots.timestamp] = timestamps.text;
    } else {
      const text = Buffer.from(reader.textOf(slots.timestamp));
      isRead = timestamps.read(text, 0, text.length);
      this.replaced[slots.timestamp] = timestamps.text || text.toString('latin1', 0, text.length - 1);
    }
    return isRead;
  }

  private hasProperties(): boolean {
    const { carried } = typePlans[this.type] as TypePlan;
    for (let n = 0; n < carried.length; n += 1) {
      const property = carried[n] as CarriedProperty;
      if (!this.fits(property)) {
        const value = this.quoteValue(property.slot);
        return this.reject(
          'wrong_type',
          `properties.${property.name} is ${value}; expected ${said[property.kind]} that fits`,
        );
      }
    }
    for (let n = 0; n < carried.length; n += 1) {
      const property = carried[n] as CarriedProperty;
      if (this.isBelow(property)) {
        const value = this.quoteValue(property.slot);
        return this.reject(
          'out_of_range',
          `properties.${property.name} is ${value}; at least ${property.min}`,
        );
      }
    }
    return true;
  }

  private fits({ slot, kind }: CarriedProperty): boolean {
    const found = this.reader.kinds[slot] as Kind;
    if (found <= kinds.null) return true;
    if (kind === 'text') return found === kinds.text;
    if (kind === 'boolean') return found === kinds.true || found === kinds.false;
    if (found !== kinds.number) return false;
    this.replaced[slot] = '';
    if (this.isPlainNumber(slot, kind)) return true;
    const text = this.reader.textOf(slot);
    const value =
      kind === 'integer' ? readWhole(text) : kind === 'money' ? readMoney(text) : readDouble(text);
    this.replaced[slot] = value ?? '';
    return value !== null;
  }

  /** Whether a number's own text is what the column takes: digits without a sign, with up to four behind a point but for whole ones. */
  private isPlainNumber(slot: number, kind: PropertyKind): boolean {
    const { bytes, starts, ends } = this.reader;
    const end = ends[slot] as number;
    let p = starts[slot] as number;
    const whole = p;
    while (p < end && isDigit(bytes[p] as number)) p += 1;
    if (p === whole || p - whole > 13) return false;
    if (p === end) return true;
    if (kind === 'integer' || bytes[p] !== 0x2e) return false;
    const point = p;
    p += 1;
    while (p < end && isDigit(bytes[p] as number)) p += 1;
    return p === end && p - point <= 5;
  }

  private isBelow({ slot, min }: CarriedProperty): boolean {
    if (this.reader.kinds[slot] !== kinds.number || min === Number.NEGATIVE_INFINITY) return false;
    const value = this.replaced[slot] as string;
    if (value === '' && min <= 0) return false;
    return Number(value === '' ? this.reader.textOf(slot) : value) < min;
  }

  private isWithinWindow(): boolean {
    const { day, lateWindowDays, futureWindowDays } = this.rules;
    const ahead = this.timestamps.day - this.today;
    if (ahead > futureWindowDays) {
      const latest = addDays(day, futureWindowDays);
      return this.reject(
        'future',
        `event day ${dateOf(this.timestamps.day)} is after ${latest}, the last that ${day} may hold`,
      );
    }
    if (ahead >= -lateWindowDays) return true;
    const earliest = addDays(day, -lateWindowDays);
    return this.reject(
      'too_late',
      `event day ${dateOf(this.timestamps.day)} is before ${earliest}, the first that ${day} may hold`,
    );
  }

  /** A value as a person can recognize it: no more than 80 characters, control characters escaped. */
  private quoteValue(slot: number): string {
    const kind = this.reader.kinds[slot] as Kind;
    if (kind !== kinds.text && kind !== kinds.number) return kindNames[kind] as string;
    const text = this.reader.textOf(slot).slice(0, 80).toWellFormed();
    return kind === kinds.text ? JSON.stringify(text) : text;
  }

  private reject(reason: ReasonCode, detail: string): false {
    this.reason = reason;
    this.detail = detail;
    return false;
  }
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}
