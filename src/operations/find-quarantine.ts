import { type ArrivalInputs, arrivalIdentity, pinArrival } from '../activities/inputs.ts';
import { findReading } from '../activities/read-inputs.ts';
import type { Config } from '../config/schema.ts';
import type { ArrivalReading } from '../domain/arrival.ts';
import type { Day } from '../domain/day.ts';
import type { ObjectStore } from '../storage/object-store.ts';
import type { Replay } from '../storage/replays.ts';
import { Refused } from './refused.ts';

/** A day's raw objects as they are, and what became of their lines when they were last read so; null when they were not. */
export interface DayQuarantine {
  readonly inputs: ArrivalInputs;
  readonly reading: ArrivalReading | null;
}

/** Finds what became of a day's lines. */
export async function findQuarantine(store: ObjectStore, config: Config, day: Day): Promise<DayQuarantine> {
  const inputs = await pinArrival(store, day);
  const reading =
    inputs.objects.length === 0 ? null : await findReading(store, config, day, arrivalIdentity(inputs));
  return { inputs, reading };
}

/** The reading of a day that has to have been validated as it is. */
export async function findReadDay(store: ObjectStore, config: Config, day: Day): Promise<ArrivalReading> {
  const { inputs, reading } = await findQuarantine(store, config, day);
  if (reading === null) throw explainUnread(day, inputs);
  return reading;
}

/**
 * The reading that the lines of these places were taken out of: of the day as it is, or as it was before a replay of just these
 * lines that no run has seen yet. `awaited` is that replay.
 */
export async function findMendableDay(
  store: ObjectStore,
  config: Config,
  day: Day,
  isTaken: (object: string, line: number) => boolean,
): Promise<{ readonly reading: ArrivalReading; readonly awaited: Replay | null }> {
  const { inputs, reading } = await findQuarantine(store, config, day);
  if (reading !== null) return { reading, awaited: null };
  const isOfThese = ({ replaces }: Replay) =>
    Object.entries(replaces).every(([object, lines]) => lines.every((line) => isTaken(object, line)));
  for (const awaited of inputs.replays.filter(isOfThese)) {
    const before = {
      objects: inputs.objects.filter(({ key }) => key !== awaited.object),
      replays: inputs.replays.filter((replay) => replay !== awaited),
    };
    const found = await findReading(store, config, day, arrivalIdentity(before));
    if (found !== null) return { reading: found, awaited };
  }
  throw explainUnread(day, inputs);
}

function explainUnread(day: Day, { objects }: ArrivalInputs): Refused {
  return new Refused(
    objects.length === 0
      ? `Nothing landed for ${day}, so nothing is in its quarantine. Land its files: npx questline land PATH --day ${day}`
      : `${day} has not been read since its raw data or the configuration changed, so which of its lines are rejected is not known. Run it: npx questline run ${day}`,
  );
}
