import type { Day } from './day.ts';

/** How the players of one segment behave. Chances and shares are from 0 to 1. */
export interface SegmentModel {
  /** Share of all players. */
  readonly share: number;
  /** Chance to play on a day, `activity / (1 + fade × days since acquisition)`; on the day of acquisition everybody plays. */
  readonly activity: number;
  readonly fade: number;
  /** Chance, each day, never to come back. */
  readonly churn: number;
  /** Mean sessions of a day with any. */
  readonly sessionsADay: number;
  /** Mean tries at levels in a session. */
  readonly triesASession: number;
  /** Share of the segment's players who are ready to pay. */
  readonly payers: number;
  /** Chance of an ad after each finished try. */
  readonly ads: number;
  /** Added to the chance of winning a try. */
  readonly skill: number;
  /** Product → weight among what the segment buys. */
  readonly basket: Readonly<Record<string, number>>;
}

/** When new players come. Days count from the launch, which is day 0. */
export interface AcquisitionModel {
  /** Days on which new players come, from the launch on. */
  readonly calendarDays: number;
  /** Share of all players who come on the launch day, when there are more days. */
  readonly launchShare: number;
  /** A later day's weight is `1 / (1 + decay × day / calendarDays)`, and that of the waves it is in. */
  readonly decay: number;
  /** Waves by name, each with its weight on every day from `fromDay` to `toDay`, both included. */
  readonly waves: Readonly<Record<string, WaveModel>>;
}

/** One acquisition wave. */
export interface WaveModel {
  readonly fromDay: number;
  readonly toDay: number;
  readonly weight: number;
}

/** Chance of winning a try: `firstChance + skill − min(mostDrop, dropALevel × level)`, less on hard levels. */
export interface LevelModel {
  readonly firstChance: number;
  readonly dropALevel: number;
  readonly mostDrop: number;
  /** Each so many levels one is hard: its chance is lower by `hardDrop`. */
  readonly hardEvery: number;
  readonly hardDrop: number;
  /** The chance stays within these. */
  readonly leastChance: number;
  readonly mostChance: number;
  /** Each so many levels won unlock an achievement. */
  readonly achievementEvery: number;
}

/** A content update: on its day play is likelier by `lift`, which fades to nothing in `fadeDays`, evenly. */
export interface UpdateModel {
  readonly day: number;
  readonly lift: number;
  readonly fadeDays: number;
}

/** Hours, UTC, in which nothing can be played: running sessions break off without an end. */
export interface OutageModel {
  readonly day: number;
  readonly fromHour: number;
  readonly hours: number;
}

/** The kinds of defect, in the order in which chance decides between them; an event has at most one. */
export const defectKinds = [
  'malformed',
  'truncated',
  'missingField',
  'nullField',
  'wrongType',
  'unknownType',
  'outOfRange',
  'badEncoding',
  'oversized',
  'future',
  'tooLate',
  'late',
  'exactDuplicate',
  'conflictingDuplicate',
  'absurdAmount',
  'unknownField',
] as const;

/** One of `defectKinds`. */
export type DefectKind = (typeof defectKinds)[number];

/** Share of the events that can have each defect, 0 to 1, that come with it; together at most 1. */
export type DefectRates = Readonly<Record<DefectKind, number>>;

/** A synthetic game: all that its events follow from, but the seed. A preset is one, as YAML. */
export interface GameModel {
  readonly players: number;
  readonly launchDay: Day;
  /** What the whole calendar is meant to come to, for the closing summary. */
  readonly intent: { readonly eventsAPlayer: number; readonly everPaid: number };
  readonly acquisition: AcquisitionModel;
  readonly segments: Readonly<Record<string, SegmentModel>>;
  /** By ISO 3166-1 code: share of players by weight, and by how many hours clocks there are ahead of UTC. */
  readonly countries: Readonly<Record<string, { readonly weight: number; readonly utcOffset: number }>>;
  readonly platforms: Readonly<Record<string, number>>;
  readonly sources: Readonly<Record<string, number>>;
  /** Weight of each hour of the player's own day, 24 of them. */
  readonly hours: readonly number[];
  /** How much likelier a day of play, and how many more sessions, on Saturday and Sunday, UTC. */
  readonly weekendLift: number;
  readonly levels: LevelModel;
  /** Seconds, least and most. */
  readonly pace: {
    readonly pauseSeconds: readonly [number, number];
    readonly trySeconds: readonly [number, number];
  };
  /** Product → price in USD. */
  readonly catalogue: Readonly<Record<string, number>>;
  /** Chance that a player who is ready to pay buys in a session. */
  readonly purchaseChance: number;
  readonly ads: {
    /** USD an ad earns, least and most. */
    readonly revenue: readonly [number, number];
    readonly placements: Readonly<Record<string, number>>;
  };
  /** Version of the game → day since the launch from which everyone has it. */
  readonly versions: Readonly<Record<string, number>>;
  readonly updates: Readonly<Record<string, UpdateModel>>;
  readonly outages: Readonly<Record<string, OutageModel>>;
  readonly defects: DefectRates;
  /** Bytes of an oversized line; more than the pipeline reads. */
  readonly oversizedBytes: number;
}
