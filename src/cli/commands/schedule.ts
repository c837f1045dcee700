import {
  ScheduleAlreadyRunning,
  type ScheduleHandle,
  ScheduleNotFoundError,
  type ScheduleOptions,
  ScheduleOverlapPolicy,
} from '@temporalio/client';
import type { Config } from '../../config/schema.ts';
import type { DailyInput } from '../../workflows/daily.ts';
import { printJson, printTable, say } from '../output.ts';
import { type Session, withSession } from '../session.ts';
import { CommandFailed } from '../usage-error.ts';

const overlaps = {
  skip: ScheduleOverlapPolicy.SKIP,
  buffer_one: ScheduleOverlapPolicy.BUFFER_ONE,
  buffer_all: ScheduleOverlapPolicy.BUFFER_ALL,
  allow_all: ScheduleOverlapPolicy.ALLOW_ALL,
} as const;

/** `questline schedule apply`: creates the schedule, or updates it and leaves a pause as it is. */
export async function applySchedule({ json = false }: { readonly json?: boolean }): Promise<void> {
  await withSession(async (session) => {
    const client = await session.temporal();
    const wanted = describeSchedule(session.config);
    let done = 'created';
    try {
      await client.schedule.create(wanted);
    } catch (error) {
      if (!(error instanceof ScheduleAlreadyRunning)) throw error;
      done = 'updated';
      const { spec, policies } = wanted;
      const action = wanted.action;
      await handleOf(session, client).update((before) => ({
        ...before,
        spec,
        action,
        ...(policies === undefined ? {} : { policies }),
      }));
    }
    if (!json) say(`${wanted.scheduleId} is ${done}.`);
    await show(session, json);
  });
}

/** `questline schedule show`. */
export async function showSchedule({ json = false }: { readonly json?: boolean }): Promise<void> {
  await withSession((session) => show(session, json));
}

/** `questline schedule pause`. */
export async function pauseSchedule({ note }: { readonly note: string }): Promise<void> {
  await change((handle) => handle.pause(note), 'paused');
}

/** `questline schedule resume`. */
export async function resumeSchedule({ note }: { readonly note: string }): Promise<void> {
  await change((handle) => handle.unpause(note), 'resumed');
}

/** `questline schedule remove`. */
export async function removeSchedule(): Promise<void> {
  await change((handle) => handle.delete(), 'removed');
}

function describeSchedule({ schedule, worker }: Config): ScheduleOptions {
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

function handleOf(session: Session, client: Awaited<ReturnType<Session['temporal']>>): ScheduleHandle {
  return client.schedule.getHandle(session.config.schedule.id);
}

async function change(act: (handle: ScheduleHandle) => Promise<unknown>, done: string): Promise<void> {
  await withSession(async (session) => {
    const handle = handleOf(session, await session.temporal());
    await orNotThere(act(handle), handle.scheduleId);
    say(`${handle.scheduleId} is ${done}.`);
  });
}

async function orNotThere<T>(request: Promise<T>, id: string): Promise<T> {
  try {
    return await request;
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error;
    throw new CommandFailed(`There is no schedule ${id}. Create it with npx questline schedule apply.`);
  }
}

async function show(session: Session, json: boolean): Promise<void> {
  const handle = handleOf(session, await session.temporal());
  const { state, info, spec, policies } = await orNotThere(handle.describe(), handle.scheduleId);
  const next = info.nextActionTimes.map((time) => time.toISOString());
  const last = info.recentActions.map(({ scheduledAt, takenAt, action }) => ({
    nominal: scheduledAt.toISOString(),
    started: takenAt.toISOString(),
    workflowId: action.workflow.workflowId,
  }));
  if (json)
    return printJson({
      id: handle.scheduleId,
      paused: state.paused,
      note: state.note ?? null,
      next,
      last,
      spec,
      policies,
    });
  const { timeOfDay, dayOffset, overlap, catchupHours } = session.config.schedule;
  say(`${handle.scheduleId}: ${state.paused ? `paused (${state.note ?? 'no note'})` : 'active'}`);
  say(`daily at ${timeOfDay} UTC, day offset ${dayOffset}, overlap ${overlap}, catch-up ${catchupHours} h`);
  printTable(
    [
      { head: 'nominal time', value: (row) => row.nominal },
      { head: 'run', value: (row) => row.run },
    ],
    [
      ...last.map(({ nominal, workflowId }) => ({ nominal, run: workflowId })),
      ...next.slice(0, 10).map((nominal) => ({ nominal, run: 'to come' })),
    ],
  );
}
