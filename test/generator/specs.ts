import { createHash } from 'node:crypto';
import { loadPreset } from '../../src/config/load-preset.ts';
import { addDays, type Day, daysBetween } from '../../src/domain/day.ts';
import { type DefectRates, defectKinds, type GameModel } from '../../src/domain/game-model.ts';
import { DayCount } from '../../src/generator/day-count.ts';
import { type FileSummary, generateFile } from '../../src/generator/generate-file.ts';
import { generateProfiles } from '../../src/generator/generate-profiles.ts';
import type { ScenarioName } from '../../src/generator/scenarios.ts';
import { Simulation } from '../../src/generator/simulation.ts';
import type { GeneratorSpec, OutputSpec } from '../../src/generator/spec.ts';
import { type DayTruth, describeDay } from '../../src/generator/truth.ts';
import { parseObject } from './read-line.ts';

/** No defect at all. */
export const clean = Object.fromEntries(defectKinds.map((kind) => [kind, 0])) as Record<
  (typeof defectKinds)[number],
  number
>;

/** A spec of a preset, one plain file a day. */
export function specFor(
  preset: string,
  changes: {
    readonly seed?: number;
    readonly players?: number;
    readonly defects?: Partial<DefectRates>;
    readonly model?: Partial<GameModel>;
    readonly scenario?: ScenarioName;
    readonly output?: Partial<OutputSpec>;
  } = {},
): GeneratorSpec {
  const { seed = 1, players, defects, scenario = null, output } = changes;
  const model = { ...loadPreset(preset, { players, defects }), ...changes.model };
  const plain = { format: 'ndjson', compression: 'none', files: 1 } as const;
  return { seed, model, scenario, output: { ...plain, ...output } };
}

/** The days of a spec's calendar, or its first ones. */
export function daysOf({ model }: GeneratorSpec, count = model.acquisition.calendarDays): Day[] {
  return Array.from({ length: count }, (_, n) => addDays(model.launchDay, n));
}

/** One made day: its files, as chunks and text, and its truth. */
export interface MadeDay {
  readonly chunks: readonly Buffer[];
  readonly text: string;
  readonly summaries: readonly FileSummary[];
  readonly truth: DayTruth;
}

/** Makes one day, alone or as the next of a simulation. */
export function makeDay(source: GeneratorSpec | Simulation, day: Day): MadeDay {
  const simulation = source instanceof Simulation ? source : new Simulation(source);
  const { spec } = simulation;
  const count = new DayCount(simulation, daysBetween(spec.model.launchDay, day));
  const chunks: Buffer[] = [];
  const summaries = Array.from({ length: spec.output.files }, (_, file) => {
    const made = generateFile(simulation, count, file);
    for (let step = made.next(); ; step = made.next()) {
      if (step.done === true) return step.value;
      chunks.push(step.value);
    }
  });
  const identity = { spec: '', preset: '', scenario: spec.scenario, seed: spec.seed, players: 0 };
  const objects = summaries.map((summary, file) => ({ key: String(file), ...summary }));
  const truth = describeDay(spec.model.launchDay, identity, count, objects);
  return { chunks, text: Buffer.concat(chunks).toString('latin1'), summaries, truth };
}

/** The lines of a text of which each ends with a line end. */
export function linesOf(text: string): string[] {
  return text.split('\n').slice(0, -1);
}

/** The profiles of a spec. */
export function makeProfiles(spec: GeneratorSpec): Readonly<Record<string, unknown>>[] {
  const text = Buffer.concat([...generateProfiles(new Simulation(spec))]).toString('utf8');
  return linesOf(text).map((line) => parseObject(line) ?? {});
}

/** SHA-256 in hex. */
export function hashOf(...parts: readonly (string | Buffer)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}
