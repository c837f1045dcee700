/** What a value of a property must be in the JSON, and the column type that it gets. */
export type PropertyKind = 'text' | 'integer' | 'number' | 'money' | 'boolean';

/** One property of an event, the same in each event type that carries it. */
export interface PropertyDeclaration {
  readonly kind: PropertyKind;
  /** Smallest value that is not `out_of_range`. */
  readonly min?: number;
  readonly unit?: string;
  readonly description: string;
}

/** Every property that the contract knows; each is a column of `events_cleaned`. */
export const properties = {
  session_id: { kind: 'text', description: 'Session that the client says the event belongs to.' },
  country: { kind: 'text', description: 'ISO 3166-1 alpha-2 code of the player’s country.' },
  platform: { kind: 'text', description: 'Platform, for example ios, android or web.' },
  source: { kind: 'text', description: 'Acquisition source of the player.' },
  app_version: { kind: 'text', description: 'Version of the game.' },
  duration_s: {
    kind: 'number',
    min: 0,
    unit: 'seconds',
    description: 'Length of the session by the client.',
  },
  level: { kind: 'integer', min: 0, description: 'Level number.' },
  success: { kind: 'boolean', description: 'Whether the level was won.' },
  time_spent: { kind: 'number', min: 0, unit: 'seconds', description: 'Time in the level.' },
  amount: { kind: 'money', min: 0, unit: '`currency`', description: 'Price paid.' },
  currency: { kind: 'text', description: 'ISO 4217 code; the base currency when absent.' },
  product_id: { kind: 'text', description: 'Product bought.' },
  revenue: { kind: 'money', min: 0, unit: 'base currency', description: 'What the ad earned.' },
  placement: { kind: 'text', description: 'Where the ad was shown.' },
  achievement_id: { kind: 'text', description: 'Achievement unlocked.' },
} as const satisfies Record<string, PropertyDeclaration>;

/** Name of a property of the contract. */
export type PropertyName = keyof typeof properties;

/** Which properties an event of a type may carry, and whether it must. */
export type EventTypeDeclaration = Readonly<Partial<Record<PropertyName, 'required' | 'optional'>>>;

/** The eight event types. A new type is added here and nowhere else. */
export const eventTypes = {
  player_registered: {
    country: 'optional',
    platform: 'optional',
    source: 'optional',
    app_version: 'optional',
  },
  session_start: {
    session_id: 'required',
    platform: 'optional',
    country: 'optional',
    app_version: 'optional',
  },
  session_end: { session_id: 'required', duration_s: 'optional' },
  level_start: { level: 'required', session_id: 'optional' },
  level_complete: { level: 'required', success: 'required', time_spent: 'optional', session_id: 'optional' },
  purchase: { amount: 'required', currency: 'optional', product_id: 'optional', session_id: 'optional' },
  ad_watched: { revenue: 'optional', placement: 'optional', session_id: 'optional' },
  achievement_unlocked: { achievement_id: 'required', session_id: 'optional' },
} as const satisfies Record<string, EventTypeDeclaration>;

/** Name of an event type of the contract. */
export type EventTypeName = keyof typeof eventTypes;

/** The four top-level fields, each a non-empty text; `properties` is the fifth. */
export const topLevelFields = ['event_id', 'player_id', 'event_type', 'timestamp'] as const;

/** Property names in the contract's order, which is the columns' order. */
export const propertyNames = Object.keys(properties) as PropertyName[];

/** Event type names in the contract's order. */
export const eventTypeNames = Object.keys(eventTypes) as EventTypeName[];

/** The declaration of a property by its name. */
export function propertyOf(name: PropertyName): PropertyDeclaration {
  return properties[name];
}
