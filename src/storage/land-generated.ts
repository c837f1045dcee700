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

/** How far a day's landing is. */
export interface LandingProgress {
  /** Which of the day's objects is at work, from 1. */
  readonly object: number;
  readonly of: number;
  /** Events of the day so far, as they happened. */
  readonly events: number;
}

/** Told what goes on while a day is landed; what `onTurn` throws ends the landing. */
export interface LandingWatcher {
  /** Called when an object begins, and each time that some hundred players were played. */
  readonly onTurn?: (progress: LandingProgress) => void;
  readonly onPlayer?: OnPlayer;
}

/**
 * Lands one day of a simulation in a bucket or folder, and its truth when all objects are there. An object that is there
 * already is not written again, so that a landing that was cut off goes on where it was; one without events is not written.
 */
export async function landGeneratedDay(
  sink: ObjectSink,
  simulation: Simulation,
  generator: GeneratorIdentity,
  day: Day,
  { onTurn = () => {}, onPlayer }: LandingWatcher = {},
): Promise<DayTruth> {
  const { spec } = simulation;
  const count = new DayCount(simulation, daysBetween(spec.model.launchDay, day));
  const present = await listKeys(sink, keys.rawDay(day));
  const objects: TruthObject[] = [];
  const names = generatedKeys(spec, day);
  for (const [file, key] of names.entries()) {
    const tell = () => onTurn({ object: file + 1, of: names.length, events: count.simulated.events });
    const made = generateFile(simulation, count, file, onPlayer);
    const write = (chunks: AsyncIterable<Buffer>) =>
      writeOnce(sink, key, compress(chunks, spec.output.compression, !count.readable));
    tell();
    const summary = await passOn(made, present.has(key) ? null : write, tell);
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
  for (const chunk of generateProfiles(simulation)) {
    hash.update(chunk);
    await nextTurn();
  }
  const key = `${keys.profiles}${generatedPrefix}${hash.digest('hex').slice(0, 24)}.ndjson`;
  if ((await listKeys(sink, key)).has(key)) return key;
  await writeOnce(sink, key, Readable.from(generateProfiles(simulation)));
  return key;
}

/** Writes what another process may be writing too, with the same bytes. */
async function writeOnce(sink: ObjectSink, key: string, body: Readable): Promise<void> {
  try {
    await sink.write(key, body, { ifAbsent: true });
  } catch (error) {
    if (!isStorageError(error, 'conflict')) throw error;
  }
}

/** The keys of all objects under a prefix. */
export async function listKeys(sink: ObjectSink, prefix: string): Promise<Set<string>> {
  const present = new Set<string>();
  for await (const { key } of sink.list(prefix)) present.add(key);
  return present;
}

/**
 * Passes on a file's chunks, of which there have to be some, and returns what it holds; `onTurn` is called for empty ones. An
 * error of the making is thrown as it is, not as the failed write that follows from it.
 */
async function passOn(
  made: Generator<Buffer, FileSummary>,
  write: ((chunks: AsyncIterable<Buffer>) => Promise<void>) | null,
  onTurn: () => void,
): Promise<FileSummary> {
  let step = { value: Buffer.alloc(0) } as IteratorResult<Buffer, FileSummary>;
  let broken = null as { readonly error: unknown } | null;
  const advance = async () => {
    try {
      while (step.done !== true) {
        step = made.next();
        if (step.done === true || step.value.length > 0) return;
        await nextTurn();
        onTurn();
      }
    } catch (error) {
      broken = { error };
      throw error;
    }
  };
  async function* chunks(): AsyncGenerator<Buffer> {
    for (; step.done !== true; await advance()) yield step.value;
  }
  await advance();
  if (step.done !== true && write !== null) {
    await write(chunks()).catch((error: unknown) => {
      throw broken === null ? error : broken.error;
    });
  }
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
