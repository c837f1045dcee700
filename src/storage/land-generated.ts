import { createHash } from 'node:crypto';
import { Readable, Transform } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createGzip, createZstdCompress } from 'node:zlib';
import { type Day, daysBetween } from '../domain/day.ts';
import { DayCount } from '../generator/day-count.ts';
import { type FileSummary, generateFile, type OnPlayer } from '../generator/generate-file.ts';
import { generateProfiles } from '../generator/generate-profiles.ts';
import type { Simulation } from '../generator/simulation.ts';
import type { GeneratorSpec, OutputSpec } from '../generator/spec.ts';
import {
  type DayTruth,
  describeDay,
  type GeneratorIdentity,
  type RangeTruth,
  type TruthObject,
} from '../generator/truth.ts';
import { keys } from './keys.ts';
import { isStorageError, type ObjectSink } from './object-store.ts';
import { nameOf } from './sha256.ts';

/** Changes when the generator makes other events of the same spec, so that nobody takes old ones for new. */
const generatorVersion = 3;

/** Beginning of the file names of generated objects. */
export const generatedPrefix = 'generated-';

/** Bytes that a cut-off archive lacks at its end. */
const CUT_BYTES = 64;

/** The name that all objects of a spec carry: another spec has another. */
export function nameOfSpec(spec: GeneratorSpec): string {
  return nameOf({ generatorVersion, spec });
}

/** The keys of the objects in which a spec's events of a day land. */
export function generatedKeys(spec: GeneratorSpec, day: Day): string[] {
  const { files, format, compression } = spec.output;
  const suffix = { none: '', gzip: '.gz', zstd: '.zst' }[compression];
  const width = String(files).length;
  return Array.from({ length: files }, (_, file) => {
    const part = files === 1 ? '' : `-${String(file + 1).padStart(width, '0')}-of-${files}`;
    return keys.rawObject(day, `${generatedPrefix}${nameOfSpec(spec)}${part}.${format}${suffix}`);
  });
}

/** Told, while a day is landed, which of its objects is at work, from 1. */
export type OnObject = (object: number, of: number) => void;

/**
 * Lands one day of a simulation in a bucket or folder, and its truth when all objects are there. An object that is there
 * already is not written again, so that a landing that was cut off goes on where it was; one without events is not written.
 */
export async function landGeneratedDay(
  sink: ObjectSink,
  simulation: Simulation,
  generator: GeneratorIdentity,
  day: Day,
  { onObject = () => {}, onPlayer }: { readonly onObject?: OnObject; readonly onPlayer?: OnPlayer } = {},
): Promise<DayTruth> {
  const { spec } = simulation;
  const count = new DayCount(simulation, daysBetween(spec.model.launchDay, day));
  const present = await listKeys(sink, keys.rawDay(day));
  const objects: TruthObject[] = [];
  const names = generatedKeys(spec, day);
  for (const [file, key] of names.entries()) {
    onObject(file + 1, names.length);
    const made = generateFile(simulation, count, file, onPlayer);
    const write = (chunks: AsyncIterable<Buffer>) =>
      sink.write(key, compress(chunks, spec.output.compression, !count.readable));
    const summary = await passOn(made, present.has(key) ? null : write);
    if (summary.lines > 0) objects.push({ key, ...summary });
  }
  const truth = describeDay(spec.model.launchDay, generator, count, objects);
  await sink.write(keys.truth(day), Buffer.from(`${JSON.stringify(truth, null, 2)}\n`));
  return truth;
}

/** Writes the truth of a range beside that of its days, and returns its key. */
export async function landRangeTruth(sink: ObjectSink, truth: RangeTruth): Promise<string> {
  const key = keys.rangeTruth(truth);
  await sink.write(key, Buffer.from(`${JSON.stringify(truth, null, 2)}\n`));
  return key;
}

/** Writes the profiles of a simulation's players, unless the same ones are there, and returns their key. */
export async function landGeneratedProfiles(sink: ObjectSink, simulation: Simulation): Promise<string> {
  const hash = createHash('sha256');
  for (const chunk of generateProfiles(simulation)) hash.update(chunk);
  const key = `${keys.profiles}${generatedPrefix}${hash.digest('hex').slice(0, 24)}.ndjson`;
  if ((await listKeys(sink, key)).has(key)) return key;
  try {
    await sink.write(key, Readable.from(generateProfiles(simulation)), { ifAbsent: true });
  } catch (error) {
    if (!isStorageError(error, 'conflict')) throw error;
  }
  return key;
}

/** The keys of all objects under a prefix. */
export async function listKeys(sink: ObjectSink, prefix: string): Promise<Set<string>> {
  const present = new Set<string>();
  for await (const { key } of sink.list(prefix)) present.add(key);
  return present;
}

/** Passes on a file's chunks, of which there have to be some, and returns what it holds. */
async function passOn(
  made: Generator<Buffer, FileSummary>,
  write: ((chunks: AsyncIterable<Buffer>) => Promise<unknown>) | null,
): Promise<FileSummary> {
  let step = made.next();
  const skipTurns = async () => {
    while (step.done !== true && step.value.length === 0) {
      await nextTurn();
      step = made.next();
    }
  };
  async function* chunks(): AsyncGenerator<Buffer> {
    while (step.done !== true) {
      yield step.value;
      step = made.next();
      await skipTurns();
    }
  }
  await skipTurns();
  if (step.done !== true && write !== null) await write(chunks());
  for await (const _ of chunks());
  return step.value as FileSummary;
}

function compress(
  chunks: AsyncIterable<Buffer>,
  compression: OutputSpec['compression'],
  cutOff: boolean,
): Readable {
  const source = Readable.from(chunks);
  if (compression === 'none') return source;
  const archive = compression === 'gzip' ? createGzip({ level: 3 }) : createZstdCompress();
  source.on('error', (error) => archive.destroy(error));
  const packed = source.pipe(archive);
  return cutOff ? packed.compose(dropEnd(CUT_BYTES)) : packed;
}

/** Lets everything through but the last bytes. */
function dropEnd(bytes: number): Transform {
  let held = Buffer.alloc(0);
  return new Transform({
    transform(chunk: Buffer, _, done) {
      const all = Buffer.concat([held, chunk]);
      const keep = Math.max(0, all.length - bytes);
      held = all.subarray(keep);
      done(null, all.subarray(0, keep));
    },
  });
}
