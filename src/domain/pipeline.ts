import type { AcceptedArrival, HeldArrival } from './arrival.ts';
import type { BuildPlan, EventDayBuild } from './build-plan.ts';
import type { Day } from './day.ts';
import type { DayChoice } from './day-choice.ts';
import type { EventDayLedger } from './ledger.ts';
import type { ObjectRef } from './object-ref.ts';
import type { Pace, Pause } from './pace.ts';
import type { AggregateTable } from './tables.ts';

/** What synthetic events are made from; what is absent is as the config's `generator` says. */
export interface GenerateRequest {
  /** Name of a preset in config/presets. */
  readonly preset?: string;
  readonly players?: number;
  readonly seed?: number;
  /** Name of what goes wrong on the day. */
  readonly scenario?: string;
}

/** Who asked for a run: a person, the daily schedule, a backfill, the landing watch, or `start` on a fresh clone. */
export type Trigger = 'manual' | 'schedule' | 'backfill' | 'landing' | 'demo';

/** Input of `dayWorkflow`. */
export interface DayInput {
  readonly day: Day;
  readonly trigger?: Trigger;
  /** Makes synthetic events first, unless the day holds landed data. */
  readonly generate?: GenerateRequest;
  /** `self` publishes when accepted; `parent` leaves that to the backfill that started it. */
  readonly publish?: 'self' | 'parent';
}

/** Input of `backfillWorkflow`; both ends are included. Web UI's own form can give it. */
export interface BackfillInput {
  readonly from: Day;
  readonly to: Day;
  readonly trigger?: Trigger;
  readonly generate?: GenerateRequest;
  /** Which days of the range are taken; all when absent. */
  readonly only?: DayChoice;
  /** How many days are taken at once; the config's `pipeline.backfillConcurrency` when absent. */
  readonly concurrency?: number;
  /** Of a run that was continued as new: its days, the results of the windows before this one, and whether it is paused. */
  readonly chosen?: readonly Day[];
  readonly soFar?: readonly DayOutcome[];
  readonly paused?: Pause | null;
}

/** How a day's run ended, or stands. */
export type DayState = 'waiting' | 'accepting' | 'accepted' | 'held' | 'published' | 'failed' | 'cancelled';

/** One day of a run, in few enough bytes for years of them. */
export interface DayOutcome {
  readonly day: Day;
  readonly state: DayState;
  readonly lines?: number;
  readonly accepted?: number;
  readonly rejected?: number;
  /** From its start to its gate. */
  readonly seconds?: number;
  /** Type and message of the failure, or what a held day waits for. */
  readonly failure?: string;
}

/** What a held day's run tells the backfill that started it, and whoever waits for it. */
export type HeldNotice = Pick<HeldArrival, 'day' | 'lines' | 'accepted' | 'rejected' | 'failed'>;

/** Result of `dayWorkflow`. */
export interface DayResult {
  readonly arrival: AcceptedArrival;
  readonly published: PublishResult | null;
}

/** Result of `backfillWorkflow`. */
export interface BackfillResult {
  readonly days: readonly DayOutcome[];
  readonly snapshot: string | null;
}

/** Progress of a run, as its query `progress` and Web UI's details tell it. */
export interface Progress {
  readonly stage: 'accept' | 'build' | 'publish' | 'done';
  readonly days: readonly DayOutcome[];
  /** Event days to be built and built, in the window at work. */
  readonly eventDays: { readonly planned: number; readonly built: number };
  /** Null where there is none: in the run of one day. */
  readonly pace: Pace | null;
  /** How long the rest of the stage takes if it goes on as it went; null when too little is done to say. */
  readonly secondsLeft: number | null;
  /** What was published last, of the window at work. */
  readonly published: PublishedResult | null;
}

