import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createGzip } from 'node:zlib';
import type { Day } from '../domain/day.ts';
import { type DaySummary, generateDay } from '../generator/generate-day.ts';
import { generateProfiles } from '../generator/generate-profiles.ts';
import type { GeneratorSpec } from '../generator/spec.ts';
import { keys } from './keys.ts';
import { isStorageError, type ObjectSink } from './object-store.ts';
import { nameOf } from './sha256.ts';

/** Changes when the generator makes other events of the same spec, so that nobody takes old ones for new. */
const generatorVersion = 2;

/** Beginning of the file names of generated objects. */
export const generatedPrefix = 'generated-';

function nameOfSpec(spec: GeneratorSpec): string {
  return nameOf({ generatorVersion, spec });
}

/** The key under which a spec's events of a day land: another spec has another. */
export function generatedKey(spec: GeneratorSpec, day: Day): string {
  return keys.rawObject(day, `${generatedPrefix}${nameOfSpec(spec)}.ndjson.gz`);
}

/** The key under which a spec's player profiles land. */
export function generatedProfilesKey(spec: GeneratorSpec): string {
  return `${keys.profiles}${generatedPrefix}${nameOfSpec(spec)}.ndjson`;
}

/** Streams one day of synthetic events into a bucket or folder, gzip-compressed, and tells what they hold. */
export async function landGeneratedDay(sink: ObjectSink, spec: GeneratorSpec, day: Day): Promise<DaySummary> {
  const drained: { summary?: DaySummary } = {};
  async function* chunks(): AsyncGenerator<Buffer> {
    const made = generateDay(spec, day);
    for (let step = made.next(); ; step = made.next()) {
      if (step.done === true) {
        drained.summary = step.value;
        return;
      }
      if (step.value.length > 0) yield step.value;
      await nextTurn();
    }
  }
  const source = Readable.from(chunks());
  const gzip = createGzip({ level: 3 });
  source.on('error', (error) => gzip.destroy(error));
  await sink.write(generatedKey(spec, day), source.pipe(gzip));
  if (drained.summary === undefined) throw new Error(`The events of ${day} were not written to their end.`);
  return drained.summary;
}

/** Writes a spec's player profiles unless they are there. */
export async function landGeneratedProfiles(sink: ObjectSink, spec: GeneratorSpec): Promise<void> {
  const body = Buffer.concat([...generateProfiles(spec)]);
  try {
    await sink.write(generatedProfilesKey(spec), body, { ifAbsent: true });
  } catch (error) {
    if (!isStorageError(error, 'conflict')) throw error;
  }
}
