import type { DefectRates } from '../domain/game-model.ts';
import type { EventTypeName, topLevelFields } from '../schema/contract.ts';

/** A day that goes wrong in one way, and the one quality check that has to stop it. */
export interface Scenario {
  readonly description: string;
  /** What stops the day: a check of the gate, or the reading itself. */
  readonly stoppedBy: string;
  /** Rates that are taken instead of the model's. */
  readonly defects?: Partial<DefectRates>;
  /** The field that defects of the kind nullField set to null, instead of any. */
  readonly nulledField?: (typeof topLevelFields)[number];
  /** Only the events of so many players, the first ones, are sent. */
  readonly playersSent?: number;
  /** Events of this type are never sent. */
  readonly typeLost?: EventTypeName;
  /** Amounts of purchases are written multiplied by this. */
  readonly amountFactor?: number;
  /** The upload stops before the archive's end. */
  readonly cutOff?: true;
}

/** The named scenarios. */
export const scenarios = {
  'too-few-events': {
    description: 'the events of only 40 players are sent',
    stoppedBy: 'minimum event count',
    playersSent: 40,
  },
  'missing-session-end': {
    description: 'the client never sends session_end',
    stoppedBy: 'required event types',
    typeLost: 'session_end',
  },
  'null-flood': {
    description: 'a quarter of the lines have null in player_id',
    stoppedBy: 'null percentage of a required field',
    defects: { nullField: 0.25 },
    nulledField: 'player_id',
  },
  'duplicate-storm': {
    description: 'a retry loop sends more than a third of the lines twice',
    stoppedBy: 'duplicate events',
    defects: { exactDuplicate: 0.35 },
  },
  'clock-skew': {
    description: 'a fifth of the events are 2 to 30 days ahead',
    stoppedBy: 'future timestamps',
    defects: { future: 0.2 },
  },
  'currency-bug': {
    description: 'amounts of purchases are written a thousand times too high',
    stoppedBy: 'revenue outliers',
    amountFactor: 1000,
  },
  'truncated-upload': {
    description: 'the archive ends before its end',
    stoppedBy: 'reading: UnreadableObject',
    cutOff: true,
  },
  'schema-drift': {
    description: 'a third of the lines have a field that nobody announced, and some a new event type',
    stoppedBy: 'schema drift',
    defects: { unknownField: 0.33, unknownType: 0.04 },
  },
} as const satisfies Record<string, Scenario>;

/** Name of a scenario. */
export type ScenarioName = keyof typeof scenarios;

/** The names, as they are listed. */
export const scenarioNames = Object.keys(scenarios) as ScenarioName[];