/** Settings of the worker's config that workflows follow; read once a run, so that its history pins them. */
export interface WorkflowSettings {
  readonly computeQueue: string;
  readonly heartbeatTimeoutSeconds: number;
  readonly backfillConcurrency: number;
  readonly lateWindowDays: number;
  /** How long a held day waits for a decision. */
  readonly holdHours: number;
  /** What the daily run generates, or null where events are landed. */
  readonly generate: GenerateRequest | null;
}

/** Result of the activity `generate`. */
export interface GenerateResult {
  /** Why nothing was made, or null. */
  readonly skipped: 'made-before' | 'landed-data' | null;
  /** Events of the day, as they happened. */
  readonly events: number;
  readonly lines: number;
  /** Uncompressed. */
  readonly bytes: number;
}

/** Result of the activity `planBuild`: a plan against one snapshot. */
export interface PlanResult extends BuildPlan {
  /** Id of the snapshot that it was made against, null before the first. */
  readonly base: string | null;
  /** `events_cleaned` of the days that are aggregated or next to one, and are not built. */
  readonly published: Readonly<Record<Day, ObjectRef>>;
}

/** Result of the activity `clean`. */
export interface CleanResult {
  readonly events: ObjectRef;
  readonly ledger: EventDayLedger;
}

/** Input of the activity `aggregate`: `events_cleaned` of an event day and of its neighbours, null where there is none. */
export interface AggregateInput {
  readonly day: Day;
  readonly previous: ObjectRef | null;
  readonly events: ObjectRef;
  readonly next: ObjectRef | null;
  readonly nextIsComplete: boolean;
}

/** One event day, built from its pieces. */
export interface BuiltEventDay extends EventDayBuild, CleanResult {}

/** The tables of an event day that follow from its events and its neighbours'. */
export interface AggregatedEventDay {
  readonly day: Day;
  readonly tables: Readonly<Record<AggregateTable, ObjectRef>>;
}

/** Input of the activity `publish`. */
export interface PublishRequest {
  readonly base: string | null;
  readonly arrivals: readonly AcceptedArrival[];
  readonly built: readonly BuiltEventDay[];
  readonly aggregated: readonly AggregatedEventDay[];
  readonly removed: readonly Day[];
  readonly trigger: Trigger;
}

/** How many values of how many complete days a commit changed. */
export interface RestatedCount {
  readonly values: number;
  readonly days: number;
}

/** Result of the activity `publish`; `moved` means that another publish came first and the plan has to be made again. */
export type PublishResult = { readonly outcome: 'moved' } | PublishedResult;

/** What a publish left: a snapshot of its own, or the one before when nothing differs from it. */
export interface PublishedResult {
  readonly outcome: 'committed' | 'unchanged';
  readonly snapshot: string;
  readonly eventDays: readonly Day[];
  readonly tablesWritten: readonly string[];
  /** Null when no value of a complete day was changed. */
  readonly restated: RestatedCount | null;
}

/** Id of the one run that a day can have at a time. */
export function dayWorkflowId(day: Day): string {
  return `questline-day-${day}`;
}

/** Id of the backfill of a range. */
export function backfillWorkflowId(from: Day, to: Day): string {
  return `questline-backfill-${from}-${to}`;
}

/** Names of the messages that runs take, besides the query `progress`. */
export const messages = {
  /** Update of a day's run: a person's decision about the hold. */
  decide: 'decide',
  /** Query of a day's run: the hold, or null. */
  hold: 'hold',
  /** Signal to a day's run: its raw data may have changed, look again. */
  recheck: 'recheck',
  /** Signal from a day's run to the backfill that started it. */
  dayHeld: 'dayHeld',
  /** Updates of a run of several days: take no further days, take days again, take so many at once. */
  pause: 'pause',
  resume: 'resume',
  setConcurrency: 'setConcurrency',
} as const;

/** Search attributes that runs carry in Temporal, all of type Keyword. */
export const searchAttributes = {
  day: 'QuestlineDay',
  stage: 'QuestlineStage',
  verdict: 'QuestlineVerdict',
  trigger: 'QuestlineTrigger',
} as const;
