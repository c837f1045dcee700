import { canonicalJson } from '../domain/canonical-json.ts';
import type { Day } from '../domain/day.ts';
import type { RawPlace } from '../domain/kept-line.ts';
import { writeOnce } from './bytes.ts';
import { keys } from './keys.ts';
import type { ObjectStore } from './object-store.ts';
import type { Replay } from './replays.ts';
import { nameOf, sha256 } from './sha256.ts';

/** A replay that can be landed: the mended lines as one object, and the document that names what they replace. */
export interface PackedReplay extends Replay {
  /** NDJSON, in the order of `replaces`. */
  readonly body: Buffer;
}

const LF = Buffer.of(10);

/**
 * Packs mended lines, in the order of their places, under names that follow from the lines and the places alone: the same ones are
 * the same replay.
 */
export function packReplay(
  day: Day,
  mended: readonly (RawPlace & { readonly bytes: Buffer })[],
): PackedReplay {
  const body = Buffer.concat(mended.flatMap(({ bytes }) => [bytes, LF]));
  const replaces: Record<string, number[]> = {};
  for (const { object, line } of mended) (replaces[object] ??= []).push(line);
  const name = nameOf({ replaces, lines: sha256(body) });
  return {
    key: keys.replay(day, name),
    object: keys.replayLines(day, name),
    replaces,
    body,
  };
}

/** Whether a replay has been landed. */
export async function isLanded(store: ObjectStore, { key, object }: PackedReplay): Promise<boolean> {
  const heads = await Promise.all([store.head(key), store.head(object)]);
  return heads.every((head) => head !== null);
}

/**
 * Lands a replay, once. The document goes first, since it counts for nothing without its object: with the object, the mended lines
 * come and the originals are superseded in one. One that was cut off between the two is completed by the next.
 */
export async function landReplay(
  store: ObjectStore,
  packed: PackedReplay,
): Promise<'landed' | 'there already'> {
  if (await isLanded(store, packed)) return 'there already';
  await noteReplay(store, packed);
  await writeOnce(store, packed.object, packed.body);
  return 'landed';
}

/** Writes the document of a replay: the first half of landing it. */
export async function noteReplay(store: ObjectStore, { key, object, replaces }: PackedReplay): Promise<void> {
  await writeOnce(store, key, Buffer.from(canonicalJson({ object, replaces })));
}
