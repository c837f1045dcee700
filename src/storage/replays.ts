import { z } from 'zod';
import type { Day } from '../domain/day.ts';
import type { InputObject } from '../domain/object-ref.ts';
import { parseStored, readBytes } from './bytes.ts';
import { keys } from './keys.ts';
import { type ObjectStore, StorageError } from './object-store.ts';

/** Mended lines that were landed as an object of their day, and the lines that they replace. */
export interface Replay {
  /** Key of this replay's own document. */
  readonly key: string;
  /** Key of the object that holds the mended lines. */
  readonly object: string;
  /** Object → its lines, 1-based, in order, that are superseded. */
  readonly replaces: Readonly<Record<string, readonly number[]>>;
}

const replaySchema = z.object({
  object: z.string(),
  replaces: z.record(z.string(), z.array(z.int().positive())),
});

/** The replays of a day whose mended lines are among its inputs, in key order; one that was cut off does not count. */
export async function readReplays(
  store: ObjectStore,
  day: Day,
  inputs: readonly InputObject[],
): Promise<Replay[]> {
  const present = new Set(inputs.map(({ key }) => key));
  const replays: Replay[] = [];
  for await (const { key } of store.list(keys.replays(day))) {
    const bytes = await readBytes(store, key);
    if (bytes === null) throw new StorageError('not-found', `${key} went away while it was read.`);
    const replay = parseStored(key, bytes, replaySchema);
    if (present.has(replay.object)) replays.push({ key, ...replay });
  }
  return replays;
}

/** The superseded lines of each object → key of the object that replaces them; of several replays the last one counts. */
export function mapSuperseded(replays: readonly Replay[]): Map<string, Map<number, string>> {
  const superseded = new Map<string, Map<number, string>>();
  for (const { object, replaces } of replays) {
    for (const [key, lines] of Object.entries(replaces)) {
      const known = superseded.get(key) ?? new Map<number, string>();
      superseded.set(key, known);
      for (const line of lines) known.set(line, object);
    }
  }
  return superseded;
}
