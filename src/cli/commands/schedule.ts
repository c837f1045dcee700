import { userInfo } from 'node:os';
import {
  type Client,
  ScheduleAlreadyRunning,
  type ScheduleDescription,
  type ScheduleHandle,
  ScheduleNotFoundError,
} from '@temporalio/client';
import { say } from '../output.ts';
import { optionsOf } from '../schedule-plan.ts';
import { type Session, withSession } from '../session.ts';
import { showDescription } from '../show-schedule.ts';
import { CommandFailed, UsageError } from '../usage-error.ts';

interface NoteOptions {
  readonly note: string;
  readonly by?: string;
}

/** `questline schedule apply`: creates the schedule, or updates it and leaves a pause as it is. */
export async function applySchedule({ json = false }: { readonly json?: boolean }): Promise<void> {
  await withSession(async (session) => {
    const client = await session.temporal();
    const wanted = optionsOf(session.config);
    let done = 'created';
    try {
      await client.schedule.create(wanted);
    } catch (error) {
      if (!(error instanceof ScheduleAlreadyRunning)) throw error;
      done = 'as the configuration says';
      const { spec, action, policies = {} } = wanted;
      await handleOf(session, client).update((before) => ({ ...before, spec, action, policies }));
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
export async function pauseSchedule(options: NoteOptions): Promise<void> {
  const note = signNote(options);
  await change((handle) => handle.pause(note), `paused: ${note}`);
}

/** `questline schedule resume`. */
export async function resumeSchedule(options: NoteOptions): Promise<void> {
  const note = signNote(options);
  await change((handle) => handle.unpause(note), `active: ${note}`);
}

/** `questline schedule remove`. */
export async function removeSchedule(): Promise<void> {
  await change((handle) => handle.delete(), 'removed.');
}

/** The note with who wrote it and when, since Temporal keeps neither. */
function signNote({ note, by = findUser() }: NoteOptions): string {
  for (const [name, value] of Object.entries({ note, by })) {
    if (value.trim() === '') throw new UsageError(`--${name} is empty; expected text: who does it, and why.`);
  }
  return `${note.trim()} (${by.trim()}, ${new Date().toISOString().slice(0, 19)}Z)`;
}

function findUser(): string {
  try {
    return userInfo().username;
  } catch {
    throw new UsageError('This system does not know your name. Give --by.');
  }
}

function handleOf(session: Session, client: Client): ScheduleHandle {
  return client.schedule.getHandle(session.config.schedule.id);
}

async function change(act: (handle: ScheduleHandle) => Promise<unknown>, done: string): Promise<void> {
  await withSession(async (session) => {
    const handle = handleOf(session, await session.temporal());
    await orNotThere(act(handle), handle.scheduleId);
    say(`${handle.scheduleId} is ${done}`);
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
  const client = await session.temporal();
  const handle = handleOf(session, client);
  const description: ScheduleDescription = await orNotThere(handle.describe(), handle.scheduleId);
  await showDescription(session, client, description, json);
}
