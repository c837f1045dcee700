import { type DefectKind, type DefectRates, defectKinds } from '../domain/game-model.ts';
import type { ReasonCode } from '../domain/reason.ts';
import { type EventTypeName, eventTypes, type PropertyName, propertyOf } from '../schema/contract.ts';
import type { SyntheticEvent } from './draw-events.ts';
import { DAY_MS } from './game.ts';
import type { RandomStream } from './random.ts';
import { remember } from './remember.ts';
import type { Scenario } from './scenarios.ts';

/** What becomes of an event between the player's device and the tables. Days count from the launch. */
export interface Fate {
  readonly defect: DefectKind | null;
  /** From 0, below 1: which of a defect's variants it is. */
  readonly dice: number;
  /** The UTC day on which it happened. */
  readonly eventDay: number;
  /** The day whose objects it lands in; null when it is never sent. */
  readonly arrivalDay: number | null;
  /** Whether it is one of the rows of its event day, once everything has landed. */
  readonly accepted: boolean;
}

/** Why a line with a defect is rejected; null when it is accepted. */
export const rejectedFor: Readonly<Record<DefectKind, ReasonCode | null>> = {
  malformed: 'malformed',
  truncated: 'malformed',
  missingField: 'missing_field',
  nullField: 'missing_field',
  wrongType: 'wrong_type',
  unknownType: 'unknown_type',
  outOfRange: 'out_of_range',
  badEncoding: 'bad_encoding',
  oversized: 'oversized',
  future: 'future',
  tooLate: 'too_late',
  late: null,
  exactDuplicate: null,
  conflictingDuplicate: null,
  absurdAmount: null,
  unknownField: null,
};

/** How many days after it happened a late event lands at most. */
export const MOST_DAYS_LATE = 5;

/** Properties of an event type that have a least value. */
export function boundedProperties(type: EventTypeName): PropertyName[] {
  return (Object.keys(eventTypes[type]) as PropertyName[]).filter(
    (name) => propertyOf(name).min !== undefined,
  );
}

const canBeOutOfRange = new Set(
  (Object.keys(eventTypes) as EventTypeName[]).filter((type) => boundedProperties(type).length > 0),
);

/** Rates and scenario made ready to draw fates from. */
export class Perils {
  private readonly kinds: readonly { readonly kind: DefectKind; readonly end: number }[];
  private readonly end: number;
  private readonly scenario: Scenario | null;
  /** One object a day: nearly all events share it. */
  private readonly harmlessOn = remember((eventDay: number): Fate => {
    const accepted = this.scenario?.cutOff !== true;
    return { defect: null, dice: 0, eventDay, arrivalDay: eventDay, accepted };
  });

  /** The rates of the scenario come before the model's. */
  constructor(model: DefectRates, scenario: Scenario | null) {
    const rates = { ...model, ...scenario?.defects };
    let end = 0;
    this.kinds = defectKinds.map((kind) => {
      end += rates[kind];
      return { kind, end };
    });
    this.end = end;
    this.scenario = scenario;
  }

  /** Draws what becomes of an event of a session that began on `dayNumber`. */
  drawFate(event: SyntheticEvent, dayNumber: number, playerIndex: number, random: RandomStream): Fate {
    const chance = random.next();
    const drawn = chance < this.end ? this.kinds.find(({ end }) => chance < end)?.kind : undefined;
    const defect = drawn !== undefined && canHave(event.type, drawn) ? drawn : null;
    const dice = drawn === undefined ? 0 : random.next();
    const eventDay = event.at < DAY_MS ? dayNumber : dayNumber + 1;
    if (this.isLost(event.type, playerIndex)) {
      return { defect: null, dice, eventDay, arrivalDay: null, accepted: false };
    }
    if (defect === null) return this.harmlessOn(eventDay);
    const arrivalDay = eventDay + (defect === 'late' ? 1 + Math.floor(dice * MOST_DAYS_LATE) : 0);
    const accepted = rejectedFor[defect] === null && this.scenario?.cutOff !== true;
    return { defect, dice, eventDay, arrivalDay, accepted };
  }

  private isLost(type: EventTypeName, playerIndex: number): boolean {
    if (this.scenario === null) return false;
    const { playersSent = Number.POSITIVE_INFINITY, typeLost } = this.scenario;
    return playerIndex >= playersSent || typeLost === type;
  }
}

/** Whether an event of the type can come with the defect. */
export function canHave(type: EventTypeName, kind: DefectKind): boolean {
  if (kind === 'absurdAmount') return type === 'purchase';
  return kind !== 'outOfRange' || canBeOutOfRange.has(type);
}
