import { z } from 'zod';
import type { Day } from '../domain/day.ts';
import { comparePlaces, describePlace, type RawPlace } from '../domain/kept-line.ts';
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
 * The superseded lines of each object → key of the object that has the line in their place. A mended line may be mended again, and two
 * replays of a line may land at once: of all that stand for one line of the game's, the one that was mended most often counts, among
 * equals the last by key, so that none is there twice and none is lost.
 */
export function mapSuperseded(replays: readonly Replay[]): Map<string, Map<number, string>> {
  const mended = replays.flatMap(listMended);
  const origins = new Map(mended.map(({ place, original }) => [describePlace(place), original]));
  const latest = new Map<string, { readonly place: RawPlace; readonly depth: number }>();
  const traced = mended.map(({ place, original }) => {
    const { root, depth } = trace(origins, original, replays.length);
    if (depth >= (latest.get(root)?.depth ?? 0)) latest.set(root, { place, depth });
    return { place, original, root };
  });
  const superseded = new Map<string, Map<number, string>>();
  const supersede = ({ object, line }: RawPlace, by: string) =>
    superseded.set(object, (superseded.get(object) ?? new Map<number, string>()).set(line, by));
  for (const { place, original, root } of traced) {
    const last = latest.get(root)?.place ?? place;
    supersede(original, last.object);
    if (comparePlaces(place, last) !== 0) supersede(place, last.object);
  }
  return superseded;
}

/** A replay's mended lines: where each stands, and what it was mended from. */
function listMended({
  object,
  replaces,
}: Replay): { readonly place: RawPlace; readonly original: RawPlace }[] {
  return Object.entries(replaces)
    .flatMap(([of, lines]) => lines.map((line) => ({ object: of, line })))
    .map((original, n) => ({ place: { object, line: n + 1 }, original }));
}

/** The line that was no mended one, and how often it was mended. */
function trace(
  origins: ReadonlyMap<string, RawPlace>,
  original: RawPlace,
  most: number,
): { readonly root: string; readonly depth: number } {
  let [root, depth] = [describePlace(original), 1];
  for (let before = origins.get(root); before !== undefined && depth <= most; before = origins.get(root)) {
    root = describePlace(before);
    depth += 1;
  }
  return { root, depth };
}
