import { rulesOfReading } from '../activities/read-inputs.ts';
import type { Config } from '../config/schema.ts';
import type { Day } from '../domain/day.ts';
import { describePlace, type RawPlace } from '../domain/kept-line.ts';
import type { ReasonCode } from '../domain/reason.ts';
import type { MendedEntry } from '../ingest/mended-entry.ts';
import { planReplay, type ReplayPlan, refuseProblems } from '../query/plan-replay.ts';
import { createHeaderReader } from '../query/read-headers.ts';
import { type Rejection, tryLines } from '../query/try-lines.ts';
import { isLanded, type PackedReplay, packReplay } from '../storage/land-replay.ts';
import type { ObjectCache } from '../storage/object-cache.ts';
import type { ObjectStore } from '../storage/object-store.ts';
import { findMendableDay } from './find-quarantine.ts';
import { Refused } from './refused.ts';

/** A replay that is ready to be landed. */
export interface ReadyReplay extends ReplayPlan {
  readonly packed: PackedReplay;
  readonly wasLanded: boolean;
  /** By the line of `packed`, 1-based. */
  readonly rejections: ReadonlyMap<number, Rejection>;
}

/** What a mended line becomes once its day is run. */
export interface ReplayOutcome extends RawPlace {
  /** 1-based place among the entries. */
  readonly at: number;
  readonly outcome: 'accepted' | 'rejected';
  readonly reason: ReasonCode | null;
  readonly detail: string | null;
}

/** What replays are made with. */
export interface ReplayDependencies {
  readonly config: Config;
  readonly store: ObjectStore;
  readonly cache: ObjectCache;
}

/** Matches mended lines with their day's quarantine and reads them as validate would, landing nothing; `name` is what errors call them. */
export async function prepareReplay(
  { config, store, cache }: ReplayDependencies,
  day: Day,
  name: string,
  entries: readonly MendedEntry[],
): Promise<ReadyReplay> {
  const places = new Set(entries.map(({ from }) => describePlace(from)));
  const isTaken = (object: string, line: number) => places.has(describePlace({ object, line }));
  const { reading, awaited } = await findMendableDay(store, config, day, isTaken);
  const plan = await planReplay(cache, reading, createHeaderReader(store, reading), name, entries);
  if (plan.mended.length === 0) {
    const lines = plan.unchanged === 1 ? 'line' : 'lines';
    throw new Refused(
      `Nothing is mended in ${name} (${plan.unchanged} ${lines}, all as they were taken out), so there is nothing to land.`,
    );
  }
  const packed = packReplay(day, plan.mended);
  const wasLanded = await isLanded(store, packed);
  if (awaited !== null && awaited.object !== packed.object) {
    throw new Refused(
      `${day} has not been run since ${awaited.object} was landed with other versions of these lines. Run it: npx questline run ${day}`,
    );
  }
  if (!wasLanded) refuseSuperseded(name, plan);
  const rejections = await tryLines(packed.body, rulesOfReading(config, day));
  return { ...plan, packed, wasLanded, rejections };
}

function refuseSuperseded(name: string, { superseded }: ReplayPlan): void {
  refuseProblems(
    name,
    superseded.map(
      ({ at, detail, ...place }) =>
        `line ${at}: ${describePlace(place)} was mended before (${detail}). If the mended line was rejected, take that one out`,
    ),
  );
}

/** A replay in numbers, and the object that it is landed as. */
export function summarizeReplay({ packed, mended, unchanged, rejections }: ReadyReplay) {
  return { object: packed.object, mended: mended.length, unchanged, rejectedAgain: rejections.size };
}

/** What each mended line becomes, in the order of the places. */
export function listOutcomes({ mended, rejections }: ReadyReplay): ReplayOutcome[] {
  return mended.map(({ at, object, line }, n) => {
    const { reason = null, detail = null } = rejections.get(n + 1) ?? {};
    return { at, object, line, outcome: reason === null ? 'accepted' : 'rejected', reason, detail };
  });
}
