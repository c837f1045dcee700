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
  /** Object → its lines, 1-based, that are superseded; both in order, which is the order of the mended lines. */
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

/**
 * The superseded lines of each object → key of the object that replaces them. When two replays that were landed at once replace the
 * same line, the last of them counts, and the mended line of the other is superseded too, so that none is there twice.
 */
export function mapSuperseded(replays: readonly Replay[]): Map<string, Map<number, string>> {
  const superseded = new Map<string, Map<number, string>>();
  const mended = new Map<string, { readonly object: string; readonly line: number }>();
  const supersede = (key: string, line: number, by: string) => {
    const known = superseded.get(key) ?? new Map<number, string>();
    superseded.set(key, known.set(line, by));
  };
  for (const { object, replaces } of replays) {
    const places = Object.entries(replaces).flatMap(([key, lines]) => lines.map((line) => ({ key, line })));
    for (const [n, { key, line }] of places.entries()) {
      const other = mended.get(`${key}:${line}`);
      if (other !== undefined) supersede(other.object, other.line, object);
      mended.set(`${key}:${line}`, { object, line: n + 1 });
      supersede(key, line, object);
    }
  }
  return superseded;
}
