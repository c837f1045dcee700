import type { Config } from '../config/schema.ts';
import type { Day } from '../domain/day.ts';
import { TerminalError } from '../domain/failure.ts';
import type { GenerateRequest, GenerateResult } from '../domain/pipeline.ts';
import type { GeneratorSpec } from '../generator/spec.ts';
import { keys } from '../storage/keys.ts';
import {
  generatedKey,
  generatedPrefix,
  generatedProfilesKey,
  landGeneratedDay,
  landGeneratedProfiles,
} from '../storage/land-generated.ts';
import type { ObjectStore } from '../storage/object-store.ts';
import type { Dependencies } from './dependencies.ts';
import type { StageContext } from './heartbeat.ts';

/** The generator's spec: players and seed as asked for, the rest from the config. */
export function specOf(config: Config, request: GenerateRequest): GeneratorSpec {
  const { launchDay, defects } = config.generator;
  return { seed: request.seed, players: request.players, launchDay, defects };
}

/**
 * Makes the synthetic events of one arrival day, once. A day that holds landed data is left alone; one that holds events of
 * another seed or number of players is an `InvalidRequest`, since raw data is never replaced.
 */
export async function generateArrival(
  deps: Dependencies,
  stage: StageContext,
  { day, request }: { readonly day: Day; readonly request: GenerateRequest },
): Promise<GenerateResult> {
  const spec = specOf(deps.config, request);
  const key = generatedKey(spec, day);
  const skipped = await findReasonToSkip(deps.store, day, key);
  if (skipped !== null) return { skipped, key: skipped === 'made-before' ? key : null, events: 0, bytes: 0 };
  checkLaunch(spec, day);
  stage.tell(`generating ${spec.players} players`);
  if ((await deps.store.head(generatedProfilesKey(spec))) === null)
    await landGeneratedProfiles(deps.store, spec);
  const { events, bytes } = await landGeneratedDay(deps.store, spec, day);
  return { skipped: null, key, events, bytes };
}

/** Why a day's synthetic events need not or must not be made, or null. */
export async function findReasonToSkip(
  store: ObjectStore,
  day: Day,
  key: string,
): Promise<'made-before' | 'landed-data' | null> {
  const present: string[] = [];
  for await (const object of store.list(keys.rawDay(day))) present.push(object.key);
  if (present.includes(key)) return 'made-before';
  const others = present.filter((name) => name.startsWith(keys.rawObject(day, generatedPrefix)));
  if (others.length > 0) {
    throw new TerminalError(
      'InvalidRequest',
      `${day} holds generated events of another seed, number of players or generator setting (${others[0]}). Use the same ones, or another bucket.`,
      { day, present: others },
    );
  }
  return present.length > 0 ? 'landed-data' : null;
}

/** Refuses a day before the synthetic game was launched. */
export function checkLaunch(spec: GeneratorSpec, day: Day): void {
  if (day >= spec.launchDay) return;
  throw new TerminalError(
    'InvalidRequest',
    `${day} is before generator.launchDay, ${spec.launchDay}: nobody played yet. Give a later day, or set an earlier launch.`,
    { day, launchDay: spec.launchDay },
  );
}
