import { type ScheduleDescription, type ScheduleOptions, ScheduleOverlapPolicy } from '@temporalio/client';
import type { Config } from '../config/schema.ts';
import type { DailyInput } from '../workflows/daily.ts';

const overlaps = {
  skip: ScheduleOverlapPolicy.SKIP,
  buffer_one: ScheduleOverlapPolicy.BUFFER_ONE,
  buffer_all: ScheduleOverlapPolicy.BUFFER_ALL,
  allow_all: ScheduleOverlapPolicy.ALLOW_ALL,
} as const;

const HOUR_MS = 3_600_000;

/** What a schedule does, by the configuration's names. */
export interface SchedulePlan {
  /** HH:MM in UTC, or `other times` for what this configuration can't say. */
  readonly timeOfDay: string;
  readonly dayOffset: number;
  readonly overlap: string;
  readonly catchupHours: number;
  /** Workflow type, workflow id and task queue. */
  readonly runs: string;
}

/** The plan as the configuration has it. */
export function planOf({ schedule, worker }: Config): SchedulePlan {
  const { timeOfDay, dayOffset, overlap, catchupHours, id } = schedule;
  return {
    timeOfDay,
    dayOffset,
    overlap,
    catchupHours,
    runs: `dailyWorkflow ${id} on ${worker.orchestrationQueue}`,
  };
}

/** The schedule that the configuration describes, as Temporal takes it. */
export function optionsOf({ schedule, worker }: Config): ScheduleOptions {
  const [hour, minute] = schedule.timeOfDay.split(':').map(Number) as [number, number];
  const input: DailyInput = { dayOffset: schedule.dayOffset };
  return {
    scheduleId: schedule.id,
    spec: { calendars: [{ hour, minute, comment: `daily at ${schedule.timeOfDay} UTC` }], timezone: 'UTC' },
    action: {
      type: 'startWorkflow',
      workflowType: 'dailyWorkflow',
      workflowId: schedule.id,
      taskQueue: worker.orchestrationQueue,
      args: [input],
    },
    policies: {
      overlap: overlaps[schedule.overlap],
      catchupWindow: `${schedule.catchupHours}h`,
      pauseOnFailure: false,
    },
  };
}

/** The plan that the server follows. */
export function planOnServer({ spec, action, policies }: ScheduleDescription): SchedulePlan {
  const [input] = (action.args ?? []) as Partial<DailyInput>[];
  const overlap = Object.entries(overlaps).find(([, policy]) => policy === policies.overlap)?.[0];
  return {
    timeOfDay: timeOfDayOf(spec),
    dayOffset: input?.dayOffset ?? Number.NaN,
    overlap: overlap ?? String(policies.overlap),
    catchupHours: policies.catchupWindow / HOUR_MS,
    runs: `${action.workflowType} ${action.workflowId} on ${action.taskQueue}`,
  };
}

/** In what a plan on the server differs from the configuration's, a sentence each. */
export function listDifferences(there: SchedulePlan, wanted: SchedulePlan): string[] {
  const names = Object.keys(wanted) as (keyof SchedulePlan)[];
  return names
    .filter((name) => there[name] !== wanted[name])
    .map((name) => `${name} is ${there[name]}, in the configuration ${wanted[name]}`);
}

function timeOfDayOf({
  calendars = [],
  intervals = [],
  skip = [],
  ...spec
}: ScheduleDescription['spec']): string {
  const [daily] = calendars;
  const isPlain = calendars.length === 1 && intervals.length === 0 && skip.length === 0;
  const isBound =
    spec.startAt !== undefined || spec.endAt !== undefined || (spec.timezone ?? 'UTC') !== 'UTC';
  if (daily === undefined || !isPlain || isBound || !isEveryDay(daily)) return 'other times';
  const [hour, minute] = [onlyValue(daily.hour), onlyValue(daily.minute)];
  if (hour === null || minute === null || onlyValue(daily.second) !== 0) return 'other times';
  return [hour, minute].map((part) => String(part).padStart(2, '0')).join(':');
}

type Calendar = NonNullable<ScheduleDescription['spec']['calendars']>[number];

function isEveryDay({ dayOfMonth, month, dayOfWeek, year }: Calendar): boolean {
  const spans = [dayOfMonth, month, dayOfWeek].map((ranges) =>
    ranges.map(({ start, end, step }) => `${start}-${end}/${step}`).join(),
  );
  return spans.join(' ') === '1-31/1 JANUARY-DECEMBER/1 SUNDAY-SATURDAY/1' && year.length === 0;
}

function onlyValue(ranges: Calendar['hour']): number | null {
  const [range] = ranges;
  return ranges.length === 1 && range !== undefined && range.start === range.end ? range.start : null;
}
